/** How settings are written in the environment: the text of each kind, and what is said when it is wrong. */
import { z } from 'zod'

const PORT_RULE = 'must be a whole number from 1 to 65535'
export const port = z.coerce.number({ error: PORT_RULE }).int(PORT_RULE).min(1, PORT_RULE).max(65535, PORT_RULE)

/** A number of whatever is limited; 0 for no limit. */
export const perMinute = z.coerce.number({ error: 'must be a whole number, 0 for no limit' }).int().min(0)

const DAYS_RULE = 'must be a whole number of days from 1 to 3650'
/** How long something is kept: up to ten years. */
export const days = z.coerce.number({ error: DAYS_RULE }).int(DAYS_RULE).min(1, DAYS_RULE).max(3650, DAYS_RULE)

const TIMEOUT_RULE = 'must be a whole number of milliseconds from 1 to 30000'
export const timeoutMs = z.coerce
  .number({ error: TIMEOUT_RULE })
  .int(TIMEOUT_RULE)
  .min(1, TIMEOUT_RULE)
  .max(30_000, TIMEOUT_RULE)

/** `on` is true. */
export const onOff = z.enum(['on', 'off'], { error: 'must be on or off' }).transform((value) => value === 'on')

export const secret = z.string().min(32, 'must be at least 32 characters')

/** Domains with commas between them, in small letters. */
export const domains = z
  .string()
  .regex(/^\s*[a-z0-9-]+(\.[a-z0-9-]+)+\s*(,\s*[a-z0-9-]+(\.[a-z0-9-]+)+\s*)*$/i, 'must be domains, such as nhs.net')
  .transform((text) => text.split(',').map((domain) => domain.trim().toLowerCase()))

/** Words with spaces between them. */
export const words = z.string().transform((text) => text.split(/\s+/).filter(Boolean))

export const phone = z.string().regex(/^[+\d][\d ]{5,24}$/, 'must be a telephone number, such as 01632 960 150')
