/** What an edit may not say, in words for whoever edits: asked when a section is saved, and again before it is published. */
import { sql } from 'kysely'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { FIELD_CHECKS } from '#src/reference-data/service-line-checks.ts'
import { nameOf } from '#src/rules/change-lines.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { pharmacyCodeOf } from '#src/rules/ods-code.ts'
import type { Problem } from '#src/rules/problems.ts'
import { mayMove, nextStages, stageName } from '#src/rules/service-lifecycle.ts'
import { lifecycleOf } from '#src/rules/service-types.ts'
import { clinicalProblems } from './clinical-check.ts'
import type { EditDeps } from './edit-deps.ts'
import { keepsToItsOwn, ownerOf, type RecordOwner } from './record-owner.ts'
import { fieldOf, type ServicePatch } from './service-edit.ts'

export type CheckedEdit = {
  /** As it is now; `BLANK_SERVICE` for one that is being made. */
  readonly record: ServiceRecord
  readonly patch: ServicePatch
  /** As it would be with everything that the edit says. */
  readonly after: ServiceRecord
}

/** What each rule may ask. */
export type CheckContext = { readonly reference: ReturnType<EditDeps['reference']>; readonly owner: RecordOwner }

type Check = (edit: CheckedEdit, context: CheckContext) => readonly Problem[]

/** The rules that need no database. A further part of the record adds its own here. */
const CHECKS: readonly Check[] = [ownProblems, formatProblems, typeProblems, statusProblems, clinicalProblems]

/** Everything against a patch; none: it may be kept. Never throws for what a person wrote. */
export async function checkPatch(
  db: Queryable,
  { clock, reference }: EditDeps,
  edit: CheckedEdit,
): Promise<readonly Problem[]> {
  const held = { record: edit.record, profileOds: await profileOf(db, edit.record.uid) }
  const profile = await pharmacyOf(db, edit.record)
  const owner = ownerOf(held, profile, londonDateOf(clock.now()))
  const context = { reference: reference(), owner }
  return [...CHECKS.flatMap((check) => check(edit, context)), ...(await parentProblems(db, edit))]
}

/** What else must be there before an edit is published: a new service has a name, a type and a place. */
export function missingProblems({ record, after }: Pick<CheckedEdit, 'record' | 'after'>): readonly Problem[] {
  if (record.uid !== 0) return []
  return [
    ...(after.name.trim() === '' ? [problem('name', 'missing', 'Enter the name of the service')] : []),
    ...(after.typeId === 0 ? [problem('typeId', 'missing', 'Choose what type of service it is')] : []),
    ...(after.postcode === null ? [problem('postcode', 'missing', 'Enter the postcode of the service')] : []),
  ]
}

/** The profile of the pharmacy whose code a service carries; undefined when there is none. */
export async function pharmacyOf(db: Queryable, { odsCode }: ServiceRecord): Promise<Profile | undefined> {
  return odsCode === null ? undefined : (await loadProfile(db, pharmacyCodeOf(odsCode)))?.profile
}

async function profileOf(db: Queryable, uid: number): Promise<string | null> {
  const row = await db.selectFrom('service').select('profile_ods').where('uid', '=', uid).executeTakeFirst()
  return row?.profile_ods ?? null
}

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })

function ownProblems({ patch }: CheckedEdit, { owner }: CheckContext): readonly Problem[] {
  const kept = keepsToItsOwn(patch, owner)
  return kept.ok ? [] : kept.problems
}

/** What the interchange format refuses, so that everything that is published can be exported and read again. */
function formatProblems({ patch }: CheckedEdit): readonly Problem[] {
  return Object.entries(patch).flatMap(([field, value]) => {
    const check = Object.hasOwn(FIELD_CHECKS, field) ? FIELD_CHECKS[field] : undefined
    // In a patch, null of a field in `other` means that the record shall not have it.
    if (!check || value === null) return []
    return check(value).map((fault) => problem(field, 'not-valid', `${nameOf(field)} ${fault}`))
  })
}

function typeProblems({ patch, record }: CheckedEdit, { reference }: CheckContext): readonly Problem[] {
  const { typeId } = patch
  if (typeId === undefined || typeId === record.typeId) return []
  if (!reference.types.has(typeId)) return [problem('typeId', 'unknown', 'Choose a type from the list')]
  if (lifecycleOf(typeId) === 'retired') {
    return [problem('typeId', 'retired', 'This type is not given to services any more. Choose another')]
  }
  return []
}

function statusProblems({ patch, record }: CheckedEdit): readonly Problem[] {
  const { status } = patch
  const from = record.uid === 0 ? 'DRAFT' : record.status
  if (status === undefined || (status === record.status && from !== 'DRAFT') || mayMove(from, status)) return []
  const ways = nextStages(from).map((stage) => stageName(stage).toLowerCase())
  const instead = ways.length === 0 ? 'This is final' : `It can become ${ways.join(' or ')}`
  return [
    problem('status', 'no-way', `A service that is ${stageName(from).toLowerCase()} cannot become that. ${instead}`),
  ]
}

/** A parent is there, and nobody is above themselves: permissions and regions are inherited along this line. */
async function parentProblems(db: Queryable, { patch, record }: CheckedEdit): Promise<readonly Problem[]> {
  const parent = patch.parentUid
  if (parent === undefined || parent === null || parent === fieldOf(record, 'parentUid')) return []
  const { rows } = await sql<{ uid: number }>`
    with recursive above as (
      select uid, record -> 'other' ->> 'parentUid' as parent from service where uid = ${parent}
      union
      select service.uid, service.record -> 'other' ->> 'parentUid' from service
      join above on above.parent ~ '^[0-9]{1,10}$' and service.uid = above.parent::bigint
    )
    select uid from above`.execute(db)
  if (rows.length === 0) return [problem('parentUid', 'unknown', 'No service has this number')]
  if (rows.some(({ uid }) => uid === record.uid)) {
    return [problem('parentUid', 'circle', 'This service lies above that one already. Choose another')]
  }
  return []
}
