-- The emergency desk: who is on call, what they hand over, and the calls in which they act for a pharmacy.

create table on_call_shift (
  id bigint generated always as identity primary key,
  email text not null,
  phone text not null,
  place text not null check (place in ('first', 'second')),
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  made_at timestamptz not null,
  made_by text not null
);
comment on table on_call_shift is 'Who is on call, from when to when; gaps and overlaps are found by rules/on-call.ts';
comment on column on_call_shift.place is 'first: is rung first; second: is rung when the first has not answered for 10 minutes';
comment on column on_call_shift.phone is 'Where the call goes; never public';
create index on_call_shift_end on on_call_shift (ends_at);

create table on_call_note (
  id bigint generated always as identity primary key,
  written_at timestamptz not null,
  written_by text not null,
  words text not null
);
comment on table on_call_note is 'Handover: what the next on call needs to know. Never changed or deleted';
create trigger on_call_note_append_only before update or delete or truncate on on_call_note for each statement execute function refuse_change();

create table on_call_note_read (
  note_id bigint not null references on_call_note (id),
  person text not null,
  read_at timestamptz not null,
  primary key (note_id, person)
);
comment on table on_call_note_read is 'Who has read a note, as in audit.actor';

create table on_call_call (
  id bigint generated always as identity primary key,
  opened_at timestamptz not null,
  opened_by text not null,
  ods_code text collate "C" not null references profile (ods_code),
  caller_name text not null,
  callback text,
  in_hours boolean not null,
  override_reason text,
  tried_tool boolean,
  why_not text,
  link_sent_at timestamptz,
  facts text[],
  code_id text,
  proved_at timestamptz,
  proved_how text check (proved_how in ('code', 'facts')),
  reason text,
  acting_since timestamptz,
  acting_by text,
  review_at timestamptz,
  review_asked_at timestamptz,
  review_taken_at timestamptz,
  review_taken_by text,
  ended_at timestamptz,
  ended_by text,
  outcome text check (outcome in ('sent-to-desk', 'used-tool', 'acted', 'not-proved', 'nothing')),
  check ((ended_at is null) = (outcome is null)),
  check ((proved_at is null) = (proved_how is null))
);
comment on table on_call_call is 'A call to the emergency desk, without anything about patients';
comment on column on_call_call.callback is 'Where the caller is reached; blotted out after 90 days';
comment on column on_call_call.override_reason is 'Why the call was taken although the service desk was open';
comment on column on_call_call.facts is 'Which facts of the record the caller was asked for; never their values';
comment on column on_call_call.proved_at is 'When the caller had shown that they belong to the pharmacy';
comment on column on_call_call.acting_since is 'From then until the call ends acting_by acts for the pharmacy';
comment on column on_call_call.review_at is 'When somebody must look whether what was done is still right; null: no review is due any more';
create index on_call_call_pharmacy on on_call_call (ods_code, opened_at);
create index on_call_call_open on on_call_call (opened_at) where ended_at is null;
create index on_call_call_review on on_call_call (review_at) where review_at is not null;
create index on_call_call_callback on on_call_call (opened_at) where callback is not null;

create table on_call_attempt (
  id bigint generated always as identity primary key,
  call_id bigint not null references on_call_call (id),
  ods_code text collate "C" not null,
  tried_at timestamptz not null,
  actor text not null,
  how text not null check (how in ('code', 'facts')),
  correct boolean not null
);
comment on table on_call_attempt is 'Append-only: every answer to a challenge, without its words';
create index on_call_attempt_pharmacy on on_call_attempt (ods_code, tried_at);
create trigger on_call_attempt_append_only before update or delete or truncate on on_call_attempt for each statement execute function refuse_change();

create table on_call_act (
  id bigint generated always as identity primary key,
  call_id bigint not null references on_call_call (id),
  begun_at timestamptz not null,
  actor text not null,
  what text not null check (what in ('close', 'reopen', 'expect')),
  closure_id text not null,
  done_at timestamptz,
  refused_at timestamptz
);
comment on table on_call_act is 'What was done for the pharmacy in a call. Begun before the change and done after it, so that its notices are made up for when a process dies in between';
create index on_call_act_call on on_call_act (call_id, id);

create table on_call_notice (
  id bigint generated always as identity primary key,
  act_id bigint not null references on_call_act (id),
  party text not null check (party in ('owner', 'local-team', 'service-desk')),
  recipient text not null,
  told_at timestamptz not null,
  reminded_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by text,
  unique (act_id, party, recipient)
);
comment on table on_call_notice is 'Who was told that somebody acted for a pharmacy, and who acknowledged it';
