/** One event of a profile's history in words. */
import type { HistoryEvent } from '#src/profiles/history.ts'
import { keylessWords } from '#src/profiles/keyless-actors.ts'
import type { Profile, ProfileKind } from '#src/profiles/profile.ts'
import { partDifferences, partTitle } from '#src/profiles/section-words.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import type { Difference } from './stated.ts'
import { formatMomentIn } from './time-words.ts'

export type EventWords = {
  /** `Changed: Contact details, Bank holidays`. */
  readonly what: string
  readonly when: string
  readonly who: string
  readonly lines: readonly Difference[]
  /** How many lines there are beside those. */
  readonly more: number
}

export type PartWords = { readonly title: string; readonly differences: readonly Difference[] }

export type HistoryContext = {
  readonly nameOf: (actor: string) => string
  /** Of the pharmacy; a check alone does not tell it. */
  readonly kind: ProfileKind
  readonly holidays: HolidayCalendar
  /** Whether the reader may see values that are not for everybody. */
  readonly seesAll: boolean
  readonly most: number
}

/** The words of an event, with the first `most` of its differences. */
export function eventWords(event: HistoryEvent, context: HistoryContext): EventWords {
  const lines = partsInWords(event, context).flatMap(({ differences }) => differences)
  return {
    what: whatOf(event, context.kind),
    when: formatMomentIn(event.at),
    who: whoOf(event.actor, context.nameOf),
    lines: event.before === null ? [] : lines.slice(0, context.most),
    more: event.before === null ? 0 : Math.max(0, lines.length - context.most),
  }
}

/** A person, somebody with a code, what ends by itself, or nobody. */
function whoOf(actor: string, nameOf: (actor: string) => string): string {
  if (actor.startsWith('person:')) return nameOf(actor)
  if (actor === 'system:closures') return 'Signpost, by itself'
  return keylessWords(actor) ?? 'From the NHS list'
}

/** What differs from the version before, part by part. A first version has everything that it says. */
export function partsInWords(
  { before, after, parts }: HistoryEvent,
  { holidays, seesAll }: HistoryContext,
): readonly PartWords[] {
  if (!after) return []
  return parts
    .map((part) => ({
      title: partTitle(part, after.kind),
      differences: partDifferences(before ?? nothingSaid(after), after, part, holidays).map((difference) =>
        seesAll || difference.isPublic ? difference : hidden(difference),
      ),
    }))
    .filter(({ differences }) => differences.length > 0)
}

/** A profile that says nothing, as what stood before a first version. */
const nothingSaid = ({ contract: _, delivery: __, ...after }: Profile): Profile => ({
  ...after,
  name: '',
  address: { lines: [], postcode: '', position: null },
  contact: {},
  weekly: after.weekly.map(() => null),
  holidays: {},
  changes: [],
  services: {},
  facilities: {},
})

/** That a value changed may be told to whoever may not read it. */
const hidden = ({ key, label }: Difference): Difference => ({
  key,
  label,
  before: null,
  after: 'Changed. Only the pharmacy sees this value',
})

/** What is done to a closure, which is more than a change of a section. */
const CLOSURE_ACTIONS: Readonly<Record<string, string>> = {
  'close-pharmacy': 'Told a closure',
  'reopen-pharmacy': 'Reopened',
  'change-closure': 'Changed: expected time of reopening',
  'confirm-closure': 'Still closed',
  'cancel-closure': 'Cancelled a closure',
  'end-closure': 'Closure over, at the expected time',
  'write-closure-on': 'Still closed, as nobody knows until when',
}

function whatOf({ kind, before, parts, restored, action }: HistoryEvent, of: ProfileKind): string {
  const titles = parts.map((part) => partTitle(part, of)).join(', ')
  if (kind === 'check') return `Checked, everything is correct: ${titles}`
  if (before === null) return 'First version of this profile'
  if (restored !== null) return `Restored from version ${restored}: ${titles}`
  if (action === 'approve-place-change') return `Approved: ${titles}`
  if (Object.hasOwn(CLOSURE_ACTIONS, action)) return CLOSURE_ACTIONS[action] ?? titles
  return titles === '' ? 'Changed: facts of the contract, such as the head office or area' : `Changed: ${titles}`
}
