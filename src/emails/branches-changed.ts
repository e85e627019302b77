/** "Your change of many pharmacies is made": one email about all of them, to whoever asked. Text: branches-changed.njk */
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

export type BranchesChanged = {
  readonly kind: 'branches-changed'
  readonly recipient: string
  readonly name: string
  readonly changeId: number
  /** What it did, in a line. */
  readonly title: string
  readonly what: 'done' | 'undone'
  /** Pharmacies that were changed, or changed back. */
  readonly changed: number
  /** Pharmacies that said so already. */
  readonly unchanged: number
  /** Pharmacies or lines that could not be changed, or changed back. */
  readonly refused: number
}

const render = emailText<BranchesChanged & { readonly address: string; readonly contactAddress: string }>(
  'emails/branches-changed.njk',
)

/** Writes the email. One change, one email when it is made and one when it is undone. */
export function writeBranchesChanged(facts: BranchesChanged, baseUrl: string): Email {
  const { changeId, what, refused } = facts
  const title = oneLine(facts.title)
  const ending = refused > 0 ? `, ${refused} to look at` : ''
  return {
    event: `branches ${what} ${changeId}`,
    recipient: facts.recipient,
    subject: `${what === 'done' ? 'Made' : 'Undone'}: ${title}${ending}`,
    text: render({
      ...facts,
      name: oneLine(facts.name),
      title,
      address: `${baseUrl}/manage/branches/${changeId}`,
      contactAddress: `${baseUrl}/contact`,
    }),
  }
}
