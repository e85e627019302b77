/** Which field of a pharmacy's profile a finding is about, for asking the pharmacy. */
import { type AskedField, parseAskedField, parseHeldField } from '#src/rules/asked-fields.ts'
import { WEEKDAYS } from '#src/rules/london-time.ts'

const BY_RULE: Readonly<Record<string, AskedField>> = {
  'blank-holidays': 'holidays',
  'missing-phone': 'phone',
  'missing-type': 'services',
  'missing-website': 'website',
  'not-placed': 'place',
  'pin-far': 'place',
  'unknown-hours': 'weekly',
  'unknown-postcode': 'place',
}

/** The field to ask about; `other` where a finding is about none in particular. */
export function askedFieldOf({ rule, subject }: { readonly rule: string; readonly subject: string }): AskedField {
  if (!rule.startsWith('differs-')) return BY_RULE[rule] ?? 'other'
  const part = subject.split(' ').at(-1) ?? ''
  if (WEEKDAYS.some((day) => day === part)) return 'weekly'
  return parseAskedField(part) ?? 'place'
}

type Asked = { readonly rule: string; readonly subject: string; readonly uid: number | null }

/** The form that asks the pharmacy. */
export const askAddress = (odsCode: string, finding: Asked): string =>
  `/workspace/queries/new?${new URLSearchParams({
    ...{ ods: odsCode, field: askedFieldOf(finding) },
    ...(finding.uid === null ? {} : { uid: String(finding.uid) }),
  })}`

/** The form that proposes another value to the pharmacy; null for what cannot be proposed. */
export function proposeAddress(odsCode: string, finding: Asked): string | null {
  const field = finding.rule.startsWith('differs-') ? parseHeldField(askedFieldOf(finding)) : undefined
  return field === undefined ? null : `/workspace/proposals/new?${new URLSearchParams({ ods: odsCode, field })}`
}
