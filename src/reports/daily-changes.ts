/**
 * The daily change report: every change of every field of every DoS service on one London day, in words. Changes of
 * writing alone and the first arrival of services with an import are marked, so that they can be left out.
 */
import { sql } from 'kysely'
import { serviceCounts, type Where } from '#src/directory/area.ts'
import { csvLine } from '#src/platform/csv-line.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { changeLines } from '#src/rules/change-lines.ts'
import { dayOf, formatLondon, instantOf, type LocalDate, toLondon } from '#src/rules/london-time.ts'

export type DailyChange = {
  /** Ledger number of the change; the lines of one change have the same. */
  readonly seq: number
  /** London minute. */
  readonly at: string
  readonly uid: number
  readonly odsCode: string | null
  readonly service: string
  readonly typeId: number | null
  /** The ICB of its pharmacy, where known. */
  readonly icb: string | null
  /** `change`: somebody means something else now. `format`: only written otherwise. `new`: the service is new. */
  readonly kind: 'change' | 'format' | 'new'
  /** The field of the service, as in `service_change.fields`; `BLANK_SERVICE` where all of it is new. */
  readonly field: string
  readonly what: string
  readonly before: string
  readonly after: string
  /** As in `audit.actor`. */
  readonly actor: string
  readonly action: string
}

/** Which day, where, and whether also what is only noise to most readers. */
export type DailyQuestion = Where & {
  readonly date: LocalDate
  /** Changes of writing, and services that came new with an import. */
  readonly withNoise: boolean
  /** Only changes of this field, or `BLANK_SERVICE`. */
  readonly field?: string | undefined
  /** Only services of this pharmacy, by its five-character code. */
  readonly odsCode?: string | undefined
}

/** Stands for the field where a service came new. */
export const BLANK_SERVICE = 'new'
const PAGE = 1000

/** The lines of a day in the order of the ledger, a page at a time. */
export async function* dailyChanges(db: Queryable, question: DailyQuestion): AsyncGenerator<readonly DailyChange[]> {
  for (let after = 0; ; ) {
    const rows = await changesAfter(db, question, after)
    const last = rows.at(-1)
    if (rows.length > 0) yield rows.flatMap((row) => linesOf(row, question))
    if (!last || rows.length < PAGE) return
    after = last.seq
  }
}

type ChangeRow = {
  readonly seq: number
  readonly recorded_at: string
  readonly uid: number
  readonly ods_code: string | null
  readonly name: string | null
  readonly type_id: number | null
  readonly icb: string | null
  readonly fields: readonly string[]
  readonly before: Readonly<Record<string, unknown>> | null
  readonly after: Readonly<Record<string, unknown>> | null
  readonly actor: string
  readonly action: string
}

async function changesAfter(
  db: Queryable,
  { date, withNoise, field, odsCode, ...where }: DailyQuestion,
  after: number,
): Promise<readonly ChangeRow[]> {
  const [from, until] = [0, 1].map((days) => instantOf({ day: dayOf(date) + days, minute: 0 }).toISOString())
  const { rows } = await sql<ChangeRow>`
    ${select}
    where change.seq > ${after} and change.recorded_at >= ${from} and change.recorded_at < ${until}
      and ${serviceCounts(where)} ${narrowedTo({ withNoise, field, odsCode })}
    order by change.seq limit ${PAGE}`.execute(db)
  return rows
}

const select = sql`
  select change.seq, change.recorded_at, change.uid, change.ods_code, service.record ->> 'name' as name, service.type_id,
    pharmacy.document #>> '{commissioning,icbCode}' as icb, change.fields, change.before,
    case when change.before is null then jsonb_build_object('name', change.after -> 'name') else change.after end as after,
    audit.actor, audit.action
  from service_change change
  join audit on audit.seq = change.audit_seq
  left join service on service.uid = change.uid
  left join profile pharmacy on pharmacy.ods_code = service.ods_five`

const narrowedTo = ({ withNoise, field, odsCode }: Pick<DailyQuestion, 'withNoise' | 'field' | 'odsCode'>) => sql`
  ${odsCode === undefined ? sql`` : sql`and service.ods_five = ${odsCode}`}
  ${field === undefined ? sql`` : fieldIs(field)}
  ${withNoise ? sql`` : sql`and (change.before is not null or audit.actor like 'person:%')`}`

/** What a feed of recent changes shows: newest first, of some days back, from a change on. */
export type RecentQuestion = Omit<DailyQuestion, 'date'> & {
  readonly now: Date
  /** Only changes before this one; undefined: from the newest on. */
  readonly before?: number | undefined
  /** Only services of this type. */
  readonly typeId?: number | undefined
  /** Part of the name or address of whoever made the change. */
  readonly actor?: string | undefined
  /** Only changes that no lead has marked as reviewed. */
  readonly notReviewed: boolean
  /** How many changes, each with all its lines. */
  readonly limit: number
}

/** How many days back a feed reaches; what is older is in the report of its day. */
export const RECENT_DAYS = 14

/** One change with its lines. */
export type RecentChange = { readonly seq: number; readonly lines: readonly DailyChange[] }

/** The changes of a feed, each with its lines. Changes of writing alone have none, unless they are asked for. */
export async function recentChanges(
  db: Queryable,
  { now, before, withNoise, field, odsCode, typeId, actor, notReviewed, limit, ...where }: RecentQuestion,
): Promise<readonly RecentChange[]> {
  const from = new Date(now.getTime() - RECENT_DAYS * 86_400_000).toISOString()
  const { rows } = await sql<ChangeRow>`
    ${select}
    where change.seq >= coalesce(
        (select seq from service_change where recorded_at >= ${from} order by recorded_at limit 1), 0)
      and change.recorded_at >= ${from} and ${serviceCounts(where)} ${narrowedTo({ withNoise, field, odsCode })}
      ${before === undefined ? sql`` : sql`and change.seq < ${before}`}
      ${typeId === undefined ? sql`` : sql`and service.type_id = ${typeId}`}
      ${actor === undefined ? sql`` : madeBy(actor)}
      ${notReviewed ? sql`and not exists (select from reviewed_change seen where seen.change_seq = change.seq)` : sql``}
    order by change.seq desc limit ${limit}`.execute(db)
  return rows.map((row) => ({ seq: row.seq, lines: linesOf(row, { withNoise, field }) }))
}

/** By the name that a person signs in with, or by their address; a program by its name. */
function madeBy(text: string) {
  const part = `%${text.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`
  return sql`and (lower(audit.actor) like ${part}
    or audit.actor in (select 'person:' || email from person where lower(person.name) like ${part}))`
}

const fieldIs = (field: string) =>
  field === BLANK_SERVICE
    ? sql`and change.before is null`
    : sql`and change.before is not null and ${field} = any(change.fields)`

function linesOf(
  row: ChangeRow,
  { withNoise, field: asked }: Pick<DailyQuestion, 'withNoise' | 'field'>,
): readonly DailyChange[] {
  const common = {
    seq: row.seq,
    at: formatLondon(toLondon(new Date(row.recorded_at))),
    uid: row.uid,
    odsCode: row.ods_code,
    service: row.name ?? '',
    typeId: row.type_id,
    icb: row.icb,
    actor: row.actor,
    action: row.action,
  }
  if (row.before === null) {
    const name = String(row.after?.['name'] ?? '')
    return [{ ...common, kind: 'new', field: BLANK_SERVICE, what: 'New service', before: '', after: name }]
  }
  return row.fields
    .filter((field) => asked === undefined || field === asked)
    .flatMap((field) => changeLines(field, row.before?.[field], row.after?.[field]).map((line) => ({ field, ...line })))
    .filter(({ onlyFormat }) => withNoise || !onlyFormat)
    .map(({ onlyFormat, ...line }) => ({
      ...common,
      kind: onlyFormat ? ('format' as const) : ('change' as const),
      ...line,
    }))
}

const COLUMNS = [
  'at',
  'uid',
  'odsCode',
  'service',
  'typeId',
  'icb',
  'kind',
  'field',
  'before',
  'after',
  'actor',
  'action',
  'change',
]

/** The head of the CSV. */
export const DAILY_CHANGES_HEAD = csvLine(COLUMNS)

/** One line of the CSV. */
export const dailyChangeLine = (line: DailyChange): string =>
  csvLine([
    line.at,
    String(line.uid),
    line.odsCode ?? '',
    line.service,
    line.typeId === null ? '' : String(line.typeId),
    line.icb ?? '',
    line.kind,
    line.what,
    line.before,
    line.after,
    line.actor,
    line.action,
    String(line.seq),
  ])
