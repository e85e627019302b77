/** Stores a batch of imported services, and the profiles of their pharmacies before them. */
import { type ProjectedFacts, projectProfile } from '#src/directory/project-profile.ts'
import { type SaveContext, type ServiceState, saveServiceStates } from '#src/directory/save-services.ts'
import type { Overrides, ServiceRecord } from '#src/directory/service-record.ts'
import type { Tx } from '#src/platform/db/db.ts'
import { commitProfiles, FIRST_OWN_UID, type ProfileWrite } from '#src/profiles/commit-profiles.ts'
import { lockProfiles, lockServices, type StoredService } from '#src/profiles/load-profiles.ts'
import { isApproved } from '#src/profiles/place-change.ts'
import { matchOf } from '#src/profiles/plan-projection.ts'
import type { Profile, Sections, StoredProfile } from '#src/profiles/profile.ts'
import { projectedFacts } from '#src/profiles/projected-facts.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { type LocalDate, londonDateOf } from '#src/rules/london-time.ts'
import { pharmacyCodeOf } from '#src/rules/ods-code.ts'
import { PHARMACY_TYPES } from '#src/rules/service-matching.ts'
import type { Tally } from './import-summary.ts'
import { type Draft, type ImportContext, withOds, withPosition } from './imported-profile.ts'
import { loadOdsRecords, loadPositions } from './reference-store.ts'
import { importedOverrides, OWN_HOURS } from './service-overrides.ts'
import { newServiceProfile, withService } from './service-profile.ts'
import { closeServices, isOver } from './stand-in-services.ts'

export const SERVICES_ACTOR = 'command:import services'
export const SERVICES_ACTION = 'import-services'

/** The service that stands for each pharmacy of the file, by the pharmacy's five characters. */
export type PharmacyHeads = ReadonlyMap<string, ServiceRecord>

export type BatchContext = {
  readonly heads: PharmacyHeads
  readonly calendar: HolidayCalendar
  readonly context: ImportContext
  readonly tally: Tally
}

/** Everything in the caller's transaction: a pharmacy's profile and its services are never seen apart. */
export async function storeServiceBatch(tx: Tx, batch: readonly ServiceRecord[], input: BatchContext): Promise<void> {
  const { context, heads, tally } = input
  const codes = [...new Set(batch.flatMap((record) => pharmacyOf(record) ?? []))]
  const stored = await lockProfiles(tx, codes)
  const there = await lockServices(tx, codes)
  const before = await lockByUid(tx, batch)
  const drafts = await draftProfiles(tx, codes, stored, input)
  const save = { actor: SERVICES_ACTOR, action: SERVICES_ACTION, recordedAt: context.recordedAt }

  await retireStandIns(tx, there, heads, save)
  await closeServices(
    tx,
    drafts.map(({ profile }) => profile),
    save,
  )
  const writes = drafts.map(
    ({ profile, sections }): ProfileWrite => ({
      before: stored.get(profile.odsCode),
      profile,
      sections,
    }),
  )
  const committed = await commitProfiles(tx, writes, { ...save, decides: false, onMeeting: 'keep' })
  const now = new Map<string, Said>([...stored].map(([code, { profile, sections }]) => [code, { profile, sections }]))
  for (const draft of drafts) now.set(draft.profile.odsCode, draft)

  const beside = servicesBeside(batch, await lockServices(tx, codes), heads)
  const states = batch.map((record) => {
    const code = pharmacyOf(record) ?? ''
    return stateOf(record, { said: now.get(code), beside: beside(code), stored: before.get(record.uid) }, input)
  })
  for (const [index, state] of states.entries())
    reportOffers(batch[index], state, now.get(pharmacyOf(state.record) ?? ''), tally)
  const saved = await saveServiceStates(tx, states, save)
  await wakeServices(tx, [...now.keys()], save)
  tally.count('stored', saved.created)
  tally.count('changed', saved.changed)
  tally.count('unchanged', saved.unchanged)
  const unplaced = states.filter(({ record }) => record.latitude === null).length
  if (unplaced > 0) tally.detail('services without a position, not found by distance', unplaced)
  report(drafts, committed, tally)
}

type Said = { readonly profile: Profile; readonly sections: Sections }

/** The five characters of a service that may belong to a pharmacy's profile. */
function pharmacyOf({ odsCode, typeId }: ServiceRecord): string | undefined {
  const isPharmacy = Object.hasOwn(PHARMACY_TYPES, typeId) && /^[A-Z0-9]{5}/.test(odsCode ?? '')
  return isPharmacy ? pharmacyCodeOf(odsCode ?? '') : undefined
}

/** Locks the services that are there already; before the ledger is locked, see `platform/db/ledger.ts`. */
async function lockByUid(tx: Tx, batch: readonly ServiceRecord[]): Promise<ReadonlyMap<number, Overrides>> {
  const rows = await tx
    .selectFrom('service')
    .select(['uid', 'overrides'])
    .where('uid', '=', (value) => value.fn.any(value.val(batch.map(({ uid }) => uid))))
    .orderBy('uid')
    .forUpdate()
    .execute()
  return new Map(rows.map((row) => [row.uid, row.overrides as Overrides]))
}

/** The profiles that the file's own services of these pharmacies make or change. */
async function draftProfiles(
  tx: Tx,
  codes: readonly string[],
  stored: ReadonlyMap<string, StoredProfile>,
  { heads, calendar, context }: BatchContext,
): Promise<readonly Draft[]> {
  const named = codes.flatMap((code): Draft[] => {
    const [head, before] = [heads.get(code), stored.get(code)]
    if (!head || isOver(head.status)) return []
    return [
      before
        ? withService({ ...before, kept: [] }, head, calendar, context)
        : newServiceProfile(head, calendar, context),
    ]
  })
  const ods = await loadOdsRecords(
    tx,
    named.map(({ profile }) => profile.odsCode),
  )
  const positions = await loadPositions(
    tx,
    named.filter(({ profile }) => profile.address.position === null).map(({ profile }) => profile.address.postcode),
  )
  return named.map((draft) => withPosition(withOds(draft, ods.get(draft.profile.odsCode), context), positions))
}

/** The service that we made for a pharmacy retires when the directory of services brings its own. */
async function retireStandIns(
  tx: Tx,
  there: ReadonlyMap<string, readonly StoredService[]>,
  heads: PharmacyHeads,
  save: { actor: string; action: string; recordedAt: string },
): Promise<void> {
  const states = [...there].flatMap(([code, services]) => {
    const head = heads.get(code)
    if (!head) return []
    return services
      .filter(({ record }) => isOurs(record) && record.uid !== head.uid && record.status !== 'RETIRED')
      .map(
        ({ record, overrides }): ServiceState => ({
          record: { ...record, status: 'RETIRED' },
          overrides,
          profileOds: null,
        }),
      )
  })
  if (states.length > 0) await saveServiceStates(tx, states, save)
}

const isOurs = ({ uid, typeId }: ServiceRecord): boolean => uid >= FIRST_OWN_UID && typeId === 13

/** A pharmacy's services as they stand after this batch: those of the file, and those that it does not bring. */
function servicesBeside(
  batch: readonly ServiceRecord[],
  there: ReadonlyMap<string, readonly StoredService[]>,
  heads: PharmacyHeads,
): (code: string) => readonly ServiceRecord[] {
  const given = new Set(batch.map(({ uid }) => uid))
  return (code) => {
    const head = heads.get(code)
    return [
      ...batch.filter((record) => pharmacyOf(record) === code),
      ...(head && !given.has(head.uid) ? [head] : []),
      ...(there.get(code) ?? []).map(({ record }) => record).filter(({ uid }) => !given.has(uid) && uid !== head?.uid),
    ]
  }
}

type Setting = {
  readonly said: Said | undefined
  /** Every service of the pharmacy, this one among them. */
  readonly beside: readonly ServiceRecord[]
  readonly stored: Overrides | undefined
}

/** How a service of the file shall stand beside its pharmacy's profile, if there is one. */
function stateOf(
  record: ServiceRecord,
  { said, beside, stored }: Setting,
  { heads, calendar, context }: BatchContext,
): ServiceState {
  if (!said) return { record, overrides: stored ?? {}, profileOds: null }
  const { profile, sections } = said
  const today = londonDateOf(context.recordedAt)
  const isClosed = profile.status === 'closed'
  const matching: Profile = isClosed ? { ...profile, status: 'open' } : profile
  if (!isMatched(record, matching, beside, today)) return { record, overrides: stored ?? {}, profileOds: null }
  const head = heads.get(profile.odsCode)
  const facts = projectedFacts(profile, today)(record)
  const baseline: ProjectedFacts =
    head && !isOver(head.status)
      ? projectedFacts(newServiceProfile(head, calendar, context).profile, today)(record)
      : facts
  const decided = [
    ...(facts.weekly !== profile.weekly ? OWN_HOURS : []),
    ...(isApproved(profile, 'address') || isApproved(profile, 'position') ? (['place'] as const) : []),
  ]
  const overrides = importedOverrides(record, baseline, decided, sections, stored)
  const projected = projectProfile(record, facts, overrides)
  // A pharmacy that has closed for good does not come back with the next file.
  if (isClosed) return { record: { ...projected, status: 'CLOSED' }, overrides, profileOds: null }
  const after = beside.map((one) => (one.uid === record.uid ? projected : one))
  return {
    record: projected,
    overrides,
    profileOds: isMatched(projected, profile, after, today) ? profile.odsCode : null,
  }
}

const isMatched = (record: ServiceRecord, profile: Profile, beside: readonly ServiceRecord[], today: LocalDate) =>
  matchOf(profile, beside, today).matched.includes(record.uid)

/**
 * Services that a pharmacy offers may have waited for another one to be active, which a later part of the file brings.
 * The profiles are projected once more where that may be so.
 */
async function wakeServices(tx: Tx, codes: readonly string[], save: SaveContext): Promise<void> {
  const stored = [...(await lockProfiles(tx, codes)).values()].filter(({ profile }) => profile.services !== undefined)
  const writes = stored.map((before): ProfileWrite => ({ before, profile: before.profile, sections: before.sections }))
  if (writes.length > 0) await commitProfiles(tx, writes, { ...save, decides: false, onMeeting: 'take' })
}

/** What a file says of a service that its pharmacy offers, or does not, is not taken over. */
function reportOffers(
  given: ServiceRecord | undefined,
  { record }: ServiceState,
  said: Said | undefined,
  tally: Tally,
): void {
  if (!given || !said || said.profile.status === 'closed') return
  const differences = [
    ...(given.status === record.status
      ? []
      : [`service ${record.uid} is ${given.status} in the file and ${record.status} by what the pharmacy offers`]),
    ...(given.other === record.other ? [] : [`the Z code of service ${record.uid} is as the pharmacy says`]),
  ]
  if (differences.length > 0) tally.keep(said.profile.odsCode, differences)
}

function report(drafts: readonly Draft[], committed: Awaited<ReturnType<typeof commitProfiles>>, tally: Tally): void {
  for (const { outcome } of committed) {
    if (outcome === 'created') tally.detail('profiles created')
    if (outcome === 'changed') tally.detail('profiles changed')
  }
  for (const { profile, kept } of drafts.filter((draft) => draft.kept.length > 0)) {
    tally.keep(profile.odsCode, kept)
  }
}
