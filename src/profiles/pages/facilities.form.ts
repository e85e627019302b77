/** The facilities form, three states to each: body to command, or field problems. No I/O. */
import type { FacilityAnswer, Profile } from '#src/profiles/profile.ts'
import type { FacilityKind } from '#src/rules/facilities.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { type Fields, isUnreadable, lineIn, proseIn } from './fields.ts'

/** What is said of each facility, by id; null: not stated. A facility that is absent stays as it is. */
export type FacilityAnswers = Readonly<Record<string, FacilityAnswer | null>>

/** The fields of a facility. */
export const facilityField = (id: string): string => `facility-${id}`
export const measureField = (id: string): string => `measure-${id}`
export const noteField = (id: string): string => `note-${id}`

/** The facilities as the form shows them. */
export const facilityFields = (facilities: Profile['facilities'], kinds: readonly FacilityKind[]): Fields =>
  Object.assign({}, ...kinds.map(({ id }) => fieldsOfOne(id, facilities?.[id])))

function fieldsOfOne(id: string, answer: FacilityAnswer | undefined): Fields {
  if (!answer) return { [facilityField(id)]: 'not-stated' }
  return {
    [facilityField(id)]: answer.has ? 'yes' : 'no',
    [measureField(id)]: answer.measure === undefined ? '' : String(answer.measure),
    [noteField(id)]: answer.note ?? '',
  }
}

/** The form with the fields of one facility as they are in `from`. */
export function withFacilityFrom(fields: Fields, from: Fields, id: string): Fields {
  const names = [facilityField(id), measureField(id), noteField(id)]
  const others = Object.entries(fields).filter(([name]) => !names.includes(name))
  return Object.fromEntries([...others, ...Object.entries(from).filter(([name]) => names.includes(name))])
}

/**
 * Reads the form; limits are the decision's to say. `shown` are the answers that it was opened with: boxes that still
 * say so may stay filled beside "not stated", but words typed there are asked about, so that nobody's are dropped.
 */
export function parseFacilitiesForm(
  fields: Fields,
  kinds: readonly FacilityKind[],
  shown: Profile['facilities'],
): Result<FacilityAnswers> {
  const before = facilityFields(shown, kinds)
  const read = kinds.map((kind) => ({ kind, answer: readFacility(fields, kind, before) }))
  const problems = read.flatMap(({ answer }) => (answer && !answer.ok ? answer.problems : []))
  if (problems.length > 0) return refused(...problems)
  return accepted(
    Object.fromEntries(read.flatMap(({ kind, answer }) => (answer?.ok ? [[kind.id, answer.value] as const] : []))),
  )
}

/** Undefined when the form says nothing of the facility. */
function readFacility(fields: Fields, kind: FacilityKind, before: Fields): Result<FacilityAnswer | null> | undefined {
  const { id, label } = kind
  switch (lineIn(fields, facilityField(id))) {
    case 'yes':
      return readAnswer(fields, kind, true)
    case 'no':
      return readAnswer(fields, kind, false)
    case 'not-stated':
      return [measureField(id), noteField(id)].every((name) => saysAsBefore(fields, before, name))
        ? accepted(null)
        : refused(
            problem(facilityField(id), 'contradiction', `Select yes or no for ${label}, or clear what you entered`),
          )
    case '':
      return undefined
    default:
      return refused(problem(facilityField(id), 'invalid', `Select yes, no or not stated for ${label}`))
  }
}

const saysAsBefore = (fields: Fields, before: Fields, name: string): boolean =>
  ['', proseIn(before, name)].includes(proseIn(fields, name))

/** What is not there has no measure. */
function readAnswer(fields: Fields, { id, label, measure }: FacilityKind, has: boolean): Result<FacilityAnswer> {
  const note = proseIn(fields, noteField(id))
  if (isUnreadable(note)) {
    const message = `The note on ${label} must use letters, numbers and punctuation only`
    return refused(problem(noteField(id), 'invalid', message))
  }
  const number = lineIn(fields, measureField(id))
  return accepted({
    has,
    ...(has && measure && number !== '' ? { measure: numberIn(number) } : {}),
    ...(note === '' ? {} : { note }),
  })
}

/** `1,200`, `850 mm`; what is no number becomes NaN, which no limits allow. */
function numberIn(text: string): number {
  const [, digits = ''] = /^(\d{1,6}|\d{1,3},\d{3}) ?(mm|millimetres|m|metres|rooms)?$/i.exec(text) ?? []
  return digits === '' ? Number.NaN : Number(digits.replace(',', ''))
}

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
