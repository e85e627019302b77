/** Two pharmacies on their way to a referral service, so that neither side's pages are empty. */
import { sql } from 'kysely'
import { signUp } from '#src/onboarding/sign-up.ts'
import { takeStep } from '#src/onboarding/take-step.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { REFERRAL_SERVICES } from '#src/rules/onboarding-steps.ts'
import { BENS_PHARMACY, LEADS_AREA } from './people.ts'

const BEN = { personId: 0, email: 'ben.okafor@nhsmail.example', name: 'Ben Okafor', grants: [] }
const ROSA = { personId: 0, email: 'rosa.whitlock@pharmacy.example', name: 'Rosa Whitlock', grants: [] }
const IVY = { personId: 0, email: 'ivy.stone@nhsmail.example', name: 'Ivy Stone', grants: [] }
const HOUR_MS = 3_600_000

/** Signs them up, once: a second start finds them there. One waits for the team, the other for its pharmacy. */
export async function seedOnboarding(db: Db, clock: Clock): Promise<void> {
  const at = (hoursAgo: number) => ({
    db,
    clock: { ...clock, now: () => new Date(clock.now().getTime() - hoursAgo * HOUR_MS) },
    sharedMailboxOf: () => null,
  })
  const wanted = await missingServices(db)
  for (const [index, given] of wanted.entries()) {
    const signed = await signUp(at(50 - index * 20), given.odsCode === BENS_PHARMACY ? BEN : ROSA, given)
    if (signed.outcome !== 'signed-up' || given.odsCode !== BENS_PHARMACY) continue
    const asked = { id: signed.id, whose: { odsCode: BENS_PHARMACY }, side: 'team', words: null } as const
    await takeStep(at(4), IVY, { ...asked, step: 'profile', expectedVersion: 1, entry: 'new' })
  }
}

/** A referral service that is not live at a pharmacy that Ben manages, and one at another pharmacy of the lead's area. */
async function missingServices(db: Db): Promise<readonly { readonly odsCode: string; readonly serviceCode: string }[]> {
  const types = REFERRAL_SERVICES.map(({ code, dosType }) => ({ code, type_id: dosType }))
  const { rows } = await sql<{ odsCode: string; serviceCode: string }>`
    select distinct on (pharmacy.ods_code) pharmacy.ods_code as "odsCode", kind.code as "serviceCode"
    from profile pharmacy
    cross join jsonb_to_recordset(${JSON.stringify(types)}::jsonb) as kind (code text, type_id integer)
    where pharmacy.status = 'open' and pharmacy.document ->> 'kind' = 'community'
      and (pharmacy.document -> 'commissioning' ->> 'icbCode' = ${LEADS_AREA} or pharmacy.ods_code = ${BENS_PHARMACY})
      and coalesce((pharmacy.document #>> array['services', kind.code, 'offered'])::boolean, true)
      and not exists (
        select from service
        where service.ods_five = pharmacy.ods_code and service.type_id = kind.type_id and service.status = 'ACTIVE')
    order by pharmacy.ods_code, kind.type_id`.execute(db.pool)
  const own = rows.filter(({ odsCode }) => odsCode === BENS_PHARMACY)
  return [...own, ...rows.filter(({ odsCode }) => odsCode !== BENS_PHARMACY).slice(0, 1)]
}
