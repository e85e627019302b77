/** The core hours form: body to what was agreed with the NHS, or field problems. No I/O. */
import type { Contract } from '#src/rules/core-hours.ts'
import type { WeeklyHours } from '#src/rules/opening-times.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { type Fields, rawIn } from './fields.ts'
import { parseOpeningTimesForm, weeklyFields } from './opening-times.form.ts'

/** What is agreed, as the form shows it; where nobody has said so yet, the opening hours are where to begin. */
export const contractFields = (contract: Contract | undefined, weekly: WeeklyHours): Fields => ({
  ...(contract ? { condition: contract.condition } : {}),
  ...weeklyFields(contract?.core ?? weekly),
})

/** The standard week asks whether it is right that every day is closed; a contract without core hours is a slip. */
const noneAtAll = (problem: Problem): Problem =>
  problem.field === 'confirm-closed'
    ? { field: 'monday-open', code: 'missing', message: 'Enter your core hours' }
    : problem

/** Reads the form. `shown` is the week that it was opened with. */
export function parseContractForm(fields: Fields, shown: WeeklyHours): Result<Contract> {
  const condition = rawIn(fields, 'condition')
  const core = parseOpeningTimesForm(fields, shown)
  const missing =
    condition === 'forty' || condition === 'hundred'
      ? []
      : [{ field: 'condition', code: 'missing', message: 'Select the kind of contract' }]
  const problems = [...missing, ...(core.ok ? [] : core.problems.map(noneAtAll))]
  if (problems.length > 0 || !core.ok) return refused(...problems)
  return accepted({ condition: condition === 'hundred' ? 'hundred' : 'forty', core: core.value })
}
