/** Fills an empty directory with the fictitious one, through the same functions as an import. */
import { sql } from 'kysely'
import { saveAsk } from '#src/access/ask-access.ts'
import { mailboxLinkKey } from '#src/access/mailbox-link.ts'
import { endOfLastDay } from '#src/access/members.ts'
import { grantRole } from '#src/accounts/grants.ts'
import { saveApiAccount } from '#src/accounts/save-api-account.ts'
import { storeContacts } from '#src/closures/notices/import-suspension-contacts.ts'
import { storeDosContacts } from '#src/contacts-register/import-dos-contacts.ts'
import { refreshIcbAreas } from '#src/directory/icb-areas.ts'
import { saveServices } from '#src/directory/save-services.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db, Tx } from '#src/platform/db/db.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import { lockProfiles } from '#src/profiles/load-profiles.ts'
import { loadCatalogue, storeCatalogue } from '#src/reference-data/reference-file.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { dateOf, toLondon } from '#src/rules/london-time.ts'
import { postcodeKey } from '#src/rules/postcode.ts'
import { boardAt, councilAt } from './areas.ts'
import { seedBusyServices } from './busy-services.ts'
import { seedClosedPharmacies } from './closed-pharmacies.ts'
import { seedDataQuality } from './data-quality.ts'
import { demoDosContacts } from './dos-contacts.ts'
import { seedFieldExamples } from './field-examples.ts'
import { seedFinderExamples } from './finder-examples.ts'
import { seedHelpDesk } from './help-desk.ts'
import { seedLocalServices } from './local-services.ts'
import { seedOnboarding } from './onboarding.ts'
import { demoOtherServices } from './other-services.ts'
import { storePastChecks } from './past-checks.ts'
import { DEMO_PEOPLE, DEMO_PROGRAM, type DemoPerson, LEADS_AREA } from './people.ts'
import { type DemoPharmacy, demoPharmacies } from './pharmacies.ts'
import { seedRecordEdits } from './record-edits.ts'
import { seedRota } from './rota.ts'
import { demoSuspensionContacts } from './suspension-contacts.ts'
import { inventedCatalogue } from './triage-codes.ts'
import { seedWrongPages } from './wrong-pages.ts'

const PHARMACIES = 1200
const BATCH = 200
const ACTOR = 'system:demo'
/** The row of reference_version that remembers how far the filling went. */
const PROGRESS = 'fictitious-directory'
const BEGUN = 0
const DONE = 1
/** Any number that no other lock of ours has. */
const TURN = 20_261_121

type Deps = {
  readonly db: Db
  readonly clock: Clock
  readonly holidays: HolidayCalendar
  /** The setting SECRETS_PEPPER. */
  readonly pepper: string
}

/**
 * Stores the fictitious directory, its people and its program. A start that was interrupted is finished by the next: what is stored
 * already is left alone, because writing it again changes nothing. Reports progress from 0 to 1.
 */
export async function seedDemo(
  { db, clock, holidays, pepper }: Deps,
  progress: (share: number) => void,
): Promise<void> {
  const now = clock.now()
  const recordedAt = now.toISOString()
  const pharmacies = demoPharmacies({ pharmacies: PHARMACIES, today: dateOf(toLondon(now).day), holidays })
  const others = demoOtherServices(1)
  await takingTurns(db, async (tx) => {
    await noteProgress(tx, BEGUN, recordedAt)
    await storePostcodes(tx, [...pharmacies.map(({ profile }) => placeOf(profile)), ...others])
    // Codes that somebody imported before the first start are theirs, and those that come later replace all of ours.
    if (!(await loadCatalogue(tx))) {
      const catalogue = { ...inventedCatalogue(), standIn: true }
      await storeCatalogue(tx, catalogue, { actor: ACTOR, action: 'seed', at: recordedAt })
    }
  })
  const steps = Math.ceil(pharmacies.length / BATCH) + Math.ceil(others.length / BATCH)
  let done = 0
  for (const batch of batches(others)) {
    await takingTurns(db, (tx) => saveServices(tx, batch, { actor: ACTOR, action: 'seed', recordedAt }))
    progress(++done / steps)
  }
  for (const batch of batches(pharmacies)) {
    await takingTurns(db, (tx) => storePharmacies(tx, batch, recordedAt))
    progress(++done / steps)
  }
  await takingTurns(db, (tx) => storeContacts(tx, demoSuspensionContacts(), recordedAt))
  await takingTurns(db, (tx) => storeDosContacts(tx, demoDosContacts(dateOf(toLondon(now).day)), { actor: ACTOR, now }))
  for (const person of DEMO_PEOPLE) {
    for (const { role, scope, days } of person.grants) {
      const expiresAt = days === undefined ? undefined : endOfLastDay(dateOf(toLondon(now).day + days))
      await grantRole(db, { email: person.email, role, scope }, { by: ACTOR, now, expiresAt })
    }
    await askFor(person, { db, clock, pepper })
  }
  await seedRota(db, now)
  await seedFieldExamples({ db, clock }, pharmacies)
  await seedOnboarding(db, clock)
  const linkKeyOf = (subject: string) => mailboxLinkKey(subject, pepper)
  await seedHelpDesk({ db, clock, pepper, holidays: () => holidays, linkKeyOf })
  await refreshIcbAreas(db)
  await seedLocalServices({ db, clock }, pharmacies)
  await seedRecordEdits({ db, clock })
  await seedDataQuality(db, now, LEADS_AREA)
  await seedBusyServices({ db, clock })
  await seedClosedPharmacies({ db, clock, holidays: () => holidays })
  await seedFinderExamples({ db, clock })
  await seedWrongPages({ db, clock, pepper, holidays: () => holidays })
  const saved = await saveApiAccount(db, DEMO_PROGRAM, { by: ACTOR, now, pepper })
  if (!saved.ok) throw new Error('The account of the fictitious program is not one that can be saved')
  await db.transact((tx) => noteProgress(tx, DONE, recordedAt))
}

/** Somebody who waits for access, so that a queue has something in it. Asking a second time is refused, and rightly. */
async function askFor({ email, name, asks }: DemoPerson, deps: Pick<Deps, 'db' | 'clock' | 'pepper'>): Promise<void> {
  if (!asks) return
  const { role, jobRole, odsCode } = asks
  const { id: personId } = await deps.db.pool
    .insertInto('person')
    .values({ email, name, created_at: deps.clock.now().toISOString() })
    .onConflict((on) => on.column('email').doUpdateSet({ name }))
    .returning('id')
    .executeTakeFirstOrThrow()
  const asker = { personId, email, name, grants: [] }
  await saveAsk({ ...deps, sharedMailboxDomains: [] }, asker, { name, jobRole, role, odsCodes: [odsCode] })
}

/**
 * Whether a start should fill the directory: it holds nothing at all yet, or an earlier start began to and was
 * interrupted. A directory that was imported is never touched.
 */
export async function shouldSeed(db: Db): Promise<boolean> {
  const progress = await db.pool
    .selectFrom('reference_version')
    .select('version')
    .where('name', '=', PROGRESS)
    .executeTakeFirst()
  if (progress) return progress.version === BEGUN
  const service = await db.pool.selectFrom('service').select('uid').limit(1).executeTakeFirst()
  return service === undefined
}

/** One transaction of the filling. Of two processes that start at once, the second finds each batch done by the first. */
function takingTurns<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transact(async (tx) => {
    await sql`select pg_advisory_xact_lock(${TURN})`.execute(tx)
    return work(tx)
  })
}

async function noteProgress(tx: Tx, version: number, updated_at: string): Promise<void> {
  await tx
    .insertInto('reference_version')
    .values({ name: PROGRESS, version, updated_at })
    .onConflict((on) => on.column('name').doUpdateSet({ version, updated_at }))
    .execute()
}

async function storePharmacies(tx: Tx, batch: readonly DemoPharmacy[], recordedAt: string): Promise<void> {
  const there = await lockProfiles(
    tx,
    batch.map(({ profile }) => profile.odsCode),
  )
  const fresh = batch.filter(({ profile }) => !there.has(profile.odsCode))
  const writes = fresh.map(({ profile, sections, services }) => ({
    before: undefined,
    profile,
    sections,
    newServices: services,
  }))
  await commitProfiles(tx, writes, { actor: ACTOR, action: 'seed', recordedAt, decides: false, onMeeting: 'keep' })
  await storePastChecks(tx, fresh)
}

type Placed = Pick<ServiceRecord, 'postcode' | 'latitude' | 'longitude' | 'easting' | 'northing'>

const placeOf = ({ address }: DemoPharmacy['profile']): Placed => ({
  postcode: address.postcode,
  latitude: address.position?.latitude ?? null,
  longitude: address.position?.longitude ?? null,
  easting: address.position?.easting ?? null,
  northing: address.position?.northing ?? null,
})

async function storePostcodes(tx: Tx, places: readonly Placed[]): Promise<void> {
  for (const batch of batches(places, 1000)) {
    const rows = batch.flatMap(({ postcode, latitude, longitude, easting, northing }) =>
      postcode && latitude !== null && longitude !== null
        ? [
            {
              ...{ postcode_key: postcodeKey(postcode), latitude, longitude, easting, northing, source: 'demo' },
              ...{ icb_code: boardAt(postcode), local_authority_code: councilAt(postcode) },
            },
          ]
        : [],
    )
    await tx
      .insertInto('postcode')
      .values(rows)
      .onConflict((on) => on.doNothing())
      .execute()
  }
}

function batches<T>(list: readonly T[], size = BATCH): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  )
}
