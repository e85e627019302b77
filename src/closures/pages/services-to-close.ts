/** The DoS services of a pharmacy that can be closed on their own, as a form lists them. */
import type { Queryable } from '#src/platform/db/db.ts'
import { loadServicesOf } from '#src/profiles/load-profiles.ts'
import { PHARMACY_TYPES } from '#src/rules/service-matching.ts'

export type ServiceToClose = { readonly uid: number; readonly name: string; readonly type: string }

const TYPE_NAMES: Readonly<Record<number, string>> = PHARMACY_TYPES

/** Those that the profile reaches, by uid. */
export async function loadServicesToClose(db: Queryable, odsCode: string): Promise<readonly ServiceToClose[]> {
  const services = await loadServicesOf(db, odsCode)
  return services
    .filter(({ profileOds }) => profileOds === odsCode)
    .map(({ record: { uid, publicName, name, typeId } }) => ({
      uid,
      name: publicName || name,
      type: TYPE_NAMES[typeId] ?? `Service type ${typeId}`,
    }))
}
