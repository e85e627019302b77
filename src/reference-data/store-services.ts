/** Stores a batch of imported services, and the profiles of their pharmacies before them. */
import { type ProjectedFacts, projectProfile } from '#src/directory/project-profile.ts'
import { type ServiceState, saveServiceStates } from '#src/directory/save-services.ts'
import type { Overrides, ServiceRecord } from '#src/directory/service-record.ts'
import type { Tx } from '#src/platform/db/db.ts'
import { commitProfiles, FIRST_OWN_UID, type ProfileWrite } from '#src/profiles/commit-profiles.ts'
import { lockProfiles, lockServices, type StoredService } from '#src/profiles/load-profiles.ts'
import type { Profile, Sections, StoredProfile } from '#src/profiles/profile.ts'
import { projectedFacts } from '#src/profiles/projected-facts.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { pharmacyCodeOf } from '#src/rules/ods-code.ts'
import { matchServices, PHARMACY_TYPES } from '#src/rules/service-matching.ts'
import type { Tally } from './import-summary.ts'
import { type Draft, type ImportContext, withOds, withPosition } from './imported-profile.ts'
import { loadOdsRecords, loadPositions } from './reference-store.ts'
import { importedOverrides } from './service-overrides.ts'
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

  const states = batch.map((record) =>
    stateOf(record, now.get(pharmacyOf(record) ?? ''), before.get(record.uid), input),
  )
  const saved = await saveServiceStates(tx, states, save)
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

/** How a service of the file shall stand beside its pharmacy's profile, if there is one. */
function stateOf(
  record: ServiceRecord,
  said: Said | undefined,
  stored: Overrides | undefined,
  { heads, calendar, context }: BatchContext,
): ServiceState {
  if (!said) return { record, overrides: stored ?? {}, profileOds: null }
  const { profile, sections } = said
  const isClosed = profile.status === 'closed'
  const match = { odsCode: profile.odsCode, services: [record], profileStatus: isClosed ? 'open' : profile.status }
  if (matchServices(match).matched.length === 0) return { record, overrides: stored ?? {}, profileOds: null }
  const head = heads.get(profile.odsCode)
  const baseline: ProjectedFacts =
    head && !isOver(head.status)
      ? projectedFacts(newServiceProfile(head, calendar, context).profile)
      : projectedFacts(profile)
  const overrides = importedOverrides(record, baseline, sections, stored)
  const projected = projectProfile(record, projectedFacts(profile), overrides)
  // A pharmacy that has closed for good does not come back with the next file.
  if (isClosed) return { record: { ...projected, status: 'CLOSED' }, overrides, profileOds: null }
  return { record: projected, overrides, profileOds: profile.odsCode }
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
