/** What the rules found, as lists of it are asked for: within somebody's reach, by rule, by pharmacy, one by one. */
import { type RawBuilder, sql } from 'kysely'
import type { Where } from '#src/directory/area.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { QUALITY_RULES, type RuleKind } from '#src/rules/quality-rules.ts'
import { findingCounts, findingParts } from './finding-scope.ts'

/**
 * `open`: to be put right. `exempt`: accepted for a time. `first`: drift from before the first comparison. `closed`: gone
 * within the last 30 days.
 */
export const FINDING_SHOWS = ['open', 'exempt', 'first', 'closed'] as const
export type FindingShow = (typeof FINDING_SHOWS)[number]

export type Finding = {
  readonly id: number
  readonly rule: string
  readonly subject: string
  /** The pharmacy, where there is a profile. */
  readonly odsCode: string | null
  readonly pharmacy: string | null
  readonly icb: string | null
  /** What carries the first five characters that were checked together; `uid:…` where there is no code. */
  readonly place: string
  readonly uid: number | null
  readonly service: string | null
  readonly detail: string
  readonly ours: string | null
  readonly theirs: string | null
  readonly openedOn: LocalDate
  readonly closedOn: LocalDate | null
  /** Null while it is open: then it is the day of the last check of all. */
  readonly lastSeenOn: LocalDate | null
  readonly isFirst: boolean
  readonly exemption: Exemption | null
}

/** An exemption that holds. */
export type Exemption = {
  readonly id: number
  readonly reason: string
  readonly endsOn: LocalDate
  readonly madeBy: string
  readonly madeAt: string
}

type Row = Omit<Finding, 'exemption'> & {
  readonly exemptionId: number | null
  readonly reason: string
  readonly endsOn: LocalDate
  readonly madeBy: string
  readonly madeAt: string
}

const findingOf = ({ exemptionId, reason, endsOn, madeBy, madeAt, ...finding }: Row): Finding => ({
  ...finding,
  exemption: exemptionId === null ? null : { id: exemptionId, reason, endsOn, madeBy, madeAt },
})

const columns = sql`
  finding.id, finding.rule, finding.subject, finding.ods_code as "odsCode", finding.place, finding.uid, finding.detail,
  finding.ours, finding.theirs, finding.opened_on as "openedOn", finding.closed_on as "closedOn",
  finding.last_seen_on as "lastSeenOn", finding.is_first as "isFirst", profile.name as pharmacy,
  profile.document -> 'commissioning' ->> 'icbCode' as icb, service.record ->> 'name' as service,
  exemption.id as "exemptionId", exemption.reason, exemption.ends_on as "endsOn", exemption.made_by as "madeBy",
  exemption.made_at as "madeAt"`

/** Findings, each with the exemption that holds. */
const withExemption = (today: LocalDate) => sql`
  quality_finding finding
  left join quality_exemption exemption on exemption.rule = finding.rule and exemption.subject = finding.subject
    and exemption.ended_at is null and exemption.ends_on >= ${today}::date`

/** Findings with what their lists say of them. Takes nothing away: conditions are the caller's. */
const joined = (today: LocalDate) => sql`
  ${withExemption(today)}
  left join profile on profile.ods_code = finding.ods_code
  left join service on service.uid = finding.uid`

const CLOSED_SHOWN_DAYS = 30

const isShown = (show: FindingShow, today: LocalDate): RawBuilder<boolean> => {
  switch (show) {
    case 'open':
      return sql`(finding.closed_on is null and exemption.id is null and not finding.is_first)`
    case 'exempt':
      return sql`(finding.closed_on is null and exemption.id is not null)`
    case 'first':
      return sql`(finding.closed_on is null and exemption.id is null and finding.is_first)`
    case 'closed':
      return sql`finding.closed_on > ${today}::date - ${CLOSED_SHOWN_DAYS}::integer`
  }
}

export type FindingsQuestion = {
  readonly where: Where
  readonly today: LocalDate
  readonly show: FindingShow
  /** Only of these rules. */
  readonly rules: readonly string[]
  /** Only of this pharmacy. */
  readonly odsCode?: string | undefined
}

/** On one page. */
export const FINDINGS_A_PAGE = 50

const condition = ({ where, today, show, rules, odsCode }: FindingsQuestion): RawBuilder<boolean> => sql`
  finding.rule = any(${[...rules]}::text[]) and ${isShown(show, today)} and ${findingCounts(where)}
  ${odsCode === undefined ? sql`` : sql`and finding.place = ${odsCode}`}`

/** A page of findings, the newest first. */
export async function loadFindings(
  db: Queryable,
  question: FindingsQuestion & { readonly page: number },
): Promise<readonly Finding[]> {
  // Names are looked up for one page, not for all that there are.
  const { rows } = await sql<Row>`
    with page as (
      select finding.id from ${withExemption(question.today)} where ${condition(question)}
      order by finding.opened_on desc, finding.place, finding.id
      limit ${FINDINGS_A_PAGE} offset ${(question.page - 1) * FINDINGS_A_PAGE})
    select ${columns} from ${joined(question.today)} where finding.id in (select id from page)
    order by finding.opened_on desc, finding.place, finding.id`.execute(db)
  return rows.map(findingOf)
}

/** All of them, some at a time, for a file. */
export async function* findingsInPieces(
  db: Queryable,
  question: FindingsQuestion,
  pieceSize = 1000,
): AsyncGenerator<readonly Finding[]> {
  for (let after = 0; ; ) {
    const { rows } = await sql<Row>`
      select ${columns} from ${joined(question.today)} where finding.id > ${after} and ${condition(question)}
      order by finding.id limit ${pieceSize}`.execute(db)
    const last = rows.at(-1)
    if (!last) return
    yield rows.map(findingOf)
    if (rows.length < pieceSize) return
    after = last.id
  }
}

/** One finding within a reach; undefined when there is none. */
export async function loadFinding(
  db: Queryable,
  { id, where, today }: { readonly id: number; readonly where: Where; readonly today: LocalDate },
): Promise<Finding | undefined> {
  const { rows } = await sql<Row>`
    select ${columns} from ${joined(today)} where finding.id = ${id} and ${findingCounts(where)}`.execute(db)
  return rows[0] && findingOf(rows[0])
}

/** How many findings a rule has of each kind that lists show; those of 30 days for what is closed. */
export type RuleCount = Readonly<Record<FindingShow, number>>

const NONE: RuleCount = { open: 0, exempt: 0, first: 0, closed: 0 }

/** The counts of every rule, by its key. */
export async function countByRule(
  db: Queryable,
  { where, today, odsCode }: Pick<FindingsQuestion, 'where' | 'today' | 'odsCode'>,
): Promise<ReadonlyMap<string, RuleCount>> {
  const { rows } = await sql<RuleCount & { readonly rule: string }>`
    select finding.rule,
      ${sql.join(FINDING_SHOWS.map((show) => sql`(count(*) filter (where ${isShown(show, today)}))::integer as ${sql.ref(show)}`))}
    from ${withExemption(today)}
    where (finding.closed_on is null or ${isShown('closed', today)}) and ${findingCounts(where)}
      ${odsCode === undefined ? sql`` : sql`and finding.place = ${odsCode}`}
    group by 1`.execute(db)
  const counted = new Map(rows.map(({ rule, ...counts }) => [rule, counts]))
  return new Map(QUALITY_RULES.map(({ key }) => [key, counted.get(key) ?? NONE]))
}

/** How many findings of quality or drift there are to put right in a reach: the figure of the workspace. */
export async function countFlags(db: Queryable, where: Where, today: LocalDate): Promise<number> {
  const isFlag = sql`finding.closed_on is null and not finding.is_first
    and finding.rule = any(${QUALITY_RULES.map(({ key }) => key)}::text[])`
  const parts = findingParts(where).map(
    (part) => sql`select id from quality_finding finding where ${isFlag} and ${part}`,
  )
  // The few that are exempt are taken away: looking for an exemption of each of a hundred thousand takes twice as long.
  const { rows } = await sql<{ flags: number }>`
    select ((select count(*) from (${sql.join(parts, sql` union all `)}) flag) - (
      select count(distinct finding.id) from quality_exemption exemption
      join quality_finding finding on finding.rule = exemption.rule and finding.subject = exemption.subject
      where exemption.ended_at is null and exemption.ends_on >= ${today}::date and ${isFlag} and ${findingCounts(where)}))::integer as flags`.execute(
    db,
  )
  return rows[0]?.flags ?? 0
}

/** The keys of the rules of a kind. */
export const rulesOf = (kind: RuleKind): readonly string[] =>
  QUALITY_RULES.filter((rule) => rule.kind === kind).map(({ key }) => key)
