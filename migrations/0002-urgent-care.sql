-- Programs that ask the directory: their accounts, what each search asked and got, and which services were nearly found.

create table api_account (
  username text collate "C" primary key,
  api text not null check (api in ('urgent-care', 'capacity', 'change-events', 'professional', 'fhir', 'nhs-website')),
  password_hash text not null,
  role integer,
  permissions text[] not null default '{}',
  services bigint[] not null default '{}',
  per_minute integer not null default 0 check (per_minute >= 0),
  status text not null default 'active' check (status in ('active', 'disabled')),
  created_at timestamptz not null,
  created_by text not null
);
comment on table api_account is 'Accounts of programs. reference_version api-accounts rises with each change, so that every process reads them again';
comment on column api_account.username is 'As the program sends it; capitals and small letters differ';
comment on column api_account.password_hash is 'Argon2id as a PHC string, keyed with SECRETS_PEPPER; the password itself is nowhere';
comment on column api_account.role is 'Referral role: decides which services a triage search shows; null for APIs without searches';
comment on column api_account.services is 'Uids of the services it may act for';
comment on column api_account.per_minute is 'Requests a minute and process; 0 is no limit';

create table search_audit (
  id bigint generated always as identity primary key,
  searched_at timestamptz not null,
  username text not null,
  api text not null,
  version text not null,
  operation text not null,
  transaction_id text,
  case_ref text,
  case_id text,
  kind text not null check (kind in ('live', 'what-if', 'test', 'monitoring')),
  postcode_sector text,
  parameters jsonb not null,
  outcome text not null,
  uids bigint[] not null,
  duration_micros integer not null
);
comment on table search_audit is 'Every search of a program, for support calls; written up to a second later, deleted after SEARCH_AUDIT_DAYS';
comment on column search_audit.case_ref is 'The caller''s reference of the case, at most 100 characters; case_id likewise';
comment on column search_audit.postcode_sector is 'M33 7; the whole postcode is kept nowhere';
comment on column search_audit.parameters is 'What was asked, age in the unit that was given';
comment on column search_audit.outcome is 'ok, catch-all, or the code of the fault';
comment on column search_audit.uids is 'The services that were returned, in their order';
create index search_audit_time on search_audit (searched_at, id);
create index search_audit_account on search_audit (username, searched_at, id);
create index search_audit_case_ref on search_audit (upper(case_ref)) where case_ref is not null;
create index search_audit_case_id on search_audit (upper(case_id)) where case_id is not null;
create index search_audit_transaction on search_audit (upper(transaction_id)) where transaction_id is not null;

create table search_gap (
  day date not null,
  uid bigint not null,
  test text not null,
  symptom_group integer not null,
  searches integer not null check (searches > 0),
  primary key (day, uid, test, symptom_group)
);
comment on table search_gap is 'Near misses for commissioners: how many live searches of a London day missed a service by one test alone';
comment on column search_gap.test is 'The one test that the service failed, as rules/triage.ts names it';
