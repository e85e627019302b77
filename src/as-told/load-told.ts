/** Brings together what is kept about a service and a moment, and has it answered. */
import type { Reach } from '#src/directory/area.ts'
import type { FieldChange } from '#src/directory/project-profile.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { NotFound } from '#src/platform/errors.ts'
import { pharmacyCodeOf } from '#src/rules/ods-code.ts'
import {
  loadCapacitySetAt,
  loadChangesOf,
  loadFirstDay,
  loadHolidaysChanged,
  loadProfileKnown,
  loadReached,
  loadSearchesTold,
  loadUidsOf,
  rowsOfRecords,
  type SearchTold,
  type StoredNow,
} from './change-log-store.ts'
import { differencesOf, type KnownRecord, knownChanges, type LoggedChange, recordAsKnown } from './record-as-known.ts'
import { type Rules, type ToldThen, toldThen } from './told-then.ts'

/** Why nothing can be said. `before-all`: the directory keeps nothing of that day. */
export type Unknown = { readonly why: 'before-all' | 'not-yet' | 'gap'; readonly from: string | null }

export type Told = {
  readonly stored: StoredNow
  readonly answer:
    | {
        readonly known: true
        readonly told: ToldThen
        readonly knownRecord: Extract<KnownRecord, { known: true }>
        /** From then to now. */
        readonly since: readonly FieldChange[]
        /** The list of bank holidays has changed since, and its past is not kept. UTC ISO text. */
        readonly holidaysChangedAt: string | null
      }
    | ({ readonly known: false } & Unknown)
  /** The last changes before the moment and the first ones after it, in order. */
  readonly before: readonly LoggedChange[]
  readonly after: readonly LoggedChange[]
  /** Whether what is kept leads to what is stored now. */
  readonly agrees: boolean
  readonly searches: readonly SearchTold[]
}

export type Question = {
  readonly uid: number
  readonly reach: Reach
  /** The moment that the facts are about. */
  readonly asAt: Date
  /** What we knew by then. */
  readonly knownAt: Date
  readonly rules: Rules
}

/** Changes shown before and after the moment. */
const CHANGES_SHOWN = 5
/** Searches shown before and after it. */
const SEARCHES_WITHIN_MS = 30 * 60_000

/** What was told about a service. Throws `NotFound` for one that does not exist, or out of reach. */
export async function loadTold(db: Queryable, question: Question): Promise<Told> {
  const { uid, reach, knownAt } = question
  const stored = await loadReached(db, uid, reach)
  if (!stored) throw new NotFound(`There is no service ${uid} in your area`)
  const uids = stored.odsFive === null ? [uid] : await loadUidsOf(db, stored.odsFive)
  const [changes, first, searches] = await Promise.all([
    loadChangesOf(db, [...new Set([uid, ...uids])]),
    loadFirstDay(db),
    loadSearchesTold(db, uid, {
      from: new Date(knownAt.getTime() - SEARCHES_WITHIN_MS),
      until: new Date(knownAt.getTime() + SEARCHES_WITHIN_MS),
    }),
  ])
  const own = changes.get(uid) ?? []
  const known = knownChanges(own, knownAt)
  return {
    stored,
    answer: await answerOf(db, question, { stored, own, changes, first }),
    before: known.slice(-CHANGES_SHOWN),
    after: own.slice(known.length, known.length + CHANGES_SHOWN),
    agrees: leadsTo(own, stored),
    searches,
  }
}

type Kept = {
  readonly stored: StoredNow
  readonly own: readonly LoggedChange[]
  readonly changes: ReadonlyMap<number, readonly LoggedChange[]>
  readonly first: string | null
}

async function answerOf(
  db: Queryable,
  { uid, asAt, knownAt, rules }: Question,
  { stored, own, changes, first }: Kept,
): Promise<Told['answer']> {
  if (first === null || knownAt.getTime() < Date.parse(first)) return { known: false, why: 'before-all', from: first }
  const knownRecord = recordAsKnown(own, knownAt)
  if (!knownRecord.known) return knownRecord
  const { record } = knownRecord
  const siblings = [...changes].flatMap(([other, log]) => {
    const sibling = other === uid ? undefined : recordAsKnown(log, knownAt)
    return sibling?.known ? [sibling] : []
  })
  const all = [knownRecord, ...siblings]
  const odsFive = record.odsCode === null ? null : pharmacyCodeOf(record.odsCode)
  const [setAt, profile, holidaysChangedAt] = await Promise.all([
    loadCapacitySetAt(
      db,
      all.map((each) => each.record.uid),
      knownAt,
    ),
    odsFive === null ? undefined : loadProfileKnown(db, odsFive, knownAt),
    loadHolidaysChanged(db),
  ])
  const rows = await rowsOfRecords(
    db,
    all.map(({ record: each, last, capacityChangedAt }) => ({
      record: each,
      seq: last.seq,
      capacitySetAt: later(capacityChangedAt, setAt.get(each.uid) ?? null),
    })),
  )
  const [row, ...others] = rows
  if (!row) throw new Error(`The record of service ${uid} could not be read`)
  return {
    known: true,
    knownRecord,
    told: toldThen({ row, siblings: others, profile }, asAt, rules),
    since: differencesOf(record, stored.record),
    holidaysChangedAt:
      holidaysChangedAt !== null && Date.parse(holidaysChangedAt) > knownAt.getTime() ? holidaysChangedAt : null,
  }
}

function leadsTo(own: readonly LoggedChange[], { record }: StoredNow): boolean {
  const last = own.at(-1)
  const now = last && recordAsKnown(own, new Date(8.64e15))
  return now?.known === true && differencesOf(now.record, record).length === 0
}

/** The later of two instants, either of which may be missing. */
const later = (a: string | null, b: string | null): string | null =>
  a === null || (b !== null && Date.parse(b) > Date.parse(a)) ? b : a
