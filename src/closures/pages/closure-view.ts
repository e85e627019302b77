/** What the page of one closure says. Pure: the closure, what happened to it and the minute in, words out. */
import { momentInWords } from '#src/profiles/closure-words.ts'
import { formatMoment } from '#src/profiles/names-and-moments.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { type ClosureAct, type ClosureState, closureStateAt, refusalOf } from '#src/rules/closure-states.ts'
import { formatLondon, londonDateOf, toLondon } from '#src/rules/london-time.ts'
import { TRAINING_PHARMACY } from '#src/rules/ods-code.ts'
import type { ClosureEvent, ClosureEventName, StoredClosure } from '../closure-records.ts'

/** From this length on a closure is confirmed every week, and the ICB sees it. Source: closures over 5 days, spec F31. */
export const LONG_CLOSURE_MS = 5 * 86_400_000

export type ClosureFacts = {
  readonly closure: StoredClosure
  readonly events: readonly ClosureEvent[]
  readonly profile: Profile
  /** The names of the services that are closed; null: the whole pharmacy. */
  readonly services: readonly string[] | null
  readonly now: Date
  readonly nameOf: (actor: string) => string
}

type Row = { readonly key: string; readonly value: string }
export type ClosureWords = {
  readonly state: ClosureState
  readonly title: string
  readonly tag: { readonly text: string; readonly colour: string }
  /** The state in a sentence. */
  readonly lead: string
  readonly rows: readonly Row[]
  /** What the public page says while it is closed; empty when it is over. */
  readonly publicLines: readonly string[]
  readonly events: readonly { readonly what: string; readonly when: string; readonly who: string }[]
  readonly long: string | null
  readonly may: Readonly<Record<ClosureAct, boolean>>
}

const TITLES: Readonly<Record<ClosureState, string>> = {
  planned: 'Closure planned',
  closed: 'Closed',
  reopened: 'Closure over',
  expired: 'Closure over',
  cancelled: 'Closure cancelled',
}
const TAGS: Readonly<Record<ClosureState, ClosureWords['tag']>> = {
  planned: { text: 'Planned', colour: 'yellow' },
  closed: { text: 'Closed now', colour: 'red' },
  reopened: { text: 'Over', colour: 'grey' },
  expired: { text: 'Over', colour: 'grey' },
  cancelled: { text: 'Cancelled', colour: 'grey' },
}

/** The words of the page. */
export function closureWords(facts: ClosureFacts): ClosureWords {
  const { closure, events, now } = facts
  const state = closureStateAt(closure, now.getTime())
  const isOver = state !== 'planned' && state !== 'closed'
  const may = (act: ClosureAct) => refusalOf(act, closure, now.getTime()) === undefined
  return {
    state,
    title: facts.services && state === 'closed' ? servicesWords(facts.services, 'closed') : TITLES[state],
    tag: TAGS[state],
    lead: leadOf(facts, state),
    rows: rowsOf(facts, state),
    publicLines: isOver ? [] : publicLinesOf(facts, state),
    events: events.filter(({ event }) => event !== 'written-on').map((event) => eventRow(event, facts)),
    long: isOver ? null : longWords(closure),
    may: { reopen: may('reopen'), expect: may('expect'), confirm: may('confirm'), cancel: may('cancel') },
  }
}

function leadOf({ closure, now }: ClosureFacts, state: ClosureState): string {
  const since = momentIn(closure.startsAt, now)
  switch (state) {
    case 'planned':
      return `Starts at ${since}. ${expectedWords(closure.expectedAt, now)}.`
    case 'closed':
      return `Closed since ${since}. ${expectedWords(closure.expectedAt, now)}.`
    case 'reopened':
      return `Reopened at ${momentIn(closure.endedAt ?? 0, now)}, after it closed at ${since}.`
    case 'expired':
      return `Over since ${momentIn(closure.expectedAt ?? 0, now)}, as expected. It closed at ${since}.`
    case 'cancelled':
      return `It was planned from ${since}, and cancelled before it started.`
  }
}

const expectedWords = (expectedAt: number | null, now: Date): string =>
  expectedAt === null ? 'Nobody knows yet when it will reopen' : `Expected to reopen at ${momentIn(expectedAt, now)}`

function rowsOf({ closure, services, now, nameOf }: ClosureFacts, state: ClosureState): readonly Row[] {
  const { filledInBy, phone, toldBy, toldAt } = closure
  const isComing = state === 'planned' || state === 'closed'
  return [
    { key: 'What is closed', value: services === null ? 'The whole pharmacy' : services.join('; ') },
    { key: state === 'planned' ? 'Starts' : 'Closed from', value: capital(momentIn(closure.startsAt, now)) },
    ...(isComing
      ? [
          {
            key: 'Expected to reopen',
            value: closure.expectedAt === null ? 'Not known yet' : capital(momentIn(closure.expectedAt, now)),
          },
        ]
      : []),
    { key: 'Reason (professionals only)', value: closure.reason },
    { key: 'Advice for patients', value: closure.advice ?? 'None' },
    { key: 'Told by', value: `${whoOf(toldBy, nameOf)}, ${formatMoment(toldAt, londonDateOf(now))}` },
    ...(filledInBy || phone
      ? [{ key: 'Contact for the NHS', value: [filledInBy, phone].filter(Boolean).join(', ') }]
      : []),
  ]
}

function publicLinesOf({ closure, services, now }: ClosureFacts, state: ClosureState): readonly string[] {
  const reopens =
    closure.expectedAt === null
      ? 'We do not know when it will reopen'
      : `Expected to reopen at ${momentIn(closure.expectedAt, now)}`
  const advice = closure.advice ? [closure.advice] : []
  if (state === 'planned') {
    const what = services === null ? 'closed' : `${services.join(', ')} closed`
    return [`From ${momentIn(closure.startsAt, now)}: ${what}. ${reopens}.`, ...advice]
  }
  return [`${services === null ? 'Closed now' : servicesWords(services, 'closed')}. ${reopens}.`, ...advice]
}

/** `1 service closed`, `2 services`. */
export const servicesWords = (services: readonly unknown[], what = ''): string =>
  `${services.length === 1 ? '1 service' : `${services.length} services`} ${what}`.trim()

const EVENTS: Readonly<Record<ClosureEventName, string>> = {
  told: 'Told that it is closed',
  changed: 'Changed the expected time of reopening',
  confirmed: 'Said that it is still closed',
  asked: 'Asked if it is open again',
  reminded: 'Reminded that it is about to reopen',
  reopened: 'Reopened',
  expired: 'Over, at the expected time',
  cancelled: 'Cancelled',
  'written-on': 'Written into the hours of the coming days',
}

function eventRow({ event, actor, happenedAt, detail }: ClosureEvent, { now, nameOf, closure }: ClosureFacts) {
  const { until, nobody } = detail as { readonly until?: string | null; readonly nobody?: true }
  const isPlan = event === 'told' && closure.startsAt > Date.parse(happenedAt)
  const changed =
    until === null
      ? 'Not known when it will reopen'
      : `Expected to reopen at ${momentInWords(until ?? '', toLondon(now))}`
  return {
    what:
      event === 'changed' && until !== undefined ? changed : isPlan ? 'Planned the closure' : doneWords(event, nobody),
    when: capital(formatMoment(happenedAt, londonDateOf(now))),
    who: whoOf(actor, nameOf),
  }
}

/** What we did by ourselves; `nobody`: there was nobody whom we could ask. */
const doneWords = (event: ClosureEventName, nobody: boolean | undefined): string =>
  nobody
    ? `${event === 'asked' ? 'Time to ask if it is open again' : 'About to reopen'}: there was nobody to tell`
    : EVENTS[event]

/** People by their names, whoever had a code as that, and what happens by itself as ours. */
const whoOf = (actor: string, nameOf: (actor: string) => string): string =>
  actor.startsWith('system:') ? 'Signpost' : nameOf(actor)

function longWords({ odsCode, startsAt, expectedAt }: StoredClosure): string | null {
  if (odsCode === TRAINING_PHARMACY) {
    return 'This is the training pharmacy: nobody else learns of its closure. For a real one this page shows after how many seconds NHS 111 and the public know.'
  }
  if (expectedAt === null) {
    return 'Until you say when you reopen, we ask by email every 2 hours, at hours in which you would be open.'
  }
  if (expectedAt - startsAt <= LONG_CLOSURE_MS) return null
  return 'We ask every week if a closure of more than 5 days is still right. Your integrated care board (ICB) can see it.'
}

const momentIn = (milliseconds: number, now: Date): string =>
  momentInWords(formatLondon(toLondon(new Date(milliseconds))), toLondon(now))

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
