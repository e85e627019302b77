/** The form with which a professional sends the details of a service: what, by which means, to whom. Pure. */
import { type Fields, lineIn } from '#src/platform/http/form-fields.ts'
import { parseEmail, parsePhone } from '#src/rules/contact-details.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { waysToReach } from '#src/rules/reachable-phone.ts'
import type { SharePart } from './share-details.ts'

export const SHARE_MEANS = ['email', 'text', 'print', 'copy', 'qr'] as const
export type ShareMeans = (typeof SHARE_MEANS)[number]
/** The means by which something leaves us. */
export type SendingMeans = 'email' | 'text'

/** Names that are never kept with a form whose session had ended (`accounts/unsent-form.ts`). */
export const EMAIL_FIELD = 'patient-email'
export const MOBILE_FIELD = 'patient-mobile'

export type AskedShare = {
  readonly parts: readonly SharePart[]
  readonly to:
    | { readonly means: SendingMeans; readonly recipient: string }
    | { readonly means: 'print' | 'copy' | 'qr' }
}

type Offered = { readonly parts: readonly SharePart[]; readonly means: readonly ShareMeans[] }

/** Reads the form. Only what the page offered counts. Problems name its fields. */
export function parseShare(fields: Fields, offered: Offered): Result<AskedShare> {
  const parts = offered.parts.filter((part) => lineIn(fields, partField(part)) === 'yes')
  const means = offered.means.find((each) => each === lineIn(fields, 'means'))
  const to = recipientIn(fields, means)
  const problems = [
    ...(parts.length === 0 ? [NO_PART] : []),
    ...(means === undefined ? [NO_MEANS] : []),
    ...to.problems,
  ]
  if (problems.length > 0 || means === undefined) return refused(...problems)
  if (means !== 'email' && means !== 'text') return accepted({ parts, to: { means } })
  return accepted({ parts, to: { means, recipient: to.recipient } })
}

/** The name of a part's tick. */
export const partField = (part: SharePart): string => `part-${part}`

type Recipient = { readonly recipient: string; readonly problems: readonly Problem[] }

function recipientIn(fields: Fields, means: ShareMeans | undefined): Recipient {
  if (means === 'email') {
    const read = parseEmail(lineIn(fields, EMAIL_FIELD))
    if (read.ok) return { recipient: read.value, problems: [] }
    return { recipient: '', problems: read.problems.map((each) => ({ ...each, field: EMAIL_FIELD })) }
  }
  if (means !== 'text') return { recipient: '', problems: [] }
  const read = parsePhone(lineIn(fields, MOBILE_FIELD))
  if (read.ok && waysToReach(read.value).includes('text')) return { recipient: read.value, problems: [] }
  return { recipient: '', problems: [NO_MOBILE] }
}

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
const NO_PART = problem('part-address', 'empty', 'Select at least one thing to send')
const NO_MEANS = problem('means', 'empty', 'Select how the patient gets it')
const NO_MOBILE = problem(MOBILE_FIELD, 'not-a-mobile', 'Enter a UK mobile number, like 07700 900 982')
/** Nothing is sent to somebody who has not said yes. */
export const NO_CONSENT = problem('consent', 'empty', 'Confirm that the patient has agreed')
