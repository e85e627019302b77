/** The tables of queries, holds, proposals and conflicts: the part of `tables.ts` that is about one field of a profile. */
import type { Generated } from 'kysely'
import type { Json } from './column-types.ts'

export type FieldQueryTables = {
  field_query: {
    id: Generated<number>
    ods_code: string
    field: string
    uid: number | null
    asked_by: string
    asked_at: string
    reply_by: string
    if_no_reply: string
    turn: string
    turns: Generated<number>
    reminded_on: string | null
    outcome: string | null
    closed_by: string | null
    closed_at: string | null
  }
  field_query_message: {
    id: Generated<number>
    query_id: number
    side: string
    person: string
    written_at: string
    words: string
  }
  field_hold: {
    id: Generated<number>
    ods_code: string
    field: string
    reason: string
    held_by: string
    held_at: string
    ends_at: string
    released_by: string | null
    released_at: string | null
  }
  asked_value: {
    id: Generated<number>
    ods_code: string
    field: string
    kind: string
    hold_id: number | null
    base: Json<unknown>
    asked: Json<unknown>
    reason: string | null
    person: string
    action: string
    asked_at: string
    state: string
    met_by: string | null
    met_at: string | null
    problem: string | null
    decided_by: string | null
    decided_at: string | null
    words: string | null
  }
  reviewed_change: { change_seq: number; reviewed_by: string; reviewed_at: string }
}
