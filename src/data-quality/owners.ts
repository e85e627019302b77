/** Who looks after the findings of a rule, in an area or in all of England. */
import type { Db, Queryable } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'

/** Stands for all of England: holds where an area names nobody. */
export const ENGLAND_OWNER = ''

export type RuleOwner = {
  readonly rule: string
  readonly areaCode: string
  readonly owner: string
  readonly version: number
}

/** The owners of these areas and of England, of every rule or of one. */
export async function loadOwners(
  db: Queryable,
  { areaCodes, rule }: { readonly areaCodes: readonly string[]; readonly rule?: string },
): Promise<readonly RuleOwner[]> {
  const rows = await db
    .selectFrom('quality_owner')
    .select(['rule', 'area_code as areaCode', 'owner', 'version'])
    .where('area_code', '=', (value) => value.fn.any(value.val([...areaCodes, ENGLAND_OWNER])))
    .$if(rule !== undefined, (query) => query.where('rule', '=', rule ?? ''))
    .orderBy('area_code')
    .execute()
  return rows
}

/** Who looks after a rule in an area: its own owner, else that of England; null: nobody is named. */
export function ownerIn(owners: readonly RuleOwner[], rule: string, areaCode: string): string | null {
  const of = (code: string) => owners.find((each) => each.rule === rule && each.areaCode === code)?.owner
  return of(areaCode) ?? of(ENGLAND_OWNER) ?? null
}

/** Names an owner. `expectedVersion` is that of the row that was read, 0 for none; `conflict`: somebody else was faster. */
export function saveOwner(
  db: Db,
  { rule, areaCode, owner, expectedVersion }: Omit<RuleOwner, 'version'> & { readonly expectedVersion: number },
  { actor, now }: { readonly actor: string; readonly now: Date },
): Promise<'saved' | 'conflict'> {
  const at = now.toISOString()
  return db.transact(async (tx) => {
    const before = await tx
      .selectFrom('quality_owner')
      .select(['owner', 'version'])
      .where('rule', '=', rule)
      .where('area_code', '=', areaCode)
      .forUpdate()
      .executeTakeFirst()
    if ((before?.version ?? 0) !== expectedVersion) return 'conflict'
    if (before?.owner === owner) return 'saved'
    const row = { owner, version: expectedVersion + 1, changed_at: at, changed_by: actor }
    const { numInsertedOrUpdatedRows: written } = await tx
      .insertInto('quality_owner')
      .values({ rule, area_code: areaCode, ...row })
      .onConflict((on) =>
        on.columns(['rule', 'area_code']).doUpdateSet(row).where('quality_owner.version', '=', expectedVersion),
      )
      .executeTakeFirst()
    if (!written) return 'conflict'
    const detail = { rule, areaCode, before: before?.owner ?? null, after: owner }
    await appendToLedger(tx, at, [
      { actor, action: 'name-quality-owner', target: `quality-rule:${rule}`, detail, changes: [] },
    ])
    return 'saved'
  })
}
