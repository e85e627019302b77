/** The form that changes the words of a notice to the ICB: body -> words | field problems. No I/O. */
import { type Fields, isUnreadable, proseIn } from '#src/platform/http/form-fields.ts'
import { parseEmail, parsePhone } from '#src/rules/contact-details.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { EDITABLE_FIELDS, type EditableField, type EditedWords, NOTICE_FIELDS } from '#src/rules/suspension-notice.ts'

/** The name of a particular in the form: `limit-impact`. */
export const fieldName = (key: EditableField): string =>
  key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** What every field says now; a blank one is a particular that is missing, which is allowed and shown. */
export function parseNoticeForm(fields: Fields): Result<EditedWords> {
  const words = Object.fromEntries(EDITABLE_FIELDS.map((key) => [key, proseIn(fields, fieldName(key))]))
  const problems = EDITABLE_FIELDS.flatMap((key) => problemOf(key, words[key] ?? ''))
  return problems.length > 0 ? refused(...problems) : accepted(words)
}

function problemOf(key: EditableField, value: string): readonly Problem[] {
  const field = NOTICE_FIELDS.find((each) => each.key === key)
  const most = field && 'most' in field ? field.most : 0
  const label = field?.label ?? key
  const problem = (code: string, message: string): readonly Problem[] => [{ field: fieldName(key), code, message }]
  if (isUnreadable(value)) return problem('unreadable', `“${label}” must be text that can be read`)
  if ([...value].length > most) return problem('too-long', `“${label}” must be ${most} characters or fewer`)
  if (value === '') return []
  const strange =
    key === 'completedEmail'
      ? parseEmail(value)
      : key === 'phone' || key === 'completedPhone'
        ? parsePhone(value)
        : undefined
  if (!strange || strange.ok) return []
  return strange.problems.map(({ code, message }) => ({ field: fieldName(key), code, message }))
}
