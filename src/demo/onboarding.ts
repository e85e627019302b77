/** Two pharmacies on their way to a referral service, so that neither side's pages are empty. */
import { sql } from 'kysely'
import { signUp } from '#src/onboarding/sign-up.ts'
import { takeStep } from '#src/onboarding/take-step.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { REFERRAL_SERVICES } from '#src/rules/onboarding-steps.ts'
import { LEADS_AREA } from './people.ts'
import { LARGEST_GROUP } from './pharmacies.ts'

const DEV = { personId: 0, email: 'dev.patel@nhsmail.example', name: 'Dev Patel', grants: [] }
const ROSA = { personId: 0, email: 'rosa.whitlock@pharmacy.example', name: 'Rosa Whitlock', grants: [] }
const IVY = { personId: 0, email: 'ivy.stone@nhsmail.example', name: 'Ivy Stone', grants: [] }
const HOUR_MS = 3_600_000

/** Signs them up, once: a second start finds them there. A branch of the largest group has an entry to check; the other waits. */
export async function seedOnboarding(db: Db, clock: Clock): Promise<void> {
  const at = (hoursAgo: number) => ({
    db,
    clock: { ...clock, now: () => new Date(clock.now().getTime() - hoursAgo * HOUR_MS) },
    sharedMailboxOf: () => null,
  })
  const missing = await missingServices(db)
  const branch = missing.find(({ parentCode }) => parentCode === LARGEST_GROUP.code)
  const other = missing.find(({ parentCode }) => parentCode !== LARGEST_GROUP.code)
  if (other) await signUp(at(30), ROSA, other)
  const signed = branch && (await signUp(at(50), DEV, branch))
  if (signed?.outcome !== 'signed-up') return
  const asked = { id: signed.id, whose: { odsCode: branch?.odsCode ?? '' }, side: 'team', words: null } as const
  await takeStep(at(4), IVY, { ...asked, step: 'profile', expectedVersion: 1, entry: 'new' })
}

type Missing = { readonly odsCode: string; readonly parentCode: string | null; readonly serviceCode: string }

/** A referral service that is not live, for each pharmacy of the lead's area that lacks one and does not say no to it. */
async function missingServices(db: Db): Promise<readonly Missing[]> {
  const types = REFERRAL_SERVICES.map(({ code, dosType }) => ({ code, type_id: dosType }))
  const { rows } = await sql<Missing>`
    select distinct on (pharmacy.ods_code) pharmacy.ods_code as "odsCode", kind.code as "serviceCode",
      pharmacy.document #>> '{commissioning,parentCode}' as "parentCode"
    from profile pharmacy
    cross join jsonb_to_recordset(${JSON.stringify(types)}::jsonb) as kind (code text, type_id integer)
    where pharmacy.status = 'open' and pharmacy.document ->> 'kind' = 'community'
      and pharmacy.document -> 'commissioning' ->> 'icbCode' = ${LEADS_AREA}
      and coalesce((pharmacy.document #>> array['services', kind.code, 'offered'])::boolean, true)
      and not exists (
        select from service
        where service.ods_five = pharmacy.ods_code and service.type_id = kind.type_id and service.status = 'ACTIVE')
    order by pharmacy.ods_code, kind.type_id`.execute(db.pool)
  return rows
}
