/** The tables of the service desk: the part of `tables.ts` that is about tickets, page feedback and wishes. */
import type { Generated } from 'kysely'

export type HelpDeskTables = {
  ticket: {
    id: Generated<number>
    asked_at: string
    channel: string
    category: string
    severity: string
    state: string
    about: string | null
    ods_code: string | null
    service_uid: number | null
    requester: string | null
    requester_name: string | null
    requester_email: string | null
    assigned_to: string | null
    waits_since: string | null
    due_at: string | null
    closed_at: string | null
    closed_by: string | null
    evidence: string | null
    satisfied: boolean | null
    version: Generated<number>
    changed_at: string
    forgotten_at: string | null
  }
  ticket_message: {
    id: Generated<number>
    ticket_id: number
    written_at: string
    kind: string
    author: string
    words: string
    mail_id: string | null
  }
  help_sent: { id: Generated<number>; network: string; mailbox: string | null; sent_at: string }
  page_feedback: {
    id: Generated<number>
    page: string | null
    words: string
    sent_at: string
    done_at: string | null
    done_by: string | null
  }
  wish: {
    id: Generated<number>
    title: string
    words: string
    suggested_at: string
    state: string
    answer: string | null
    decided_at: string | null
    decided_by: string | null
    version: Generated<number>
  }
  wish_vote: { wish_id: number; person_id: number; voted_at: string }
}
