/** The list of services as a form, yes or no to each: body to command, or field problems. No I/O. */
import type { Profile } from '#src/profiles/profile.ts'
import type { OfferedServiceKind } from '#src/rules/offered-services.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { type Fields, lineIn } from './fields.ts'

/** Whether each service is offered, by its code. A service that is absent stays as it is. */
export type OfferAnswers = Readonly<Record<string, boolean>>

/** The field of a service: its code as field names are written. */
export const serviceField = (code: string): string => code.toLowerCase()

/** The boxes of the day on which somebody last looked at the stock of a service. */
export const stockDate = (code: string): string => `${serviceField(code)}-checked`

/** The box for the list with which the stock of a service was compared. */
export const stockListField = (code: string): string => `${serviceField(code)}-list`

/** The list as the form shows it. A service that nobody answered has no answer yet. */
export const offerFields = (services: Profile['services'], kinds: readonly OfferedServiceKind[]): Fields =>
  Object.fromEntries(
    kinds.flatMap(({ code }) => {
      const answer = services?.[code]
      return answer ? [[serviceField(code), answer.offered ? 'yes' : 'no']] : []
    }),
  )

/** The form after "answer no to the rest" was pressed; undefined for any other button. Leads to the first such answer. */
export function offersFormAfter(
  fields: Fields,
  button: string,
  kinds: readonly OfferedServiceKind[],
): { fields: Fields; at: string } | undefined {
  if (button !== 'no-to-the-rest') return undefined
  const blank = kinds.map(({ code }) => serviceField(code)).filter((field) => lineIn(fields, field) === '')
  return {
    fields: { ...fields, ...Object.fromEntries(blank.map((field) => [field, 'no'])) },
    at: blank[0] ?? 'form',
  }
}

/** Reads the form. Services may stay without an answer, but not all of them. */
export function parseOffersForm(fields: Fields, kinds: readonly OfferedServiceKind[]): Result<OfferAnswers> {
  const read = kinds.map((kind) => ({ kind, answer: lineIn(fields, serviceField(kind.code)) }))
  const strange = read.filter(({ answer }) => !['', 'yes', 'no'].includes(answer))
  if (strange.length > 0) return refused(...strange.map(({ kind }) => unclear(kind)))
  const given = read.filter(({ answer }) => answer !== '')
  const [first] = kinds
  if (given.length === 0 && first) {
    return refused(problem(serviceField(first.code), 'missing', 'Select yes or no for at least one service'))
  }
  return accepted(Object.fromEntries(given.map(({ kind, answer }) => [kind.code, answer === 'yes'])))
}

/** The problems of a decision at the fields of a list: `service-SRV0560` is the field `srv0560`. */
export const inListFields = (problems: readonly Problem[]): readonly Problem[] =>
  problems.map((found) => ({ ...found, field: listFieldOf(found.field) }))

function listFieldOf(field: string): string {
  const [, part = '', code = ''] = /^([a-z]+)-(.+)$/.exec(field) ?? []
  if (part === 'list') return stockListField(code)
  return part === 'stock' ? `${stockDate(code)}-day` : serviceField(code)
}

const unclear = ({ code, label }: OfferedServiceKind): Problem =>
  problem(serviceField(code), 'invalid', `Select yes or no for ${label}`)

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
