/** The lists that calls are recorded by, and how a call is named. */
import { formatMomentIn } from '#src/profiles/names-and-moments.ts'
import type { Outcome, StoredCall } from './call-store.ts'

/** Why the tool did not help, in the order of the form. Stored in these words. */
export const WHY_NOT = [
  'No power, internet or telephone line',
  'Cannot read the shared mailbox',
  'The tool did not work',
  'Nobody is at the pharmacy',
  'Did not know of it',
  'Another reason',
] as const

/** When what was done is looked at again, in the order of the form. Hours; null: when the service desk opens. */
export const REVIEWS = [
  { value: '1', text: 'In 1 hour', hours: 1 },
  { value: '2', text: 'In 2 hours', hours: 2 },
  { value: '4', text: 'In 4 hours', hours: 4 },
  { value: 'desk', text: 'When the service desk opens next', hours: null },
] as const

export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  'sent-to-desk': 'Sent to the service desk',
  'used-tool': 'They did it themselves',
  acted: 'Acted for the pharmacy',
  'not-proved': 'Did not show who they are',
  nothing: 'Nothing had to be done',
}

/** What a call has come to, in a few words. */
export function standingOf(call: StoredCall): string {
  if (call.outcome) return OUTCOME_WORDS[call.outcome]
  if (call.actingSince) return 'Acting for the pharmacy'
  if (call.provedAt) return 'They have shown who they are'
  return call.triedTool === null ? 'New' : 'They have to show who they are'
}

export type CallRow = {
  readonly id: number
  readonly title: string
  readonly lines: readonly string[]
  readonly standing: string
  readonly isOpen: boolean
}

/** A call as lists show it. */
export const rowOf = (call: StoredCall): CallRow => ({
  id: call.id,
  title: `${call.pharmacy} (${call.odsCode})`,
  lines: [`Call ${call.id} from ${call.callerName}`, formatMomentIn(call.openedAt)],
  standing: standingOf(call),
  isOpen: call.outcome === null,
})
