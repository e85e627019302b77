-- Closing without signing in: codes that were asked for, what a right one opened, and what a telephone was told where no
-- provider of telephone calls is there.

create table closure_code (
  id bigint generated always as identity primary key,
  code_id text unique,
  ods_code text collate "C" not null references profile (ods_code),
  channel text not null check (channel in ('mailbox', 'text-public', 'call-public', 'text-professional', 'call-professional')),
  sent_to text,
  asked_at timestamptz not null,
  asked_from text not null
);
comment on table closure_code is 'Codes asked for to close a pharmacy without signing in: what the limits count, kept for two days';
comment on column closure_code.code_id is 'one_time_code.id; null where the pharmacy has nothing on record to send one to';
comment on column closure_code.sent_to is 'Where it went, as its asker is shown it: never the whole address or number';
comment on column closure_code.asked_from is 'The network of the asker, as an HMAC: enough to count by, and no address';
create index closure_code_pharmacy on closure_code (ods_code, asked_at);
create index closure_code_network on closure_code (asked_from, asked_at);

create table closure_session (
  token_hash text primary key,
  ods_code text collate "C" not null references profile (ods_code),
  channel text not null,
  started_at timestamptz not null,
  expires_at timestamptz not null
);
comment on table closure_session is 'Browsers in which a right code was entered: they close and reopen one pharmacy, and do nothing else';
comment on column closure_session.token_hash is 'SHA-256 of what the cookie holds';
create index closure_session_expires on closure_session (expires_at);

create table phone_simulated (
  id text primary key,
  way text not null check (way in ('text', 'call')),
  recipient text not null,
  words text not null,
  sent_at timestamptz not null
);
comment on table phone_simulated is 'What would have been sent or said by telephone, where no provider is set: nothing leaves, and it is read on a page';
comment on column phone_simulated.id is 'The same for every attempt at one message, so that a repeat is dropped';
create index phone_simulated_sent on phone_simulated (sent_at);
