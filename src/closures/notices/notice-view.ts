/** Where the notice to the ICB stands, in words. Pure. */
import { formatMoment, formatMomentIn } from '#src/profiles/names-and-moments.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { type ClosureLength, type NoticePolicy, phoneAsked, policyLines, tellBy } from '#src/rules/notice-policy.ts'
import { missingFields, momentOf, NOTICE_FIELDS } from '#src/rules/suspension-notice.ts'
import type { Delivery } from './notice-delivery.ts'
import type { NoticeVersion } from './notice-records.ts'
import { newsOf } from './write-notice.ts'

export type Tag = { readonly text: string; readonly colour: string }

/** How far the notice has come. */
export type DeliveryWords = {
  readonly tag: Tag
  readonly sentence: string
  /** What a person has to do; null: nothing. */
  readonly toDo: string | null
  /** Whether trying again may help. */
  readonly mayTry: boolean
}

/** The state of the notice, what it means, and what to do about it. */
export function deliveryWords(
  delivery: Delivery,
  policy: NoticePolicy | undefined,
  { today, isOver }: { readonly today: LocalDate; readonly isOver: boolean },
): DeliveryWords {
  const phone = policy?.phone ? `Phone ${policy.name} on ${policy.phone}` : 'Phone your ICB'
  const toDo = isOver ? `${phone} if it does not know yet that this is over.` : `${phone} now, and note when you did.`
  const inForce = isOver ? '' : ' Your closure is in force all the same.'
  switch (delivery.state) {
    case 'sent':
      return {
        tag: { text: 'Sent', colour: 'green' },
        sentence: `Sent to ${delivery.recipient} at ${formatMoment(delivery.at, today)}.`,
        toDo: null,
        mayTry: false,
      }
    case 'waiting':
      return {
        tag: { text: 'Being sent', colour: 'blue' },
        sentence: `The email to ${delivery.recipient} leaves within seconds.`,
        toDo: null,
        mayTry: false,
      }
    case 'retrying':
      return {
        tag: { text: 'Not sent yet', colour: 'yellow' },
        sentence: `We have tried to send it to ${delivery.recipient} since ${formatMoment(delivery.since, today)}, and our mail server does not take it. We keep trying for a day and a half.${inForce}`,
        toDo,
        mayTry: true,
      }
    case 'given-up':
      return {
        tag: { text: 'Not sent', colour: 'red' },
        sentence: `We have stopped trying to send it to ${delivery.recipient}: the address may be wrong.${inForce}`,
        toDo,
        mayTry: true,
      }
    case 'nobody':
      return {
        tag: { text: 'Nobody to tell is known', colour: 'yellow' },
        sentence: 'We do not know who gets these notices in your area. We keep it, and send it as soon as we know.',
        toDo: isOver ? null : 'Tell your ICB yourself: by phone, or with a copy of this notice.',
        mayTry: false,
      }
  }
}

/** What the area asks of this closure: its policy, by when, and whether to phone. Empty where nobody has said. */
export function askedWords(
  policy: NoticePolicy | undefined,
  closure: ClosureLength & { readonly toldAt: string },
  now: number,
): readonly string[] {
  if (!policy) return []
  const by = momentOf(tellBy(policy, closure.startsAt, Date.parse(closure.toldAt)))
  const phone = phoneAsked(policy, closure, now)
  return [
    ...policyLines(policy),
    ...(policy.tellWithinMinutes > 0 ? [`For this closure that is by ${by}.`] : []),
    ...(phone === undefined ? [] : ['This closure is one of those that you phone about.']),
  ]
}

export type VersionRow = {
  readonly title: string
  readonly by: string
  readonly sent: string
  readonly fields: readonly { readonly label: string; readonly text: string; readonly isMissing: boolean }[]
}

/** A version with all that it said. */
export function versionRow(
  notice: NoticeVersion,
  before: NoticeVersion | undefined,
  { delivery, nameOf }: { readonly delivery: Delivery; readonly nameOf: (actor: string) => string },
): VersionRow {
  const what = notice.because === 'told' ? 'The first notice.' : newsOf(notice, before)
  const who = notice.writtenBy.startsWith('system:') ? 'by itself' : `by ${nameOf(notice.writtenBy)}`
  return {
    title: `Version ${notice.version}: ${what}`,
    by: `Written on ${formatMomentIn(notice.writtenAt)} ${who}`,
    sent: SENT[delivery.state](delivery),
    fields: fieldRows(notice),
  }
}

const SENT: { readonly [State in Delivery['state']]: (delivery: Delivery) => string } = {
  sent: (delivery) =>
    delivery.state === 'sent' ? `Sent to ${delivery.recipient} on ${formatMomentIn(delivery.at)}` : '',
  waiting: () => 'Being sent',
  retrying: () => 'Not sent yet',
  'given-up': () => 'Not sent',
  nobody: () => 'Sent to nobody',
}

/** Every particular of a version, in order. */
export const fieldRows = ({ words }: NoticeVersion): VersionRow['fields'] =>
  NOTICE_FIELDS.map(({ key, label }) => {
    const isMissing = words[key].trim() === ''
    return { label, text: isMissing ? 'Not given yet' : words[key], isMissing }
  })

/** The notice as plain text, for whoever keeps or forwards it. */
export function noticeText(notice: NoticeVersion): string {
  const lines = fieldRows(notice).map(({ label, text }) => `${label}: ${text}`)
  const missing = missingFields(notice.words)
  return [
    'Notice of suspension of services',
    `Version ${notice.version}`,
    '',
    ...lines,
    ...(missing.length > 0 ? ['', `Still missing: ${missing.join(', ')}`] : []),
    '',
  ].join('\n')
}
