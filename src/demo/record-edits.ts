/** Two changes of records that are under way: one waits for the lead of an area, one is the lead's own draft. */
import { sql } from 'kysely'
import { auditNameOf } from '#src/accounts/actor.ts'
import { serviceCounts } from '#src/directory/area.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { amendEdit } from '#src/record-editor/amend-edit.ts'
import { submitEdit } from '#src/record-editor/decide-edit.ts'
import { loadTriageReference } from '#src/reference-data/reference-file.ts'
import { LEADS_AREA } from './people.ts'
import { actorOf } from './person-row.ts'

/** From the first birthday on, in days, to the last day of the oldest age. */
const NO_BABIES: readonly [number, number] = [365.25, 47_481.5]

/** Writes both, once: what is there already is left alone. */
export async function seedRecordEdits({ db, clock }: { readonly db: Db; readonly clock: Clock }): Promise<void> {
  const reference = await loadTriageReference(db.pool)
  const deps = { db, clock, reference: () => reference }
  const { rows } = await sql<{ uid: number }>`
    select uid from service
    where profile_ods is null and status = 'ACTIVE' and record #> '{other,sgsd}' <> '{}'::jsonb
      and ${serviceCounts({ reach: { everywhere: false, icbCodes: [LEADS_AREA] } })}
      and not exists (select from service_edit where service_edit.uid = service.uid)
    order by uid limit 2`.execute(db.pool)
  const [desk, lead] = [await actorOf(db, clock, 'fiona.walsh'), await actorOf(db, clock, 'ivy.stone')]
  const begun = await db.pool
    .selectFrom('service_edit')
    .select('id')
    .where('author', '=', auditNameOf(desk))
    .executeTakeFirst()
  const [waits, drafted] = rows
  if (begun || !waits || !drafted) return
  const reason = 'They wrote to us: from this month they do not see children under one'
  const sent = await amendEdit(deps, desk, { of: { uid: waits.uid }, patch: { ages: [NO_BABIES] } })
  if (sent.outcome === 'saved') {
    await submitEdit(deps, desk, { id: sent.edit.id, expectedVersion: sent.edit.version, reason })
  }
  const patch = { publicInformation: 'Ring the bell at the side door after 6pm.' }
  await amendEdit(deps, lead, { of: { uid: drafted.uid }, patch })
}
