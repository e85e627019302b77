/** The area that a list of pharmacies' matters is about: what its address asks for, within the scope of whoever asks. */
import type { Scope } from '#src/accounts/can.ts'
import { type ChosenArea, chooseArea } from '#src/directory/area-choices.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import type { ListScope } from './match-pharmacies.ts'

/** An area that is none of theirs narrows nothing, and `chosen.unknown` says so. */
export async function narrowScope(
  db: Queryable,
  scope: Scope,
  asked: string,
): Promise<{ readonly chosen: ChosenArea; readonly scope: ListScope }> {
  const { everywhere, icbCodes } = scope
  const chosen = await chooseArea(db, everywhere ? { everywhere } : { everywhere: false, icbCodes }, asked)
  return { chosen, scope: { ...scope, area: chosen.area } }
}
