/** What was asked of the verification report: whose, which area, which quarter; the same for its page and its files. */
import type { FastifyRequest } from 'fastify'
import type { Where } from '#src/directory/area.ts'
import type { ChosenArea } from '#src/directory/area-choices.ts'
import { fieldsOf, lineIn } from '#src/platform/http/form-fields.ts'
import { type FinancialQuarter, parseQuarter, quarterBefore, quarterOf } from '#src/rules/financial-quarter.ts'
import { type LocalDate, londonDateOf } from '#src/rules/london-time.ts'
import { type ReportDeps, unknownAreaMessage, whereOf } from './report-reach.ts'

export type VerificationAsked = {
  readonly where: Where
  readonly chosen: ChosenArea
  /** The quarter that was asked for; this one when none was, or none of which there is a report. */
  readonly quarter: FinancialQuarter
  /** Why another quarter is shown than was asked for; null when it is the same. */
  readonly quarterProblem: string | null
  readonly today: LocalDate
  /** Why there is no file of what was asked. */
  readonly problems: readonly string[]
}

/** Reads what was asked. Throws `Forbidden` for those who see no reports. */
export async function verificationAsked(deps: ReportDeps, request: FastifyRequest): Promise<VerificationAsked> {
  const { where, chosen } = await whereOf(deps, request)
  const today = londonDateOf(deps.clock.now())
  const current = quarterOf(today)
  const text = lineIn(fieldsOf(request.query), 'quarter')
  const asked = parseQuarter(text)
  const quarter = asked && asked.starts <= current.starts ? asked : current
  const quarterProblem = problemOf(text, asked, quarter)
  const problems = [
    ...(quarterProblem === null ? [] : [quarterProblem]),
    ...(chosen.unknown === null ? [] : [unknownAreaMessage(chosen.unknown)]),
  ]
  return { where, chosen, quarter, quarterProblem, today, problems }
}

function problemOf(text: string, asked: FinancialQuarter | undefined, shown: FinancialQuarter): string | null {
  if (text === '' || asked?.id === shown.id) return null
  return asked
    ? `The quarter ${asked.name} is still to come: there is no report of it yet`
    : 'There is no such quarter: quarters are written like 2026-27-Q3'
}

/** This quarter and those before it, the latest first. */
export function lastQuarters(today: LocalDate, many: number): readonly FinancialQuarter[] {
  const quarters = [quarterOf(today)]
  while (quarters.length < many) quarters.push(quarterBefore(quarters.at(-1) as FinancialQuarter))
  return quarters
}

/** The address of the report, or of something that belongs to it, with the same quarter and area. */
export const addressFor =
  ({ quarter, where }: Pick<VerificationAsked, 'quarter' | 'where'>) =>
  (path: string, more: Readonly<Record<string, string>> = {}): string =>
    `${path}?${new URLSearchParams({ quarter: quarter.id, ...(where.area ? { area: where.area } : {}), ...more })}`
