/** Where a code to close a pharmacy can go: what is on record for it, and what of that may be shown to whoever asks. */
import type { Keyless } from '#src/profiles/keyless-actors.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { parsePhone } from '#src/rules/contact-details.ts'
import { TRAINING_PHARMACY } from '#src/rules/ods-code.ts'
import { lastDigits, type PhoneWay, waysToReach } from '#src/rules/reachable-phone.ts'
import { sharedMailboxOf } from '#src/rules/shared-mailbox.ts'

export const CHANNELS = ['mailbox', 'call-public', 'text-public', 'text-professional', 'call-professional'] as const
export type Channel = (typeof CHANNELS)[number]

/** How the audit names whoever had the code. */
export const keylessOf = (channel: Channel): Keyless => (channel === 'mailbox' ? 'mailbox' : 'phone')

/** Where a code goes. `shown` is what its asker reads of it: never the whole address or number. */
export type Destination = { readonly shown: string } & (
  | { readonly by: 'email'; readonly address: string }
  | { readonly by: PhoneWay; readonly number: string }
)

/** What this installation can do. */
export type Reach = { readonly domains: readonly string[]; readonly hasPhone: boolean }

/** Where a code goes by a channel; undefined when the pharmacy has nothing on record for it. */
export function destinationOf(
  profile: Profile,
  channel: Channel,
  { domains, hasPhone }: Reach,
): Destination | undefined {
  if (channel === 'mailbox') {
    const address = sharedMailboxOf(profile, domains)
    return address === null ? undefined : { by: 'email', address, shown: maskedAddress(address) }
  }
  const [way, which] = channel.split('-') as [PhoneWay, 'public' | 'professional']
  const given = which === 'public' ? profile.contact.phone : profile.contact.professionalPhone
  const number = parsePhone(given ?? '')
  if (!hasPhone || !number.ok || !waysToReach(given).includes(way)) return undefined
  return { by: way, number: number.value, shown: `the phone number that ends in ${lastDigits(number.value)}` }
}

/** `ph…@nhs.net`: its people know it again, and nobody else learns it. */
function maskedAddress(address: string): string {
  const [name = '', domain = ''] = address.split('@')
  return `${name.slice(0, 2)}…@${domain}`
}

/** A channel as it is offered. */
export type ChannelChoice = { readonly channel: Channel; readonly text: string; readonly hint: string }

/**
 * The choices for a pharmacy, before a code is asked for. What is not public makes no difference to them: that a pharmacy
 * has a shared mailbox or a number for colleagues is told to nobody who only looks.
 */
export function choicesFor(profile: Profile, { hasPhone }: Pick<Reach, 'hasPhone'>): readonly ChannelChoice[] {
  const mailbox: ChannelChoice = {
    channel: 'mailbox',
    text: 'Email to the pharmacy’s shared mailbox',
    hint: 'Its own NHSmail address',
  }
  if (!hasPhone) return [mailbox]
  const { phone = null } = profile.contact
  const ways = waysToReach(phone)
  const ends = `The number on its public page, which ends in ${lastDigits(phone ?? '')}`
  const ofPublic: readonly ChannelChoice[] = [
    { channel: 'call-public', text: 'Phone call to the pharmacy', hint: `${ends}. A voice reads the code` },
    { channel: 'text-public', text: 'Text message to the pharmacy', hint: ends },
  ]
  return [
    mailbox,
    ...ofPublic.filter(({ channel }) => ways.some((way) => channel === `${way}-public`)),
    {
      channel: 'text-professional',
      text: 'Text message to its phone for colleagues',
      hint: 'If it has a mobile on record that is not public',
    },
    {
      channel: 'call-professional',
      text: 'Phone call to its phone for colleagues',
      hint: 'If it has a number on record that is not public. A voice reads the code',
    },
  ]
}

/** `Hill Pharmacy, 1 High Street, Sale (FX123)`: a chain has many of one name. */
export const namedWithPlace = ({ name, address, odsCode }: Profile): string =>
  `${[name, ...address.lines].join(', ')} (${odsCode})`

/** Why a pharmacy cannot be closed with a code; undefined when it can. One that is hidden is told from none by nobody. */
export type NoCode = 'unknown' | 'training' | 'closed-for-good' | 'distance-selling'

export function refusalFor(odsCode: string, profile: Profile | undefined): NoCode | undefined {
  if (odsCode === TRAINING_PHARMACY) return 'training'
  if (!profile || profile.status === 'hidden') return 'unknown'
  if (profile.status === 'closed') return 'closed-for-good'
  return profile.kind === 'distance-selling' ? 'distance-selling' : undefined
}
