/**
 * What the notice on the door of a closed pharmacy says, for its page and its PDF. Pure, and only of public facts: whoever
 * passes by reads it.
 *
 * Source: the approved particulars for a notice to patients about a temporary suspension: that services are suspended and
 * for how long, what to do about prescriptions and urgent needs, pharmacies nearby that are open.
 */
import { momentOf } from '#src/rules/suspension-notice.ts'
import type { OpenNearby } from './open-nearby.ts'

export type DoorFacts = {
  readonly pharmacy: string
  /** Names of the services that are closed; null: the whole pharmacy. */
  readonly services: readonly string[] | null
  /** Instants in milliseconds; `expectedAt` null: nobody knows. */
  readonly startsAt: number
  readonly expectedAt: number | null
  /** What the pharmacy tells its patients; null for nothing of its own. */
  readonly advice: string | null
  readonly nearby: readonly OpenNearby[]
  /** The instant at which those nearby were looked up: that of the notice, or the start of a closure to come. */
  readonly nearbyAt: number
  readonly now: number
  /** Where anybody sees what is so now. */
  readonly address: string
  /** Where anybody finds another pharmacy. */
  readonly findAddress: string
}

export type DoorNotice = {
  /** The largest words. */
  readonly title: string
  readonly pharmacy: string
  /** Since when, until when. */
  readonly lead: readonly string[]
  readonly advice: string | null
  readonly services: readonly string[]
  readonly sections: readonly { readonly heading: string; readonly lines: readonly string[] }[]
  readonly nearbyHeading: string
  readonly nearbyNote: string
  readonly nearby: readonly { readonly name: string; readonly lines: readonly string[] }[]
  readonly foot: readonly string[]
}

/** The notice in words. */
export function doorNotice(facts: DoorFacts): DoorNotice {
  const { services, startsAt, now, nearby } = facts
  const begun = startsAt <= now
  const whole = services === null
  return {
    title: titleOf(whole, begun),
    pharmacy: facts.pharmacy,
    lead: leadOf(facts, begun),
    advice: facts.advice,
    services: services ?? [],
    sections: [whole ? PRESCRIPTIONS : OTHER_NEEDS, URGENT],
    nearbyHeading: begun ? 'Pharmacies nearby that are open now' : 'Pharmacies nearby that are open when we close',
    nearbyNote: noteOf(facts),
    nearby: nearby.map(({ name, address, distance, phone, open }) => ({
      name,
      lines: [address, [`${distance} from here`, open, ...(phone === null ? [] : [`Phone ${phone}`])].join('. ')],
    })),
    foot: [`This notice was made at ${momentOf(now)}. What is so now:`, facts.address],
  }
}

function leadOf({ services, startsAt, expectedAt }: DoorFacts, begun: boolean): readonly string[] {
  const since = `${begun ? 'since' : 'from'} ${momentOf(startsAt)}.`
  if (services === null) {
    return [
      `Closed ${since}`,
      expectedAt === null
        ? 'We do not know yet when we will reopen.'
        : `We expect to reopen at ${momentOf(expectedAt)}.`,
    ]
  }
  return [
    `Not available ${since}`,
    expectedAt === null
      ? 'We do not know yet when they will be available again.'
      : `We expect them to be available again at ${momentOf(expectedAt)}.`,
    'We are open for everything else.',
  ]
}

function titleOf(whole: boolean, begun: boolean): string {
  if (whole) return begun ? 'Sorry, we are closed' : 'We will be closed'
  return begun ? 'Sorry, some of our services are not available' : 'Some of our services will not be available'
}

function noteOf({ nearby, nearbyAt, services, findAddress }: DoorFacts): string {
  const at = momentOf(nearbyAt)
  if (nearby.length === 0) {
    return `We know of no pharmacy nearby that is open at ${at}. Go to ${findAddress} to find one that opens later, or call 111.`
  }
  return `Open at ${at}. ${services === null ? 'Phone before you travel, if you can.' : 'Phone first to ask about the service that you need.'}`
}

type Section = DoorNotice['sections'][number]

const PRESCRIPTIONS: Section = {
  heading: 'Prescriptions and medicines',
  lines: [
    'If your prescription is with us and not ready, another pharmacy can ask for it. Tell them, or your GP surgery, that we are closed.',
    'You can take a paper prescription to any pharmacy.',
    'If you have run out of your medicine, go to 111.nhs.uk or call 111: they can arrange an emergency supply.',
  ],
}
const OTHER_NEEDS: Section = {
  heading: 'Prescriptions and medicines',
  lines: [
    'Ask us, unless your prescription is for a service that is not available: then ask another pharmacy or your GP surgery.',
    'If you have run out of your medicine, go to 111.nhs.uk or call 111: they can arrange an emergency supply.',
  ],
}
const URGENT: Section = {
  heading: 'If you need help urgently',
  lines: [
    'Go to 111.nhs.uk or call 111, at any time of day or night.',
    'In an emergency, when somebody’s life is at risk, call 999.',
  ],
}
