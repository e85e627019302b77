/** Every table as Kysely sees it; `migrations/` is the truth and a test compares the two. Instants are UTC ISO text with `Z`. */
import type { ColumnType, Generated } from 'kysely'

/** Reads as parsed JSON, is written as JSON text. */
type Json<T> = ColumnType<T, string, string>
type GeneratedJson<T> = ColumnType<T, string | undefined, string>
type GeneratedInstant = ColumnType<string, string | undefined, string>

export type Tables = {
  migration: { name: string; checksum: string; applied_at: GeneratedInstant }
  ledger_head: { id: number; change_seq: number; audit_seq: number; audit_hash: string }
  audit: {
    seq: number
    recorded_at: string
    actor: string
    action: string
    target: string
    detail: string
    previous_hash: string
    hash: string
  }
  profile: {
    ods_code: string
    name: string
    status: string
    version: number
    document: Json<unknown>
    sections: Json<unknown>
    seq: number
  }
  profile_version: {
    ods_code: string
    version: number
    recorded_at: string
    actor: string
    action: string
    document: Json<unknown>
    audit_seq: number
  }
  attestation: {
    id: Generated<number>
    ods_code: string
    section: string
    attested_at: string
    person: string
    quarter: string
    profile_version: number
    content_hash: string
    audit_seq: number
    submission_id: number | null
  }
  submission: {
    id: Generated<number>
    ods_code: string
    submitted_at: string
    person: string
    action: string
    quarter: string
    profile_version: number
    checked: string[]
    changed: string[]
    audit_seq: number
  }
  receipt_key: { key_id: string; public_key: string; first_used_at: string }
  receipt: {
    submission_id: number
    ods_code: string
    number: number
    reference: string
    document: string
    hash: string
    previous_hash: string | null
    key_id: string
    signature: string
    salt: string
  }
  service: {
    uid: number
    ods_code: string | null
    ods_five: ColumnType<string | null, never, never>
    type_id: number
    status: string
    profile_ods: string | null
    record: Json<unknown>
    overrides: GeneratedJson<unknown>
    seq: number
    capacity_set_at: string | null
    facts_text: ColumnType<string, never, never>
    hours_text: ColumnType<string, never, never>
    clinical_text: ColumnType<string, never, never>
    details_text: ColumnType<string, never, never>
  }
  service_change: {
    seq: number
    recorded_at: string
    uid: number
    ods_code: string | null
    fields: string[]
    before: Json<unknown> | null
    after: Json<unknown> | null
    audit_seq: number
  }
  request: {
    id: Generated<number>
    ods_code: string
    kind: string
    message: string
    person: string
    created_at: string
    closed_at: string | null
  }
  job: {
    id: Generated<number>
    queue: string
    ordering_key: string | null
    unique_key: string | null
    payload: Json<unknown>
    run_at: GeneratedInstant
    attempts: Generated<number>
    max_attempts: Generated<number>
    locked_until: string | null
    locked_by: string | null
    done_at: string | null
    dead_at: string | null
    last_error: string | null
    created_at: GeneratedInstant
  }
  email_sent: { event: string; recipient: string; sent_at: string; subject: string; body: string }
  person: { id: Generated<number>; email: string; name: string; created_at: string; job_role: string | null }
  identity: { issuer: string; subject: string; person_id: number }
  role_grant: {
    email: string
    role: string
    scope: Generated<string>
    granted_at: string
    granted_by: string
    expires_at: string | null
  }
  access_request: {
    id: Generated<number>
    ods_code: string
    email: string
    name: string
    job_role: string
    role: string
    asked_at: string
    state: Generated<string>
    mailbox: string | null
    code_id: string | null
    codes_sent: Generated<number>
    code_sent_at: string | null
    decided_at: string | null
    decided_by: string | null
    reason: string | null
  }
  access_invitation: {
    id: Generated<number>
    ods_code: string
    email: string
    role: string
    last_day: string | null
    invited_by: string
    invited_at: string
    sent_at: string
    times_sent: Generated<number>
    open_until: string
    state: Generated<string>
    ended_at: string | null
  }
  launch_invitation: { ods_code: string; mailbox: string; queued_at: string }
  session: {
    token_hash: string
    person_id: number
    created_at: string
    last_seen_at: string
    expires_at: string
    id_token: string | null
    proved_at: string
    issuer: string | null
    device: string | null
  }
  sign_in_attempt: {
    state_hash: string
    nonce: string
    code_verifier: string
    return_to: string
    created_at: string
    again: Generated<boolean>
  }
  one_time_code: {
    id: string
    purpose: string
    subject: string
    created_at: string
    expires_at: string
    wrong_guesses: Generated<number>
    used_at: string | null
    replaced_at: string | null
  }
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
  known_device: { person_id: number; device_hash: string; first_seen_at: string; last_seen_at: string }
  draft: { id: string; person_id: number; ods_code: string; kind: string; content: Json<unknown>; saved_at: string }
  bank_holiday: { held_on: string; title: string; source: string }
  postcode: {
    postcode_key: string
    latitude: number
    longitude: number
    icb_code: string | null
    region_code: string | null
    local_authority_code: string | null
    terminated: Generated<boolean>
    source: string
    easting: number | null
    northing: number | null
  }
  ods_organisation: {
    ods_code: string
    name: string
    postcode: string | null
    phone: string | null
    status: string
    opened_on: string | null
    closed_on: string | null
    subtype: string | null
    parent_code: string | null
    icb_ods_code: string | null
    region_code: string | null
  }
  place_change: {
    id: Generated<number>
    ods_code: string
    kind: string
    asked: Json<unknown>
    was: Json<unknown>
    evidence: string
    distance_metres: number | null
    person: string
    asked_at: string
    status: string
    decided_by: string | null
    decided_at: string | null
    reason: string | null
  }
  reminder_run: { reminder: string; queued_at: string; emails: number }
  branch_change: {
    id: Generated<number>
    person_id: number
    actor: string
    kind: string
    title: string
    source: string | null
    unread: GeneratedJson<unknown>
    state: string
    created_at: string
    run_at: string | null
    finished_at: string | null
    undone_at: string | null
  }
  branch_change_row: {
    branch_change_id: number
    ods_code: string
    place: number
    command: Json<unknown>
    state: string
    reason: string | null
    version_before: number | null
    version_after: number | null
  }
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
  reference_version: { name: string; version: number; updated_at: string }
  catalogue: { id: number; reference: Json<unknown> }
  api_account: {
    username: string
    api: string
    password_hash: string
    role: number | null
    permissions: Generated<string[]>
    services: Generated<number[]>
    per_minute: Generated<number>
    status: Generated<string>
    created_at: string
    created_by: string
    secret_hint: number | null
  }
  search_audit: {
    id: Generated<number>
    searched_at: string
    username: string
    api: string
    version: string
    operation: string
    transaction_id: string | null
    case_ref: string | null
    case_id: string | null
    kind: string
    postcode_sector: string | null
    parameters: Json<unknown>
    outcome: string
    uids: number[]
    duration_micros: number
  }
  search_spool: { id: Generated<number>; searches: string }
  search_gap: { day: string; uid: number; test: string; symptom_group: number; searches: number }
}
