/** Two local services of the fictitious lead, one of them late for its review, so that the catalogue is not empty. */
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { makeLocalService } from '#src/record-editor/local/keep-local.ts'
import { loadTriageReference } from '#src/reference-data/reference-file.ts'
import { dateOf, dayOf, londonDateOf } from '#src/rules/london-time.ts'
import { DEMO_PEOPLE } from './people.ts'
import type { DemoPharmacy } from './pharmacies.ts'

const LEAD = DEMO_PEOPLE.find(({ grants }) => grants.some(({ role }) => role === 'lead'))
const LATE_DAYS = 9
/** They stand beside the pharmacy that somebody owns here. */
const BESIDE = 'FZ0D1'

const SERVICES = [
  {
    name: 'Falls advice line',
    typeId: 20,
    code: 14_501,
    mailbox: 'falls.team@council.example',
    months: 6,
    isLate: true,
  },
  {
    name: 'Warm space at the library',
    typeId: 11,
    code: 14_502,
    mailbox: 'libraries@council.example',
    months: 12,
    isLate: false,
  },
] as const

/** Makes them once: a filling that begins anew does not make them again. */
export async function seedLocalServices(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  pharmacies: readonly DemoPharmacy[],
): Promise<void> {
  const made = await db.pool.selectFrom('local_service').select('uid').limit(1).executeTakeFirst()
  const address = pharmacies.find(({ profile }) => profile.odsCode === BESIDE)?.profile.address
  if (made || !LEAD || !address?.position) return
  const { latitude, longitude, easting, northing } = address.position
  const reference = await loadTriageReference(db.pool)
  const actor = { personId: 0, email: LEAD.email, name: LEAD.name, grants: LEAD.grants }
  for (const { name, typeId, code, mailbox, months, isLate } of SERVICES) {
    const place = { postcode: address.postcode, latitude, longitude, easting, northing }
    const result = await makeLocalService({ db, clock, reference: () => reference }, actor, {
      patch: { name, typeId, status: 'COMMISSIONING', ...place },
      clinical: { sgsd: { 360: [code] } },
      owner: { kind: 'team', name: `${name} team`, mailbox, months },
    })
    if (result.outcome === 'refused') throw new Error(result.problems.map(({ message }) => message).join('. '))
    if (!isLate) continue
    const reviewOn = dateOf(dayOf(londonDateOf(clock.now())) - LATE_DAYS)
    await db.pool.updateTable('local_service').set({ review_on: reviewOn }).where('uid', '=', result.uid).execute()
  }
}
