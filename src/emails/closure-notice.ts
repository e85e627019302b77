/** The suspension notice to the ICB, and every update of it in the same conversation. Text: closure-notice.njk */
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type ClosureNotice = {
  readonly kind: 'closure-notice'
  readonly recipient: string
  /** Of the ICB or its team. */
  readonly name: string
  readonly closureId: string
  readonly odsCode: string
  readonly pharmacyName: string
  readonly version: number
  /** Versions that were sent to this recipient before, the first one first. */
  readonly earlier: readonly number[]
  /** What is new, in a sentence; null in the first notice. */
  readonly news: string | null
  /** `10:34am on Friday 11 December 2026`. */
  readonly starts: string
  readonly lines: readonly { readonly label: string; readonly text: string }[]
  /** Labels of what nobody has given yet. */
  readonly missing: readonly string[]
}

const render = emailText<{
  name: string
  pharmacy: string
  news: string | null
  lines: ClosureNotice['lines']
  missing: string
  noticeAddress: string
  publicAddress: string
  contactAddress: string
}>('emails/closure-notice.njk')

/** What names the email about one version of a notice. */
export const closureNoticeEvent = (closureId: string, version: number): string =>
  `closure-notice ${closureId} ${version}`

/** Writes the email. One version, one email a recipient, in the order of the versions. */
export function writeClosureNotice(facts: ClosureNotice, baseUrl: string): Email {
  const { closureId, odsCode, version, earlier } = facts
  const pharmacy = oneLine(`${facts.pharmacyName} (${odsCode})`)
  const subject = oneLine(`Suspension of services: ${pharmacy}, from ${facts.starts}`)
  return {
    event: closureNoticeEvent(closureId, version),
    recipient: facts.recipient,
    subject: earlier.length > 0 ? `Re: ${subject}` : subject,
    thread: earlier.map((before) => closureNoticeEvent(closureId, before)),
    inTurn: `closure-notice ${closureId}`,
    text: render({
      name: oneLine(facts.name),
      pharmacy,
      news: facts.news === null ? null : oneLine(facts.news),
      lines: facts.lines.map(({ label, text }) => ({ label, text: oneLine(text) || 'Not given yet' })),
      missing: facts.missing.join(', '),
      noticeAddress: `${baseUrl}/manage/${odsCode}/closures/${closureId}/notice`,
      publicAddress: `${baseUrl}/pharmacies/${odsCode}`,
      contactAddress: `${baseUrl}/contact`,
    }),
  }
}
