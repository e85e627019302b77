/** What was done for a pharmacy, in words: for those who are told, and to be read back to the caller. */
import type { StoredClosure } from '#src/closures/closure-records.ts'
import { toLondon } from '#src/rules/london-time.ts'
import type { ActKind } from './act-for.ts'
import { momentWords } from './desk-words.ts'

const at = (instant: number): string => momentWords(toLondon(new Date(instant)))

type Done = Pick<StoredClosure, 'startsAt' | 'expectedAt' | 'endedAt' | 'reason'>

/** `Closed from … until …. Reason: …`: as its closure stands now. */
export function actWords(what: ActKind, { startsAt, expectedAt, endedAt, reason }: Done): string {
  if (what === 'reopen') return `Open again since ${at(endedAt ?? startsAt)}.`
  // Whoever reads of it later must not take it for closed still.
  const ended = endedAt === null ? null : at(endedAt)
  if (ended)
    return what === 'close'
      ? `Closed from ${at(startsAt)} until ${ended}. Reason: ${reason}.`
      : `Open again since ${ended}.`
  const until = expectedAt === null ? 'It is not known when it reopens.' : `Expected to reopen on ${at(expectedAt)}.`
  return what === 'expect' ? until : `Closed since ${at(startsAt)}. ${until} Reason: ${reason}.`
}

/** `Power or IT failure` within a sentence: IT stays IT. */
const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1)

/** What is read back to the caller after an act. `parties`: who was told of it, such as `the local team`. */
export function readBack(
  what: ActKind,
  pharmacy: string,
  closure: Done,
  parties: readonly string[],
): readonly string[] {
  const list = parties.length < 2 ? parties.join('') : `${parties.slice(0, -1).join(', ')} and ${parties.at(-1)}`
  const told = list === '' ? 'Please tell your owner yourself.' : `We are emailing ${list}.`
  if (what === 'reopen') {
    return [`“I have told 111 and the public page that ${pharmacy} is open again, by its usual hours. ${told}”`]
  }
  const until =
    closure.expectedAt === null
      ? 'Nobody knows yet when it reopens. We will ask you.'
      : `It will show as open again from ${at(closure.expectedAt)}. If that changes, tell us before then.`
  const did =
    what === 'close'
      ? `I have told 111 and the public page that ${pharmacy} has been closed since ${at(closure.startsAt)}, because: ${lowerFirst(closure.reason)}.`
      : `I have told 111 and the public page that ${pharmacy} reopens at another time.`
  return [`“${did}”`, `“${until}”`, `“${told} You can reopen it yourself, or ring us.”`]
}
