/** Every table as Kysely sees it; `migrations/` is the truth and a test compares the two. Instants are UTC ISO text with `Z`. */
import type { ColumnType, Generated } from 'kysely'
import type { ClosureTables } from './closure-tables.ts'
import type { GeneratedInstant, GeneratedJson, Json } from './column-types.ts'
import type { EditorTables } from './editor-tables.ts'
import type { FieldQueryTables } from './field-query-tables.ts'
import type { FinderTables } from './finder-tables.ts'
import type { HelpDeskTables } from './help-desk-tables.ts'
import type { OnboardingTables } from './onboarding-tables.ts'
import type { QualityTables } from './quality-tables.ts'
import type { ShareTables } from './share-tables.ts'
import type { WrongReportTables } from './wrong-report-tables.ts'

export type Tables = HouseTables &
  ClosureTables &
  EditorTables &
  FieldQueryTables &
  FinderTables &
  HelpDeskTables &
  QualityTables &
  WrongReportTables &
  ShareTables &
  OnboardingTables

/** Those that have no file of their own. */
type HouseTables = {
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
    postcode_key: ColumnType<string | null, never, never>
  }
  area_choice: { icb_ods_code: string; kind: string; code: string; name: string | null }
  icb_area: { icb_ods_code: string; icb_code: string; pharmacies: number }
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
    capacity_given: ColumnType<unknown, never, never>
    closed_spells: ColumnType<unknown, never, never>
    postcode_key: ColumnType<string | null, never, never>
  }
  quarter_report: {
    quarter: string
    frozen_at: string
    pharmacies: number
    complete: number
    lines: string
    root_hash: string
    audit_seq: number
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
    terminated_in: Generated<number | null>
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
  dos_contact: {
    area_code: string
    level: string
    name: string
    mailbox: string
    phone: string | null
    night_phone: string | null
    owner: string
    version: number
    confirmed_on: string | null
    confirmed_by: string | null
    changed_at: string
    changed_by: string
  }
  dos_contact_correction: {
    id: Generated<number>
    area_code: string
    words: string
    asked_by: string
    asked_at: string
    answer: string | null
    answered_by: string | null
    answered_at: string | null
  }
  daily_email_choice: { email: string; days: string; chosen_at: string }
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
