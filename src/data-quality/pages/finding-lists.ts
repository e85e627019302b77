/** Lists of findings, as the page of a rule and that of all drift show them. */
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { fieldsOf, lineIn } from '#src/platform/http/form-fields.ts'
import { parsePharmacyCode } from '#src/rules/ods-code.ts'
import { findingsCsv } from '../finding-csv.ts'
import {
  countByRule,
  FINDING_SHOWS,
  FINDINGS_A_PAGE,
  type FindingShow,
  type FindingsQuestion,
  loadFindings,
  type RuleCount,
} from '../findings.ts'
import { pageIn, pagesAround, type QualityDeps, type QualityVisit } from './quality-visit.ts'
import { countWords, type FindingRow, findingRow } from './quality-words.ts'

export type FindingList = {
  readonly heading: string
  readonly filters: readonly { readonly text: string; readonly address: string; readonly isShown: boolean }[]
  readonly rows: readonly FindingRow[]
  readonly csvAddress: string | null
  readonly previous: string | null
  readonly next: string | null
}

const SHOW_WORDS: Readonly<Record<FindingShow, string>> = {
  open: 'To put right',
  exempt: 'Exempt',
  first: 'From before the first comparison',
  closed: 'Gone in the last 30 days',
}

/** The list that the address asks for. `path` is its page, beside which its file lies. */
export async function findingList(
  { db }: QualityDeps,
  request: FastifyRequest,
  visit: QualityVisit,
  { path, csv, rules, hasFirst }: { path: string; csv: string; rules: readonly string[]; hasFirst: boolean },
): Promise<FindingList> {
  const question = { ...askedIn(request, visit), rules }
  const page = pageIn(request)
  const counts = await countByRule(db.pool, question)
  const total = (show: FindingShow) => rules.reduce((sum, rule) => sum + (counts.get(rule) ?? NONE)[show], 0)
  const pharmacy = question.odsCode === undefined ? {} : { ods: question.odsCode }
  const addressOf = (show: FindingShow, more: Readonly<Record<string, string>> = {}) =>
    visit.address(path, { ...(show === 'open' ? {} : { show }), ...pharmacy, ...more })
  const findings = await loadFindings(db.pool, { ...question, page })
  const { show } = question
  const shown = total(show)
  return {
    heading: `${countWords(shown, 'finding', 'findings')}${question.odsCode === undefined ? '' : ` of ${question.odsCode}`}`,
    filters: FINDING_SHOWS.filter((each) => hasFirst || each !== 'first').map((each) => ({
      text: `${SHOW_WORDS[each]} (${total(each).toLocaleString('en-GB')})`,
      address: addressOf(each),
      isShown: each === show,
    })),
    rows: findings.map((finding) => findingRow(finding, visit.mayOpenRecords)),
    csvAddress: shown === 0 ? null : visit.address(csv, { ...(show === 'open' ? {} : { show }), ...pharmacy }),
    ...pagesAround(page, FINDINGS_A_PAGE, shown, (each) => addressOf(show, each > 1 ? { page: String(each) } : {})),
  }
}

const NONE: RuleCount = { open: 0, exempt: 0, first: 0, closed: 0 }

/** The list that was asked for as a file, sent as it is read. */
export function sendCsv(
  { db }: QualityDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  { visit, rules, name }: { visit: QualityVisit; rules: readonly string[]; name: string },
): FastifyReply {
  // A file of all of England in place of an unknown area would be believed.
  if (visit.chosen.unknown !== null) {
    const told = `There is no area with the code ${visit.chosen.unknown} among those that you may see\n`
    return reply.code(400).type('text/plain; charset=utf-8').send(told)
  }
  return reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="quality-${name}-${visit.today}.csv"`)
    .send(Readable.from(findingsCsv(db.pool, { ...askedIn(request, visit), rules })))
}

/** Which findings: what the address names; what it names wrongly is left out. */
function askedIn(request: FastifyRequest, { where, today }: QualityVisit): Omit<FindingsQuestion, 'rules'> {
  const fields = fieldsOf(request.query)
  const show = FINDING_SHOWS.find((each) => each === lineIn(fields, 'show')) ?? 'open'
  return { where, today, show, odsCode: parsePharmacyCode(lineIn(fields, 'ods')) }
}
