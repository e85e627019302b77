/** The tables of closures, capacity and the emergency desk: the part of `tables.ts` that is about being shut or busy. */
import type { Generated } from 'kysely'
import type { GeneratedJson, Json } from './column-types.ts'

export type ClosureTables = {
  closure_code: {
    id: Generated<number>
    code_id: string | null
    ods_code: string
    channel: string
    sent_to: string | null
    asked_at: string
    asked_from: string
  }
  closure_session: {
    token_hash: string
    ods_code: string
    channel: string
    started_at: string
    expires_at: string
  }
  phone_simulated: { id: string; way: string; recipient: string; words: string; sent_at: string }
  closure: {
    id: string
    ods_code: string
    starts_at: string
    expected_at: string | null
    ended_at: string | null
    how_ended: string | null
    services: number[] | null
    reason: string
    advice: string | null
    told_at: string
    told_by: string
    via: string
    filled_in_by: string | null
    phone: string | null
    last_word_at: string
    reminded: Generated<boolean>
    seq: number
  }
  closure_event: {
    id: Generated<number>
    closure_id: string
    happened_at: string
    actor: string
    event: string
    detail: GeneratedJson<unknown>
  }
  closure_truth: {
    closure_event_id: number
    consumer: string
    node: string
    measured_at: string
    milliseconds: number
  }
  suspension_contact: {
    icb_code: string
    name: string
    email: string
    phone: string | null
    tell_within_minutes: number
    phone_over_hours: number | null
    edit_days: number
    note: string | null
    changed_at: string
  }
  suspension_notice: {
    closure_id: string
    version: number
    because: string
    words: Json<unknown>
    edited: Json<unknown>
    written_at: string
    written_by: string
  }
  suspension_notice_told: { closure_id: string; version: number; recipient: string; queued_at: string }
  closure_listener: {
    id: Generated<number>
    kind: string
    ods_code: string
    name: string
    email: string
    within_metres: number | null
    added_at: string
    added_by: string
    confirmed_at: string | null
    ended_at: string | null
    how_ended: string | null
  }
  closure_told: { closure_id: string; event: string; listener_id: number; queued_at: string }
  capacity_setting: {
    id: Generated<number>
    uid: number
    set_at: string
    status: string
    reset_at: string | null
    record_reset: string | null
    note: string | null
    set_by: string
    via: string
    replaced_at: string | null
    lapsed_noted_at: string | null
  }
  capacity_schedule: {
    id: Generated<number>
    uid: number
    starts_at: string
    status: string
    reset_minutes: number
    note: string | null
    asked_at: string
    asked_by: string
    via: string
    ended_at: string | null
    outcome: string | null
  }
  on_call_shift: {
    id: Generated<number>
    email: string
    phone: string
    place: string
    starts_at: string
    ends_at: string
    made_at: string
    made_by: string
  }
  on_call_note: { id: Generated<number>; written_at: string; written_by: string; words: string }
  on_call_note_read: { note_id: number; person: string; read_at: string }
  on_call_call: {
    id: Generated<number>
    opened_at: string
    opened_by: string
    ods_code: string
    caller_name: string
    callback: string | null
    in_hours: boolean
    override_reason: string | null
    tried_tool: boolean | null
    why_not: string | null
    link_sent_at: string | null
    facts: string[] | null
    code_id: string | null
    proved_at: string | null
    proved_how: string | null
    reason: string | null
    acting_since: string | null
    acting_by: string | null
    review_at: string | null
    review_asked_at: string | null
    review_taken_at: string | null
    review_taken_by: string | null
    ended_at: string | null
    ended_by: string | null
    outcome: string | null
  }
  on_call_attempt: {
    id: Generated<number>
    call_id: number
    ods_code: string
    tried_at: string
    actor: string
    how: string
    correct: boolean
  }
  on_call_act: {
    id: Generated<number>
    call_id: number
    begun_at: string
    actor: string
    what: string
    closure_id: string
    done_at: string | null
    refused_at: string | null
  }
  on_call_notice: {
    id: Generated<number>
    act_id: number
    party: string
    recipient: string
    told_at: string
    reminded_at: string | null
    acknowledged_at: string | null
    acknowledged_by: string | null
  }
}
