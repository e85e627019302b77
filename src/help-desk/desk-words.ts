/** How pages and emails name what a ticket is about and how it stands. */
import type { TicketState } from '#src/rules/ticket-states.ts'
import type { TicketCategory, TicketSeverity } from '#src/rules/ticket-targets.ts'

export const CATEGORY_WORDS: Readonly<Record<TicketCategory, string>> = {
  'not-published': 'A change does not show where it should',
  access: 'I cannot get in, or need access',
  'wrong-record': 'Something about a pharmacy or service is wrong',
  missing: 'My pharmacy or service is missing',
  'how-to': 'How to do something',
  other: 'Something else',
}

export const SEVERITY_WORDS: Readonly<Record<TicketSeverity, string>> = {
  urgent: 'Urgent',
  high: 'High',
  normal: 'Normal',
  low: 'Low',
}

/** As whoever asked reads it, and the colour of its tag. */
export const STATE_WORDS: Readonly<Record<TicketState, { readonly text: string; readonly colour: string }>> = {
  new: { text: 'Waits for us', colour: 'nhsuk-tag--yellow' },
  open: { text: 'Waits for us', colour: 'nhsuk-tag--yellow' },
  answered: { text: 'Answered', colour: 'nhsuk-tag--blue' },
  closed: { text: 'Closed', colour: 'nhsuk-tag--green' },
}
