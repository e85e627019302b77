/** Values that were asked for, in words, for both sides. */

import type { AskedValue } from '#src/profiles/asked-values.ts'
import { type ComparedValue, comparedValues, fieldLabel } from '#src/profiles/held-field-words.ts'
import { formatMomentIn } from '#src/profiles/names-and-moments.ts'
import type { Profile } from '#src/profiles/profile.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import type { Choice, ListedValue, Side } from '../values.ts'
import type { Row, Tag } from './query-words.ts'

/** What a value is, whoever reads it: `Proposal`, `Waits: the field is held`, `Two values to choose from`. */
export function valueTag({ kind, state }: Pick<AskedValue, 'kind' | 'state'>): Tag {
  switch (state) {
    case 'conflict':
      return { text: 'Two values to choose from', colour: 'red' }
    case 'open':
      return kind === 'waiting'
        ? { text: 'Waits for the hold to end', colour: 'yellow' }
        : { text: 'Proposed', colour: 'blue' }
    default:
      return { text: ENDED[state], colour: 'grey' }
  }
}

const ENDED = {
  taken: 'Saved',
  agreed: 'Settled',
  declined: 'Declined',
  withdrawn: 'Withdrawn',
  replaced: 'Sent again',
} as const

/** A value in a list. */
export const valueRow = (value: ListedValue, side: Side, nameOf: (actor: string) => string): Row => ({
  address: valueAddress(value, side),
  title:
    side === 'lead'
      ? `${value.pharmacyName}, ${value.odsCode}: ${fieldLabel(value.field, 'community').toLowerCase()}`
      : fieldLabel(value.field, 'community'),
  lines: [
    `${value.kind === 'waiting' ? 'Sent' : 'Proposed'} by ${nameOf(value.person)} on ${formatMomentIn(value.askedAt)}`,
  ],
  tag: valueTag(value),
})

export const valueAddress = ({ id, odsCode }: Pick<AskedValue, 'id' | 'odsCode'>, side: Side): string =>
  side === 'lead' ? `/workspace/conflicts/${id}` : `/manage/${odsCode}/queries/values/${id}`

/** What the page of a value says. */
export type ValueWords = {
  readonly intro: string
  readonly names: { readonly asked: string; readonly standing: string }
  readonly lines: readonly ComparedValue[]
  readonly buttons: readonly { readonly value: Choice; readonly text: string }[]
}

/** A value and what stands, in the words of one side. */
export function valueWords(
  value: AskedValue,
  profile: Profile,
  {
    side,
    choices,
    holidays,
    nameOf,
  }: {
    readonly side: Side
    readonly choices: readonly Choice[]
    readonly holidays: HolidayCalendar
    readonly nameOf: (actor: string) => string
  },
): ValueWords {
  const isProposal = value.kind === 'proposal'
  const who = nameOf(value.person)
  return {
    intro: introOf(value, who, nameOf),
    names: {
      asked: isProposal ? `Proposed by ${who}` : `Sent by ${who}`,
      standing: 'In the profile now',
    },
    lines: comparedValues(profile, value.field, value, holidays),
    buttons: choices.map((choice) => ({ value: choice, text: BUTTONS[side][value.kind][choice] })),
  }
}

const BUTTONS: Readonly<Record<Side, Readonly<Record<AskedValue['kind'], Readonly<Record<Choice, string>>>>>> = {
  pharmacy: {
    proposal: { take: 'Use what is proposed', leave: 'Keep what the profile says' },
    waiting: { take: 'Use what was sent', leave: 'Keep what the profile says' },
  },
  lead: {
    proposal: { take: '', leave: 'Withdraw the proposal' },
    waiting: { take: 'Let it through', leave: '' },
  },
}

function introOf(
  { kind, state, askedAt, metBy, metAt, problem }: AskedValue,
  who: string,
  nameOf: (actor: string) => string,
) {
  const sent =
    kind === 'waiting'
      ? `${who} sent this on ${formatMomentIn(askedAt)}, while the field was held.`
      : `${who} proposed this on ${formatMomentIn(askedAt)}.`
  if (state !== 'conflict') return sent
  if (problem) return `${sent} It could not be saved by itself: ${problem}.`
  const met = metBy?.startsWith('person:') ? nameOf(metBy) : 'The profile'
  return metBy?.startsWith('person:')
    ? `${sent} ${met} changed the field on ${formatMomentIn(metAt ?? askedAt)}. Both values are kept, and a person chooses.`
    : `${sent} The field changed meanwhile. Both values are kept, and a person chooses.`
}

/** How a value ended; null while nobody has decided. */
export function endedWords(value: AskedValue, nameOf: (actor: string) => string): string | null {
  const { state, decidedBy, decidedAt, words } = value
  if (state === 'open' || state === 'conflict' || !decidedAt) return null
  const who = decidedBy?.startsWith('person:') ? ` by ${nameOf(decidedBy)}` : ''
  return [`${ENDED[state]}${who} on ${formatMomentIn(decidedAt)}.`, ...(words ? [`They said: ${words}`] : [])].join(' ')
}
