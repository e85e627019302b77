/** The services that urgent care sends people to, as a form: body to command, or field problems. No I/O. */
import type { Profile, ServiceAnswer } from '#src/profiles/profile.ts'
import type { OfferedServiceKind } from '#src/rules/offered-services.ts'
import { accepted, type Result, refused } from '#src/rules/problems.ts'
import { dateFields, parseDateFields } from './date-fields.ts'
import { type Fields, isUnreadable, proseIn } from './fields.ts'
import { type OfferAnswers, offerFields, parseOffersForm, stockDate, stockListField } from './services.form.ts'

/** When somebody last looked at a stock, and with which list they compared it. */
export type StockAnswer = Pick<ServiceAnswer, 'stockCheckedOn' | 'stockList'>

/** What the urgent care services are answered with. */
export type UrgentCareAnswers = {
  readonly offers: OfferAnswers
  /** What is said of the stock, by the code of the service that is a promise to hold it. */
  readonly stock: Readonly<Record<string, StockAnswer>>
}

/** The services as the form shows them. */
export const urgentCareFields = (services: Profile['services'], kinds: readonly OfferedServiceKind[]): Fields =>
  Object.assign(
    offerFields(services, kinds),
    ...kinds.map(({ code }) => {
      const { stockCheckedOn, stockList } = services?.[code] ?? {}
      return {
        ...(stockCheckedOn ? dateFields(stockDate(code), stockCheckedOn) : {}),
        ...(stockList ? { [stockListField(code)]: stockList } : {}),
      }
    }),
  )

/** Reads the form. Whether a date is needed, and which, is the decision's to say. */
export function parseUrgentCareForm(fields: Fields, kinds: readonly OfferedServiceKind[]): Result<UrgentCareAnswers> {
  const offers = parseOffersForm(fields, kinds)
  if (!offers.ok) return offers
  const stocks = kinds
    .filter(({ code, stock }) => stock && offers.value[code] === true)
    .map(({ code }) => ({ code, stock: readStock(fields, code) }))
  const problems = stocks.flatMap(({ stock }) => (stock.ok ? [] : stock.problems))
  if (problems.length > 0) return refused(...problems)
  return accepted({
    offers: offers.value,
    stock: Object.fromEntries(stocks.flatMap(({ code, stock }) => (stock.ok ? [[code, stock.value] as const] : []))),
  })
}

function readStock(fields: Fields, code: string): Result<StockAnswer> {
  const date = parseDateFields(fields, stockDate(code), 'The day you last checked the stock')
  const list = proseIn(fields, stockListField(code))
  const problems = [
    ...(date && !date.ok ? date.problems : []),
    ...(isUnreadable(list)
      ? [
          {
            field: stockListField(code),
            code: 'invalid',
            message: 'The name and version of the stock list must use letters, numbers and punctuation only',
          },
        ]
      : []),
  ]
  if (problems.length > 0) return refused(...problems)
  return accepted({
    ...(date?.ok ? { stockCheckedOn: date.value } : {}),
    ...(list === '' ? {} : { stockList: list }),
  })
}
