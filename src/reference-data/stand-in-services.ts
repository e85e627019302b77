/** The DoS service of type 13 that stands for a pharmacy until the directory of services brings its own. */
import { BLANK_SERVICE } from '#src/directory/blank-service.ts'
import { projectProfile } from '#src/directory/project-profile.ts'
import { type SaveContext, type ServiceState, saveServiceStates } from '#src/directory/save-services.ts'
import type { Overrides, ServiceRecord, ServiceStatus } from '#src/directory/service-record.ts'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import { FIRST_OWN_UID } from '#src/profiles/commit-profiles.ts'
import { lockServices } from '#src/profiles/load-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { projectedFacts } from '#src/profiles/projected-facts.ts'
import { type LocalDate, londonDateOf } from '#src/rules/london-time.ts'

/** The types that stand for the pharmacy as such: a pharmacy, and one that sells at a distance. */
export const HEAD_TYPES: readonly number[] = [13, 134]

/** Whether a service has ended: it makes no profile, and one of ours never comes back from it. */
export const isOver = (status: ServiceStatus): boolean => status === 'CLOSED' || status === 'RETIRED'

const LONGEST_PUBLIC_NAME = 75

/** The service to create on a London date for a pharmacy that has none; its uid is given when it is stored. */
export function standInService(profile: Profile, today: LocalDate): Omit<ServiceRecord, 'uid'> {
  const blank: ServiceRecord = {
    ...BLANK_SERVICE,
    name: `Pharmacy: ${profile.name}`.slice(0, 255),
    publicName: profile.name.length <= LONGEST_PUBLIC_NAME ? profile.name : null,
    typeId: 13,
    odsCode: profile.odsCode,
    status: profile.status === 'closed' ? 'CLOSED' : 'ACTIVE',
  }
  const { uid: _, ...service } = projectProfile(blank, projectedFacts(profile, today)(blank), {})
  return service
}

/** Which of these pharmacies have a service of type 13 or 134, whatever its status, and which of the two. */
export async function loadHeadServices(
  db: Queryable,
  odsCodes: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('service')
    .select(['ods_five', 'type_id'])
    .where('ods_five', '=', (value) => value.fn.any(value.val([...odsCodes])))
    .where('type_id', 'in', [...HEAD_TYPES])
    .orderBy('type_id', 'desc')
    .execute()
  return new Map(rows.map((row) => [row.ods_five ?? '', row.type_id]))
}

/**
 * Closes the services of pharmacies that closed for good: those onto which the profile projects, and ours. They keep
 * what the pharmacy said last. The caller saves the profiles, afterwards and in the same transaction.
 */
export async function closeServices(tx: Tx, profiles: readonly Profile[], save: SaveContext): Promise<void> {
  const closed = new Map(
    profiles.filter(({ status }) => status === 'closed').map((profile) => [profile.odsCode, profile]),
  )
  if (closed.size === 0) return
  // Every service of the batch is locked before the ledger is: see platform/db/ledger.ts.
  await lockServices(
    tx,
    profiles.map(({ odsCode }) => odsCode),
  )
  const rows = await tx
    .selectFrom('service')
    .select(['ods_five', 'record', 'overrides'])
    .where('ods_five', '=', (value) => value.fn.any(value.val([...closed.keys()])))
    .where('status', '<>', 'RETIRED')
    .where((where) => where.or([where('profile_ods', 'is not', null), where('uid', '>=', FIRST_OWN_UID)]))
    .orderBy('uid')
    .forUpdate()
    .execute()
  const today = londonDateOf(save.recordedAt)
  const states = rows.flatMap((row): ServiceState[] => {
    const profile = closed.get(row.ods_five ?? '')
    if (!profile) return []
    const overrides = row.overrides as Overrides
    const before = row.record as ServiceRecord
    const record = projectProfile(before, projectedFacts(profile, today)(before), overrides)
    return [{ record: { ...record, status: 'CLOSED' }, overrides, profileOds: null }]
  })
  await saveServiceStates(tx, states, save)
}
