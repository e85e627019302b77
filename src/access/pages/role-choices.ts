/** Roles as radio buttons show them. */
import { type PharmacyRole, ROLE_WORDS } from '#src/rules/pharmacy-roles.ts'

/** One choice for each role, in the order given, as the NHS macro for radios takes them. */
export const roleChoices = (roles: readonly PharmacyRole[], chosen: string) =>
  roles.map((role) => ({
    value: role,
    text: ROLE_WORDS[role].label,
    hint: { text: ROLE_WORDS[role].hint },
    checked: role === chosen,
  }))
