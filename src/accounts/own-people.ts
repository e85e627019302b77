/** Who belongs to a pharmacy: values that are for the pharmacy itself are shown to these people and to nobody else. */
import type { Actor } from './actor.ts'
import { can, PERMISSIONS, type Target } from './can.ts'

const OWN_SCOPES: readonly string[] = ['ods', 'group']

/** Whether a person's right is that of the pharmacy or of its head office, not that of an area or a desk. */
export const isOwnPerson = (actor: Actor, target: Target): boolean =>
  can(
    { ...actor, grants: actor.grants.filter(({ role }) => OWN_SCOPES.includes(PERMISSIONS[role].scope)) },
    'view-profile',
    target,
  )
