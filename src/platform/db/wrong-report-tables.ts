/** The table of wrong reports: the part of `tables.ts` that is about what the public says is wrong. */
import type { Generated } from 'kysely'

export type WrongReportTables = {
  wrong_report: {
    id: Generated<number>
    ods_code: string
    what: string
    words: string | null
    visited_on: string | null
    told_at: string
    due_at: string
    flagged: Generated<boolean>
    state: string
    answer: string | null
    answered_at: string | null
    answered_by: string | null
    reporter_email: string | null
    network: string | null
  }
}
