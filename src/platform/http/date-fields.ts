/** A date as three boxes: `PREFIX-day`, `PREFIX-month`, `PREFIX-year`. The month may be a word. */
import type { LocalDate } from '#src/rules/london-time.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { dateFromParts } from '#src/rules/typed-date.ts'
import { type Fields, lineIn } from './form-fields.ts'

const PARTS = ['day', 'month', 'year'] as const

/**
 * Reads a date. `label` names it in messages ("First day"). Undefined when all three boxes are empty.
 * Messages follow the NHS date pattern: what is missing is named; otherwise it "must be a real date".
 */
export function parseDateFields(fields: Fields, prefix: string, label: string): Result<LocalDate> | undefined {
  const typed = PARTS.map((part) => ({ part, text: lineIn(fields, `${prefix}-${part}`) }))
  const missing = typed.filter(({ text }) => text === '').map(({ part }) => part)
  if (missing.length === PARTS.length) return undefined
  if (missing.length > 0) {
    return refused(problem(`${prefix}-${missing[0]}`, 'missing', `${label} must include a ${missing.join(' and a ')}`))
  }
  const [day = '', month = '', year = ''] = typed.map(({ text }) => text)
  if (!/^\d{4}$/.test(year))
    return refused(problem(`${prefix}-year`, 'invalid', `${label} must have a year of 4 numbers`))
  const date = dateFromParts(day, month, year)
  return date ? accepted(date) : refused(problem(`${prefix}-day`, 'unreal', `${label} must be a real date`))
}

/** A date as the three boxes show it. */
export function dateFields(prefix: string, date: LocalDate): Fields {
  const [year = '', month = '', day = ''] = date.split('-')
  return {
    [`${prefix}-day`]: String(Number(day)),
    [`${prefix}-month`]: String(Number(month)),
    [`${prefix}-year`]: year,
  }
}

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
