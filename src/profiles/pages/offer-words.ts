/** What a pharmacy says of its services, in words: for its pages, before and after, and conflicts. */

import { sameHoursWords } from '#src/profiles/kind-words.ts'
import type { Profile, ServiceAnswer } from '#src/profiles/profile.ts'
import { askedServices, onSiteReason } from '#src/profiles/remote-offers.ts'
import { formatDateShort } from '#src/rules/clock-time.ts'
import type { OfferedServiceKind } from '#src/rules/offered-services.ts'
import { serviceField, stockDate, stockListField } from './services.form.ts'
import type { Stated } from './stated.ts'
import { weekInWords } from './week-words.ts'

/** Yes or no to each of these services; the text is null where nobody has answered. */
export const statedOffers = ({ services }: Profile, kinds: readonly OfferedServiceKind[]): readonly Stated[] =>
  kinds.map(({ code, label }) => ({ key: serviceField(code), label, text: yesOrNo(services?.[code]) }))

const yesOrNo = (answer: ServiceAnswer | undefined): string | null => (answer ? (answer.offered ? 'Yes' : 'No') : null)

/** What is said of the stock of these services. */
export const statedStock = ({ services }: Profile, kinds: readonly OfferedServiceKind[]): readonly Stated[] =>
  kinds
    .filter(({ stock }) => stock)
    .flatMap(({ code, label }) => {
      const { stockCheckedOn, stockList } = services?.[code] ?? {}
      const checkedOn = stockCheckedOn ? formatDateShort(stockCheckedOn) : null
      return [
        { key: stockDate(code), label: `${label}: last checked`, text: checkedOn },
        { key: stockListField(code), label: `${label}: stock list`, text: stockList ?? null },
      ]
    })

/** When and how one service is given, value by value; only that it is not offered, where it is not. */
export function statedDetails(profile: Profile, { code }: OfferedServiceKind): readonly Stated[] {
  const answer = profile.services?.[code]
  const said = answer?.offered ? answer : undefined
  const when = (text: string | null | undefined) => (said ? (text ?? 'None') : null)
  return [
    { key: 'offered', label: 'Do you offer it?', text: yesOrNo(answer) },
    { key: 'hours', label: 'When you give it', text: said ? hoursOf(said, profile) : null },
    { key: 'appointment', label: 'By appointment only', text: said ? (said.byAppointment ? 'Yes' : 'No') : null },
    { key: 'booking-link', label: 'Booking link', text: when(said?.bookingLink) },
    { key: 'from', label: 'First day', text: when(said?.from && formatDateShort(said.from)) },
    { key: 'to', label: 'Last day', text: when(said?.to && formatDateShort(said.to)) },
  ]
}

const hoursOf = ({ hours }: ServiceAnswer, { kind }: Profile): string =>
  hours ? weekInWords(hours) : sameHoursWords(kind)

/** What there is to say of a service that is offered, beside that it is: one line each. */
export const detailLines = ({
  hours,
  byAppointment,
  bookingLink,
  from,
  to,
  stockCheckedOn,
  stockList,
}: ServiceAnswer): readonly string[] => [
  ...(hours ? [weekInWords(hours)] : []),
  ...(byAppointment ? ['By appointment only'] : []),
  ...(bookingLink ? [`Booking link ${bookingLink}`] : []),
  ...(from === null && to === null ? [] : [datesOf(from, to)]),
  ...(stockCheckedOn ? [`Stock last checked ${formatDateShort(stockCheckedOn)}`] : []),
  ...(stockList ? [`Stock list: ${stockList}`] : []),
]

function datesOf(from: ServiceAnswer['from'], to: ServiceAnswer['to']): string {
  const until = to && formatDateShort(to)
  if (from === null) return `Until ${until}`
  return until ? `${formatDateShort(from)} to ${until}` : `From ${formatDateShort(from)}`
}

/** Every service that the pharmacy may offer with all that is said of it, as one value each: for lists of everything. */
export const statedServices = (profile: Profile): readonly Stated[] =>
  askedServices(profile).map((kind) => ({
    key: serviceField(kind.code),
    label: kind.label,
    text: answerInWords(profile.services?.[kind.code], onSiteReason(profile.kind, kind)),
  }))

function answerInWords(answer: ServiceAnswer | undefined, reason: string | undefined): string | null {
  if (!answer) return null
  return [yesOrNo(answer), ...detailLines(answer), ...(answer.offered && reason ? [reason] : [])].join('. ')
}
