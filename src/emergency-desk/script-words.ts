/** What a caller hears, and what whoever answers asks and says: made from the rota and the calendar, never written by hand. */

import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { formatDate, formatTime } from '#src/rules/clock-time.ts'
import { dateOf, instantOf, type LocalDate, type LondonTime, toLondon } from '#src/rules/london-time.ts'
import { desksDaysOff, lineAt, lineChanges, rotaFaults, type Shift, type Spell } from '#src/rules/on-call.ts'
import type { DeskNumbers } from './desk-deps.ts'
import { untilWords } from './desk-words.ts'

/** How far ahead messages are written for bank holidays. */
export const MESSAGES_AHEAD_DAYS = 35
const DAY_MS = 86_400_000

export type ScriptFacts = {
  readonly now: Date
  readonly holidays: HolidayCalendar
  readonly shifts: readonly Shift[]
  readonly numbers: DeskNumbers
  /** Where a pharmacy closes without signing in, without its scheme: `signpost.example/closed-now`. */
  readonly tool: string
}

/** A message for recording. */
export type Message = Spell & {
  /** `From now until 5pm today`. */
  readonly when: string
  readonly paragraphs: readonly string[]
  /** Whether nobody is on call for some of this time. */
  readonly hasGap: boolean
}

/** What callers hear now, what they hear next, and what they hear over the bank holidays of the next weeks. */
export function recordedMessages(facts: ScriptFacts): readonly Message[] {
  const { now, holidays } = facts
  const start = now.getTime()
  const edges = [start, ...lineChanges({ startsAt: start, endsAt: start + MESSAGES_AHEAD_DAYS * DAY_MS }, holidays)]
  return edges.slice(0, -1).flatMap((startsAt, index) => {
    const spell = { startsAt, endsAt: edges[index + 1] ?? startsAt }
    return index < 2 || daysOffIn(spell, holidays).length > 0 ? [messageFor(spell, facts)] : []
  })
}

function messageFor(spell: Spell, facts: ScriptFacts): Message {
  const { now, holidays, shifts } = facts
  const today = toLondon(now).day
  const [from, until] = [toLondon(new Date(spell.startsAt)), toLondon(new Date(spell.endsAt))]
  const begins = spell.startsAt === now.getTime() ? 'now' : untilWords(from, today)
  const when = `From ${begins} until ${untilWords(until, today)}`
  if (lineAt(from, holidays) === 'service-desk') return { ...spell, when, paragraphs: inHours(facts), hasGap: false }
  const hasGap = rotaFaults(shifts, spell, holidays).some(({ what }) => what === 'gap')
  return { ...spell, when, paragraphs: outOfHours(spell, until, hasGap, facts), hasGap }
}

const LINE = 'This is the emergency line for pharmacies in England that are closed when they should be open.'
const URGENT = 'If you are a patient, hang up and call 111.'

const inHours = ({ numbers, tool }: ScriptFacts): readonly string[] => [
  `${LINE} ${URGENT}`,
  numbers.serviceDesk
    ? `The service desk is open now. Please ring the service desk on ${numbers.serviceDesk}.`
    : 'The service desk is open now. Please ring the service desk.',
  `Or say it yourself, without signing in: go to ${spoken(tool)}.`,
]

function outOfHours(
  spell: Spell,
  opens: LondonTime,
  hasGap: boolean,
  { holidays, tool, numbers }: ScriptFacts,
): readonly string[] {
  const daysOff = daysOffIn(spell, holidays)
  const because =
    daysOff.length > 0
      ? `O${listed(daysOff.map(({ date, title }) => `on ${withoutYear(date)}, ${title},`)).slice(1)} the service desk is closed.`
      : 'The service desk is closed.'
  const desk = numbers.serviceDesk ? ` on ${numbers.serviceDesk}` : ''
  const opensWords = `${formatTime(opens.minute)} on ${withoutYear(dateOf(opens.day))}`
  return [
    `${LINE} ${URGENT}`,
    `${because} It opens again at ${opensWords}.`,
    `You can say now that your pharmacy is closed, on any phone or computer, without signing in. Go to ${spoken(tool)}. We send a code to your pharmacy’s shared mailbox or ring its number.`,
    hasGap
      ? `If that does not work, ring the service desk${desk} from ${opensWords}. At some times before that nobody is on call.`
      : 'If that does not work, hold the line. Whoever is on call will help you.',
    `If it can wait, ring the service desk${desk} from ${opensWords}.`,
  ]
}

/** The bank holidays on which the desk would be open but for them. */
function daysOffIn({ startsAt, endsAt }: Spell, holidays: HolidayCalendar) {
  return desksDaysOff(toLondon(new Date(startsAt)).day, toLondon(new Date(endsAt)).day, holidays).filter(
    ({ date }) => instantOf({ day: Date.parse(date) / DAY_MS, minute: 0 }).getTime() < endsAt,
  )
}

/** `Friday 25 December`: within weeks nobody says the year. */
export const withoutYear = (date: LocalDate): string => formatDate(date).replace(/ \d{4}$/, '')

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(' ')} and ${words.at(-1)}`

/** An address as it is read out: `signpost dot example slash closed hyphen now`. */
export function spoken(address: string): string {
  return address
    .replace(/^https?:\/\//, '')
    .replaceAll('.', ' dot ')
    .replaceAll('/', ', slash ')
    .replaceAll('-', ' hyphen ')
    .replace(/:(\d+)/, ' colon $1')
}

export type Step = { readonly title: string; readonly ask: readonly string[]; readonly readBack: string | null }

/** Whom a step names: from the rota. */
export type RungPeople = {
  readonly first: { readonly name: string; readonly phone: string } | undefined
  readonly second: { readonly name: string; readonly phone: string } | undefined
}

/** What whoever answers asks and says, step by step. */
export function callSteps(facts: Omit<ScriptFacts, 'shifts'>, { first, second }: RungPeople): readonly Step[] {
  const { now, holidays, numbers, tool } = facts
  const isDesk = lineAt(toLondon(now), holidays) === 'service-desk'
  const desk = numbers.serviceDesk ?? 'its usual number'
  return [
    isDesk
      ? {
          title: 'The service desk is open',
          ask: [
            `“The service desk is open. Please ring ${desk}.”`,
            'Take the call yourself only if that cannot work, and write down why.',
          ],
          readBack: `“You will ring ${desk} now. Is there anything that stops you?”`,
        }
      : {
          title: 'Answer the call',
          ask: [
            '“You are through to the on-call team for pharmacy closures. What is your name, and where can I ring you back?”',
            'Do not ask about patients, and write nothing about them.',
            whoElse(first, second),
          ],
          readBack: '“You are … and I can reach you on …”',
        },
    {
      title: 'Find the pharmacy',
      ask: ['“Which pharmacy? Do you know its ODS code? It is 5 letters and numbers, like FA002.”'],
      readBack: '“That is … in …, ODS code …”',
    },
    {
      title: 'Help them to do it themselves',
      ask: [
        `“Have you tried to close it yourself? You do not need to sign in. Go to ${spoken(tool)}.”`,
        'If they have not tried, send the link to the pharmacy’s shared mailbox and stay on the line.',
        'If it did not work, write down why.',
      ],
      readBack: null,
    },
    {
      title: 'Make sure who they are',
      ask: [
        'Send a code to the pharmacy’s shared mailbox and ask for its 6 numbers.',
        'If they cannot read the mailbox, ask the 2 questions that the screen shows. Enter what they say. Never tell them an answer.',
      ],
      readBack: null,
    },
    {
      title: 'Act for them',
      ask: [
        '“Since when is it closed, why, and when do you expect to open again?”',
        'Write down why you act for them and when you will look at it again.',
      ],
      readBack: '“I will say that … is closed from … until … because …. Is that right?”',
    },
    {
      title: 'Read back what you did',
      ask: ['The screen shows the words after each change.'],
      readBack:
        '“I have told 111 and the public page that … is closed. We are emailing your owner, the local team and the service desk.”',
    },
  ]
}

function whoElse(first: RungPeople['first'], second: RungPeople['second']): string {
  if (!first && !second) return 'Nobody is on call now. Tell the service desk.'
  if (!second) return 'There is no second on call now.'
  return `A call that is not answered within 10 minutes goes to the second on call: ${second.name}, ${second.phone}.`
}
