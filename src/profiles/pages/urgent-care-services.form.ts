/** The services that urgent care sends people to, as a form: body to command, or field problems. No I/O. */
import type { Profile } from '#src/profiles/profile.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import type { OfferedServiceKind } from '#src/rules/offered-services.ts'
import { accepted, type Result, refused } from '#src/rules/problems.ts'
import { dateFields, parseDateFields } from './date-fields.ts'
import type { Fields } from './fields.ts'
import { type OfferAnswers, offerFields, parseOffersForm, stockDate } from './services.form.ts'

/** What the urgent care services are answered with. */
export type UrgentCareAnswers = {
  readonly offers: OfferAnswers
  /** When somebody last looked at the stock, by the code of the service that is a promise to hold it. */
  readonly stockCheckedOn: Readonly<Record<string, LocalDate>>
}

/** The services as the form shows them. */
export const urgentCareFields = (services: Profile['services'], kinds: readonly OfferedServiceKind[]): Fields =>
  Object.assign(
    offerFields(services, kinds),
    ...kinds.map(({ code }) => {
      const checkedOn = services?.[code]?.stockCheckedOn
      return checkedOn ? dateFields(stockDate(code), checkedOn) : {}
    }),
  )

/** Reads the form. Whether a date is needed, and which, is the decision's to say. */
export function parseUrgentCareForm(fields: Fields, kinds: readonly OfferedServiceKind[]): Result<UrgentCareAnswers> {
  const offers = parseOffersForm(fields, kinds)
  if (!offers.ok) return offers
  const dates = kinds
    .filter(({ code, stock }) => stock && offers.value[code] === true)
    .map(({ code }) => ({ code, date: parseDateFields(fields, stockDate(code), 'The day you last checked the stock') }))
  const problems = dates.flatMap(({ date }) => (date && !date.ok ? date.problems : []))
  if (problems.length > 0) return refused(...problems)
  return accepted({
    offers: offers.value,
    stockCheckedOn: Object.fromEntries(dates.flatMap(({ code, date }) => (date?.ok ? [[code, date.value]] : []))),
  })
}
