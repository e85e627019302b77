/** The forms of a member's access and of an invitation: body to command, or field problems. No I/O. */
import { parseSignInEmail } from '#src/accounts/people.ts'
import { dateFields, parseDateFields } from '#src/platform/http/date-fields.ts'
import { type Fields, lineIn } from '#src/platform/http/form-fields.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { lastDayOf, type PharmacyRole, parsePharmacyRole } from '#src/rules/pharmacy-roles.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'

export type RoleUntil = { readonly role: PharmacyRole; readonly lastDay: LocalDate | null }

/** Reads a role and the last day of access. */
export function parseRoleForm(fields: Fields, today: LocalDate): Result<RoleUntil> {
  const role = parsePharmacyRole(lineIn(fields, 'role'))
  const date = parseDateFields(fields, 'last-day', 'Last day')
  const wrongDate = date && !date.ok ? date.problems : []
  if (!role) return refused(problem('role', 'missing', 'Select what they need to do'), ...wrongDate)
  if (date && !date.ok) return refused(...date.problems)
  const found = lastDayOf(role, date?.value ?? null, today)
  return typeof found === 'string'
    ? refused(problem('last-day-day', 'invalid', found))
    : accepted({ role, lastDay: found.lastDay })
}

/** Reads an invitation. */
export function parseInviteForm(fields: Fields, today: LocalDate): Result<RoleUntil & { readonly email: string }> {
  const email = parseSignInEmail(lineIn(fields, 'email'))
  const rest = parseRoleForm(fields, today)
  const noAddress = problem('email', 'invalid', 'Enter an email address in the correct format, like name@nhs.net')
  if (!email) return refused(noAddress, ...(rest.ok ? [] : rest.problems))
  return rest.ok ? accepted({ ...rest.value, email }) : rest
}

/** The fields as they stand for what somebody has now. */
export const roleFields = ({ role, lastDay }: RoleUntil): Fields => ({
  role,
  ...(lastDay ? dateFields('last-day', lastDay) : {}),
})

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
