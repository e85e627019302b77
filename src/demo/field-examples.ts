/** A question and a held field, so that the workspace of the fictitious lead is not empty. */
import { holdField } from '#src/field-queries/holds.ts'
import { askPharmacy } from '#src/field-queries/save-query.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { dateOf, instantOf, toLondon } from '#src/rules/london-time.ts'
import { DEMO_PEOPLE, LEADS_AREA } from './people.ts'
import type { DemoPharmacy } from './pharmacies.ts'

const LEAD = DEMO_PEOPLE.find(({ grants }) => grants.some(({ role }) => role === 'lead'))
/** The pharmacy that somebody owns here, and will be asked. */
const ASKED = 'FZ0D1'
const DAYS = 7

/** Asks and holds once: a filling that begins anew does not ask again. */
export async function seedFieldExamples(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  pharmacies: readonly DemoPharmacy[],
): Promise<void> {
  const asked = await db.pool.selectFrom('field_query').select('id').limit(1).executeTakeFirst()
  if (asked || !LEAD) return
  const { email, name } = LEAD
  const deps = { db, clock, sharedMailboxOf: () => null }
  const { id: personId } = await db.pool
    .insertInto('person')
    .values({ email, name, created_at: clock.now().toISOString() })
    .onConflict((on) => on.column('email').doUpdateSet({ name }))
    .returning('id')
    .executeTakeFirstOrThrow()
  const actor = { personId, email, name, grants: [] }
  const { day } = toLondon(clock.now())
  const somebodys = new Set(DEMO_PEOPLE.flatMap(({ grants }) => grants.map(({ scope }) => scope.replace('ods:', ''))))
  const held = pharmacies.find(
    ({ profile }) => profile.commissioning.icbCode === LEADS_AREA && !somebodys.has(profile.odsCode),
  )
  if (held) {
    await holdField(deps, actor, {
      ...{ odsCode: held.profile.odsCode, field: 'weekly', endsAt: instantOf({ day: day + DAYS, minute: 0 }) },
      reason: 'Patients found it shut on 2 Saturdays. We are waiting for the superintendent to ring back.',
    })
  }
  await askPharmacy(deps, actor, {
    ...{ odsCode: ASKED, field: 'phone', uid: null, replyBy: dateOf(day + DAYS) },
    question: '111 rang your public number twice on Saturday and nobody answered. Is it the right one for weekends?',
    ifNoReply: 'We ring the pharmacy. If we reach nobody, we hold the field until we do.',
  })
}
