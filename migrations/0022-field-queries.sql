-- What a lead asks, holds or proposes about a field that a pharmacy answers for, and which of two values a person chose.

create table field_query (
  id bigint generated always as identity primary key,
  ods_code text collate "C" not null references profile (ods_code),
  field text not null,
  uid bigint,
  asked_by text not null,
  asked_at timestamptz not null,
  reply_by date not null,
  if_no_reply text not null check (char_length(if_no_reply) between 1 and 500),
  turn text not null check (turn in ('pharmacy', 'lead', 'closed')),
  turns integer not null default 0,
  reminded_on date,
  outcome text check (outcome in ('right', 'changed', 'will-change', 'no-reply', 'other')),
  closed_by text,
  closed_at timestamptz,
  check ((turn = 'closed') = (closed_at is not null)),
  check ((turn = 'closed') = (outcome is not null))
);
comment on table field_query is 'A lead asks a pharmacy about a field; never public';
comment on column field_query.field is 'One of rules/asked-fields.ts';
comment on column field_query.uid is 'The DoS service whose change gave cause to ask; null: none in particular';
comment on column field_query.turn is 'Whose answer is awaited';
comment on column field_query.turns is 'Rises with each message and at the closing, so that of two people who act at once the second is told';
comment on column field_query.reminded_on is 'The London day on which the pharmacy was reminded of the day to reply by';
create index field_query_pharmacy on field_query (ods_code, id);
create index field_query_open on field_query (reply_by) where turn <> 'closed';

create table field_query_message (
  id bigint generated always as identity primary key,
  query_id bigint not null references field_query (id),
  side text not null check (side in ('lead', 'pharmacy')),
  person text not null,
  written_at timestamptz not null,
  words text not null check (char_length(words) between 1 and 1000)
);
comment on table field_query_message is 'The thread of a query; the first message is the question';
comment on column field_query_message.person is 'As in audit.actor';
create index field_query_message_query on field_query_message (query_id, id);

create table field_hold (
  id bigint generated always as identity primary key,
  ods_code text collate "C" not null references profile (ods_code),
  field text not null,
  reason text not null check (char_length(reason) between 1 and 500),
  held_by text not null,
  held_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > held_at and ends_at <= held_at + interval '91 days'),
  released_by text,
  released_at timestamptz,
  check ((released_at is null) = (released_by is null))
);
comment on table field_hold is 'What a pharmacy sends of this field waits, until the hold is released or over; whether it is in force is computed when it is read';
create index field_hold_pharmacy on field_hold (ods_code, ends_at);

create table asked_value (
  id bigint generated always as identity primary key,
  ods_code text collate "C" not null references profile (ods_code),
  field text not null,
  kind text not null check (kind in ('proposal', 'waiting')),
  hold_id bigint references field_hold (id),
  base jsonb not null,
  asked jsonb not null,
  reason text check (char_length(reason) <= 500),
  person text not null,
  action text not null,
  asked_at timestamptz not null,
  state text not null check (state in ('open', 'conflict', 'taken', 'agreed', 'declined', 'withdrawn', 'replaced')),
  met_by text,
  met_at timestamptz,
  problem text,
  decided_by text,
  decided_at timestamptz,
  words text check (char_length(words) <= 500),
  check ((kind = 'waiting') = (hold_id is not null)),
  check ((state in ('open', 'conflict')) = (decided_at is null))
);
comment on table asked_value is 'A value for a field that is not in the profile: proposed by a lead, or sent by a pharmacy while the field was held';
comment on column asked_value.base is 'What the field said when it was asked; JSON null where it said nothing';
comment on column asked_value.action is 'What the change is called in the history of the profile';
comment on column asked_value.state is 'open: undecided. conflict: the field changed since, a person chooses. agreed: the profile came to say the same. replaced: by what the pharmacy sent later';
comment on column asked_value.met_by is 'Who changed the field meanwhile, as in audit.actor';
comment on column asked_value.problem is 'Why a value that waited could not be taken by itself';
create index asked_value_open on asked_value (ods_code) where state in ('open', 'conflict');
create index asked_value_pharmacy on asked_value (ods_code, id);
create unique index asked_value_waiting on asked_value (ods_code, field) where kind = 'waiting' and state in ('open', 'conflict');
create unique index asked_value_proposal on asked_value (ods_code, field, person) where kind = 'proposal' and state in ('open', 'conflict');

create table reviewed_change (
  change_seq bigint primary key,
  reviewed_by text not null,
  reviewed_at timestamptz not null
);
comment on table reviewed_change is 'Which changes of services a lead has looked at';
comment on column reviewed_change.change_seq is 'service_change.seq';
