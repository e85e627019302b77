/** "A pharmacy near you is closed": to neighbours and GP surgeries that asked for it. Text: closure-nearby.njk */
import type { Email, EmailSecrets } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type ClosureNearby = {
  readonly kind: 'closure-nearby'
  readonly recipient: string
  readonly listenerId: number
  /** The pharmacy or surgery that is told. */
  readonly name: string
  readonly closureId: string
  readonly change: 'told' | 'reopened' | 'expired' | 'cancelled'
  readonly odsCode: string
  readonly pharmacyName: string
  readonly postcode: string
  /** Names of the services that are closed; null: the whole pharmacy. */
  readonly services: readonly string[] | null
  /** In words, like `10:34am on Friday 11 December 2026`. */
  readonly from: string
  /** When it reopens or did, in words; null: nobody knows. */
  readonly until: string | null
  /** Whether it has begun. */
  readonly begun: boolean
  /** What patients are told; null for nothing of its own. */
  readonly advice: string | null
  /** For professionals only; null when there is none. */
  readonly professionalPhone: string | null
  /** Pharmacies that are open, one line each. */
  readonly alternatives: readonly string[]
}

const render = emailText<{
  name: string
  headline: string
  change: ClosureNearby['change']
  services: string
  from: string
  until: string | null
  advice: string | null
  professionalPhone: string | null
  alternatives: readonly string[]
  publicAddress: string
  stopAddress: string
}>('emails/closure-nearby.njk')

/** What makes the link of a listener one that cannot be guessed, as `EmailSecrets.linkKeyOf` is asked for it. */
export const listenerKeyId = (listenerId: number): string => `closure-listener ${listenerId}`

/** Writes the email. One change of the state of a closure, one email a listener. */
export function writeClosureNearby(facts: ClosureNearby, baseUrl: string, secrets: EmailSecrets): Email {
  const { closureId, change, listenerId, odsCode } = facts
  const pharmacy = oneLine(`${facts.pharmacyName}, ${facts.postcode} (${odsCode})`)
  const key = secrets.linkKeyOf(listenerKeyId(listenerId))
  const event = (of: ClosureNearby['change']) => `closure-nearby ${listenerId} ${closureId} ${of}`
  const headline = headlineOf(facts)
  return {
    event: event(change),
    recipient: facts.recipient,
    subject: oneLine(`${pharmacy} ${headline}`),
    thread: change === 'told' ? [] : [event('told')],
    inTurn: `closure-nearby ${closureId}`,
    text: render({
      name: oneLine(facts.name),
      headline: `${pharmacy} ${headline}`,
      change,
      services: facts.services?.map(oneLine).join('; ') ?? '',
      from: facts.from,
      until: facts.until,
      advice: facts.advice === null ? null : oneLine(facts.advice),
      professionalPhone: facts.professionalPhone === null ? null : oneLine(facts.professionalPhone),
      alternatives: facts.alternatives.map(oneLine),
      publicAddress: `${baseUrl}/pharmacies/${odsCode}`,
      stopAddress: `${baseUrl}/closure-emails/${listenerId}/${key}`,
    }),
    secretWords: key === '' ? [] : [key],
  }
}

function headlineOf({ change, services, begun }: ClosureNearby): string {
  if (change === 'cancelled') return 'will not close after all'
  const some = services !== null
  if (change !== 'told') return some ? 'gives all its services again' : 'is open again'
  if (begun) return some ? 'does not give some of its services' : 'is closed'
  return some ? 'will not give some of its services' : 'will be closed'
}
