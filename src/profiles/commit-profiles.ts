/**
 * The one write path of profiles: a page saves one, an importer two hundred, both through `commitProfiles`.
 *
 * In the caller's transaction it writes the new profile and its version, projects it onto every DoS service it
 * matches, and appends all of it to the ledger. No change, no version: a write that changes nothing writes nothing.
 */
import { isDeepStrictEqual } from 'node:util'
import { sql } from 'kysely'
import { serviceChange, storeServiceRows } from '#src/directory/save-services.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { Tx } from '#src/platform/db/db.ts'
import { appendToLedger, type LedgerEntry, type LedgerPlace } from '#src/platform/db/ledger.ts'
import type { HeldField } from '#src/rules/asked-fields.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import type { IssueReceipts } from '#src/verification/issue-receipts.ts'
import { meetAskedValues } from './asked-values.ts'
import { type HeldBack, holdBack } from './field-holds.ts'
import { lockServices, type StoredService } from './load-profiles.ts'
import { planProjection, type ServicePlan } from './plan-projection.ts'
import { type Profile, SECTIONS, type Sections, type StoredProfile } from './profile.ts'

/** Services made here are numbered from this one, in the order in which they are asked for. */
export const FIRST_OWN_UID = 2_140_000_001
/** The urgent care APIs carry a uid as a 32-bit whole number. */
const LAST_OWN_UID = 2_147_483_647

/** One pharmacy to write. Lock the profile before reading `before` (`lockProfiles`). */
export type ProfileWrite = {
  /** The profile as it was locked; undefined for a new one. */
  readonly before: StoredProfile | undefined
  readonly profile: Profile
  readonly sections: Sections
  /** DoS services to create for it; their uids are given here. */
  readonly newServices?: readonly Omit<ServiceRecord, 'uid'>[]
  /** Services that the editor chose to leave as they are. */
  readonly keepServices?: ReadonlySet<number>
}

export type CommitContext = {
  /** `person:EMAIL` or `command:NAME`. */
  readonly actor: string
  /** What was done, for history: `set-opening-times`, `import-pharmaceutical-list`. */
  readonly action: string
  /** UTC ISO text. */
  readonly recordedAt: string
  readonly onMeeting: 'keep' | 'take'
  /** What else the ledger remembers of it, such as the version that was restored. */
  readonly about?: Readonly<Record<string, unknown>> | undefined
} & (ByImport | ByPerson)

type ByImport = { readonly decides: false }
/** A person decided these changes, and gets a receipt of them for each pharmacy. */
type ByPerson = {
  readonly decides: true
  readonly issueReceipts: IssueReceipts
  /** False when they get one email about many pharmacies instead of one each. Default true. */
  readonly tellSubmitter?: boolean
  /** True for a value that was held, or proposed, and is let through now. Default false. */
  readonly throughHolds?: boolean
}

export type Committed = {
  readonly odsCode: string
  /** `unchanged`: neither the profile nor any service differed. */
  readonly outcome: 'created' | 'changed' | 'unchanged'
  readonly version: number
  /** Ledger sequence that a reader must have reached to see this; 0 when unchanged. */
  readonly seq: number
  readonly services: readonly ServicePlan[]
  /** The reference of the receipt; undefined for imports, and where the profile itself did not change. */
  readonly receipt?: string
  /** Fields that are held: what was to be written of them is kept and waits. Absent: none. */
  readonly waiting?: readonly HeldField[]
}

/**
 * Writes the profiles and everything that follows from them. Never two writes of one pharmacy in one call. Of what a
 * person decides, fields that are held are kept and wait; imports are not held.
 */
export async function commitProfiles(
  tx: Tx,
  asked: readonly ProfileWrite[],
  context: CommitContext,
): Promise<readonly Committed[]> {
  const { writes, waiting, entries: held } = await heldBackOf(tx, asked, context)
  const created = await createServices(tx, writes)
  const services = await lockServices(
    tx,
    writes.map(({ profile }) => profile.odsCode),
  )
  const planned = writes.map((write, index) => planWrite(write, services, created[index] ?? [], context))
  const changed = planned.filter(({ isChanged }) => isChanged)
  const waits = (odsCode: string) => (waiting.has(odsCode) ? { waiting: waiting.get(odsCode) ?? [] } : {})
  const met = await meetAskedValues(tx, changed.map(stepOf), context)
  const ledger = await appendToLedger(tx, context.recordedAt, [
    ...changed.map((plan) => ledgerEntry(plan, context)),
    ...held,
    ...met,
  ])
  if (changed.length === 0) return planned.map((plan) => ({ ...unchanged(plan), ...waits(plan.write.profile.odsCode) }))
  const entries = changed.map((plan, index) => ({ ...plan, ...ledger[index] })) as readonly (PlannedWrite &
    LedgerPlace)[]
  await storeProfiles(tx, entries)
  await storeVersions(tx, entries, context)
  await storeServices(tx, entries, context.recordedAt)
  const receipts = await receiptsOf(tx, entries, context)
  const byCode = new Map(entries.map((entry) => [entry.write.profile.odsCode, entry]))
  return planned.map((plan) => {
    const { odsCode } = plan.write.profile
    return { ...committed(plan, byCode.get(odsCode)), ...receipts.get(odsCode), ...waits(odsCode) }
  })
}

const heldBackOf = async (tx: Tx, writes: readonly ProfileWrite[], context: CommitContext): Promise<HeldBack> =>
  context.decides && !context.throughHolds
    ? await holdBack(tx, writes, context)
    : { writes, waiting: new Map(), entries: [] }

const stepOf = ({ write }: PlannedWrite) => ({ before: write.before?.profile, after: write.profile })

/** Every change that a person decided is proved by a receipt; this is the only place that sees to it. */
async function receiptsOf(
  tx: Tx,
  entries: readonly (PlannedWrite & LedgerPlace)[],
  context: CommitContext,
): Promise<ReadonlyMap<string, { readonly receipt: string }>> {
  if (!context.decides) return new Map()
  const { issueReceipts, actor, action, recordedAt, tellSubmitter = true } = context
  const decided = entries
    .filter(({ isNewVersion }) => isNewVersion)
    .map(({ write, version, auditSeq }) => ({
      before: write.before?.profile,
      after: write.profile,
      version,
      checked: [],
      auditSeq,
    }))
  const issued = await issueReceipts(tx, { actor, action, recordedAt, decided, tellSubmitter })
  return new Map(issued.map(({ odsCode, reference }) => [odsCode, { receipt: reference }]))
}

type PlannedWrite = {
  readonly write: ProfileWrite
  readonly version: number
  /** Whether the document differs from the one before. */
  readonly isNewVersion: boolean
  readonly isChanged: boolean
  readonly services: readonly ServicePlan[]
  readonly createdUids: ReadonlySet<number>
}

const unchanged = ({ write, version, services }: PlannedWrite): Committed => ({
  odsCode: write.profile.odsCode,
  outcome: 'unchanged',
  version,
  seq: 0,
  services,
})

function committed(plan: PlannedWrite, entry: LedgerPlace | undefined): Committed {
  if (!entry) return unchanged(plan)
  return {
    odsCode: plan.write.profile.odsCode,
    outcome: plan.write.before ? 'changed' : 'created',
    version: plan.version,
    seq: Math.max(entry.seq, ...entry.changeSeqs),
    services: plan.services,
  }
}

function planWrite(
  write: ProfileWrite,
  existing: ReadonlyMap<string, readonly StoredService[]>,
  created: readonly ServiceRecord[],
  { decides, onMeeting, recordedAt }: CommitContext,
): PlannedWrite {
  const { before, profile, sections, keepServices = new Set<number>() } = write
  const createdUids = new Set(created.map(({ uid }) => uid))
  const there = planProjection({
    before: before?.profile,
    after: profile,
    services: [
      ...(existing.get(profile.odsCode) ?? []),
      ...created.map((record) => ({
        record,
        overrides: {},
        profileOds: onMeeting === 'keep' ? null : profile.odsCode,
      })),
    ],
    decides,
    keep: keepServices,
    onMeeting,
    today: londonDateOf(recordedAt),
  })
  const services = there.map((plan) => (createdUids.has(plan.uid) ? { ...plan, touched: true } : plan))
  const isNewVersion = !before || !isDeepStrictEqual(before.profile, profile)
  const isChanged =
    isNewVersion || !isDeepStrictEqual(before.sections, sections) || services.some(({ touched }) => touched)
  const version = (before?.version ?? 0) + (isNewVersion ? 1 : 0)
  return { write, version, isNewVersion, isChanged, services, createdUids }
}

function ledgerEntry({ write, version, services, createdUids }: PlannedWrite, context: CommitContext): LedgerEntry {
  const { before, profile } = write
  return {
    actor: context.actor,
    action: context.action,
    target: `pharmacy:${profile.odsCode}`,
    detail: { ...context.about, version, previousVersion: before?.version ?? null, sections: changedSections(write) },
    changes: services
      .filter(({ touched }) => touched)
      .map(({ uid, before, after }) => serviceChange(createdUids.has(uid) ? undefined : before, after)),
  }
}

const changedSections = ({ before, sections }: ProfileWrite) =>
  SECTIONS.filter((section) => !isDeepStrictEqual(before?.sections[section], sections[section]))

/** Gives uids to the services to be created, in order. One transaction at a time hands them out. */
async function createServices(tx: Tx, writes: readonly ProfileWrite[]): Promise<readonly (readonly ServiceRecord[])[]> {
  const count = writes.reduce((sum, { newServices = [] }) => sum + newServices.length, 0)
  if (count === 0) return []
  const uids = await takeUids(tx, count)
  return writes.map(({ newServices = [] }) => newServices.map((service) => ({ ...service, uid: uids.shift() ?? 0 })))
}

/** The row of reference_version that remembers the last uid handed out here; services brought by imports do not move it. */
const LAST_UID = 'last-uid'

/** The next numbers for services made here. Another transaction that wants some waits until this one has ended. */
export async function takeUids(tx: Tx, count: number): Promise<number[]> {
  await sql`select pg_advisory_xact_lock(hashtext('signpost: uids of new services'))`.execute(tx)
  const last = await tx
    .selectFrom('reference_version')
    .select('version')
    .where('name', '=', LAST_UID)
    .executeTakeFirst()
  const uids: number[] = []
  let next = (last?.version ?? FIRST_OWN_UID - 1) + 1
  while (uids.length < count) {
    const end = next + count - uids.length - 1
    if (end > LAST_OWN_UID) throw new Error('There are no more numbers for new services')
    const rows = await tx.selectFrom('service').select('uid').where('uid', '>=', next).where('uid', '<=', end).execute()
    const taken = new Set(rows.map(({ uid }) => uid))
    for (; next <= end; next++) if (!taken.has(next)) uids.push(next)
  }
  const version = next - 1
  await tx
    .insertInto('reference_version')
    .values({ name: LAST_UID, version, updated_at: new Date(0).toISOString() })
    .onConflict((on) => on.column('name').doUpdateSet({ version }))
    .execute()
  return uids
}

async function storeProfiles(tx: Tx, entries: readonly (PlannedWrite & LedgerPlace)[]): Promise<void> {
  const rows = entries.map(({ write, version, seq }) => ({
    ods_code: write.profile.odsCode,
    name: write.profile.name,
    status: write.profile.status,
    version,
    document: write.profile,
    sections: write.sections,
    seq,
  }))
  await sql`
    insert into profile (ods_code, name, status, version, document, sections, seq)
    select ods_code, name, status, version, document, sections, seq
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as row (ods_code text, name text, status text, version integer, document jsonb, sections jsonb, seq bigint)
    on conflict (ods_code) do update
      set name = excluded.name, status = excluded.status, version = excluded.version,
          document = excluded.document, sections = excluded.sections, seq = excluded.seq`.execute(tx)
}

async function storeVersions(
  tx: Tx,
  entries: readonly (PlannedWrite & LedgerPlace)[],
  { actor, action, recordedAt }: CommitContext,
): Promise<void> {
  const rows = entries
    .filter(({ isNewVersion }) => isNewVersion)
    .map(({ write, version, auditSeq }) => ({
      ods_code: write.profile.odsCode,
      version,
      document: write.profile,
      audit_seq: auditSeq,
    }))
  if (rows.length === 0) return
  await sql`
    insert into profile_version (ods_code, version, recorded_at, actor, action, document, audit_seq)
    select ods_code, version, ${recordedAt}::timestamptz, ${actor}, ${action}, document, audit_seq
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as row (ods_code text, version integer, document jsonb, audit_seq bigint)`.execute(tx)
}

const storeServices = (tx: Tx, entries: readonly (PlannedWrite & LedgerPlace)[], recordedAt: string): Promise<void> =>
  storeServiceRows(
    tx,
    entries.flatMap(({ services, changeSeqs }) =>
      services
        .filter(({ touched }) => touched)
        .map(({ after, overrides, profileOds }, index) => ({
          record: after,
          overrides,
          profileOds,
          seq: changeSeqs[index] ?? 0,
        })),
    ),
    recordedAt,
  )
