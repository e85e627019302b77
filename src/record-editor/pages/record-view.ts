/** A record, and what an edit changes of it, in words. Pure. */
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import { changeLines, nameOf } from '#src/rules/change-lines.ts'
import { isClinical } from '#src/rules/clinical-changes.ts'
import { privateContactsIn } from '#src/rules/private-contacts.ts'
import { stageMeaning, stageName } from '#src/rules/service-lifecycle.ts'
import { nameWithAliases } from '#src/rules/service-types.ts'
import { fieldOf, type ReferralRole, type ServicePatch } from '../service-edit.ts'

export type FactLine = { readonly what: string; readonly text: string }
export type EditLine = {
  readonly what: string
  readonly before: string
  readonly after: string
  /** Whether a second person must agree to it. */
  readonly clinical: boolean
}

/** What the catalogue calls its codes. */
type CodeNames = Pick<TriageReference, 'types' | 'symptomGroupName' | 'discriminatorName' | 'dispositions' | 'roles'>

/** What stands above a page's title. */
export const captionOf = ({ uid, name }: ServiceRecord): string =>
  uid === 0 ? name || 'New service' : `${name} (${uid})`

/** The point goes with the postcode, and says nothing to people. */
const POINT: readonly string[] = ['easting', 'northing', 'latitude', 'longitude']

/** What some fields of a record say. A field that says nothing is there too: somebody may want to fill it. */
export function factsOf(record: ServiceRecord, fields: readonly string[], reference: CodeNames): readonly FactLine[] {
  const facts = fields
    .filter((field) => !POINT.includes(field))
    .flatMap((field): readonly FactLine[] => {
      const lines = linesOf(field, null, fieldOf(record, field), reference)
      if (lines.length === 0) return [{ what: nameOf(field), text: 'Not given' }]
      return lines.map(({ what, after }) => ({ what, text: after }))
    })
  const isPlaced = record.latitude !== null
  return fields.includes('latitude')
    ? [...facts, { what: 'On the map', text: isPlaced ? 'Yes, found by distance' : 'No: not found by distance' }]
    : facts
}

/** What an edit changes, line by line. */
export function editLines(
  { base, proposed }: { readonly base: ServicePatch; readonly proposed: ServicePatch },
  reference: CodeNames,
  toApprove: readonly string[] = [],
): readonly EditLine[] {
  const fields = Object.keys(proposed)
  const shown = fields.filter((field) => !POINT.includes(field) || !fields.includes('postcode'))
  return shown.flatMap((field) =>
    linesOf(field, base[field], proposed[field], reference).map(({ what, before, after }) => ({
      what,
      before,
      after,
      clinical: isClinical(field) || toApprove.includes(field),
    })),
  )
}

/** Codes that people know by a name are told by it. */
const linesOf = (field: string, before: unknown, after: unknown, reference: CodeNames) =>
  changeLines(field, namedCodes(field, before, reference), namedCodes(field, after, reference))

function namedCodes(field: string, value: unknown, reference: CodeNames): unknown {
  if (value === null || value === undefined) return value
  switch (field) {
    case 'status':
      return withMeaning(String(value))
    case 'typeId':
      return value === 0
        ? null
        : nameWithAliases(
            `${reference.types.get(Number(value))?.name ?? 'Not in the catalogue'} (${value})`,
            Number(value),
          )
    case 'sgsd':
      return Object.fromEntries(
        Object.entries(value as Readonly<Record<string, readonly number[]>>).map(([group, discriminators]) => [
          withName(group, reference.symptomGroupName(Number(group))),
          discriminators.map((code) => withName(code, reference.discriminatorName(code))),
        ]),
      )
    case 'dispositions':
      return (value as readonly number[]).map((code) => withName(code, reference.dispositions.get(code)?.name))
    case 'roles':
      return (value as readonly ReferralRole[])
        .map((role) => (typeof role === 'number' ? role : role.id))
        .map((code) => withName(code, reference.roles.get(code)))
    default:
      return value
  }
}

const withName = (code: number | string, name: string | null | undefined): string =>
  name ? `${code} ${name}` : `${code}`

const withMeaning = (status: string): string => {
  const meaning = stageMeaning(status)
  return meaning === '' ? status : `${stageName(status)}. ${meaning}`
}

/** What somebody should look at before a record is published; nothing of it stops them. */
export function warningsOf(record: ServiceRecord, proposed: ServicePatch): readonly string[] {
  const touched = Object.keys(proposed)
  const contacts = touched.includes('publicInformation')
    ? privateContactsIn(record.publicInformation ?? '', record).map(({ text, because }) =>
        because === 'not-public'
          ? `The public information says ${text}, which is not public. Everybody would read it.`
          : `The public information says ${text}. Everybody would read it.`,
      )
    : []
  const isLost = (touched.includes('postcode') || touched.includes('status')) && record.latitude === null
  return [...contacts, ...(isLost ? ['It has no place on the map: no search by distance finds it.'] : [])]
}
