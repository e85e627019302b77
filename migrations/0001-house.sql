-- The house: profiles, DoS services, the ledger that orders every change, people, jobs and reference data.
-- One statement ends at a semicolon at the end of a line. PostgreSQL 15 subset, forward only.

-- The ledger head: one row, locked for update at the end of every write transaction, so that sequence numbers
-- are handed out in commit order (a reader that has seen 7 will never meet a late 6) and the audit chain has one tip.
create table ledger_head (
  id integer primary key check (id = 1),
  change_seq bigint not null default 0,
  audit_seq bigint not null default 0,
  audit_hash text not null default ''
);
insert into ledger_head (id) values (1);

create table audit (
  seq bigint primary key,
  recorded_at timestamptz not null,
  actor text not null,
  action text not null,
  target text not null,
  detail text not null,
  previous_hash text not null,
  hash text not null
);
comment on table audit is 'Append-only, hash-chained: who did what to what, when. hash = sha256 of previous_hash and every other column.';
comment on column audit.actor is 'person:EMAIL, command:NAME or system:NAME';
comment on column audit.detail is 'JSON text, byte for byte what was hashed; names the change sequence numbers it wrote and their digest';
create index audit_target on audit (target, seq);

create table profile (
  ods_code text collate "C" primary key,
  name text not null,
  status text not null check (status in ('open', 'temporarily-closed', 'closed', 'hidden')),
  version integer not null check (version > 0),
  document jsonb not null,
  sections jsonb not null,
  seq bigint not null
);
comment on table profile is 'What a pharmacy says about itself now: one row a pharmacy, keyed by its five-character ODS code';
comment on column profile.version is 'Rises by one with each change of the document; confirming a section does not raise it';
comment on column profile.sections is 'Per section: where its words came from, when and by whom it was last changed and last checked';
comment on column profile.seq is 'Ledger sequence of the last change or check; readers refresh rows with a higher seq than they know';
create index profile_seq on profile (seq);

create table profile_version (
  ods_code text collate "C" not null references profile (ods_code),
  version integer not null,
  recorded_at timestamptz not null,
  actor text not null,
  action text not null,
  document jsonb not null,
  audit_seq bigint not null,
  primary key (ods_code, version)
);
comment on table profile_version is 'Every document a profile ever held; append-only';

create table attestation (
  id bigint generated always as identity primary key,
  ods_code text collate "C" not null references profile (ods_code),
  section text not null check (section in ('contact', 'hours', 'holidays', 'changes', 'services', 'facilities')),
  attested_at timestamptz not null,
  person text not null,
  quarter text not null,
  profile_version integer not null,
  content_hash text not null,
  audit_seq bigint not null
);
comment on table attestation is 'Append-only: a person said that a section, as it stood, is right';
create index attestation_pharmacy on attestation (ods_code, section, attested_at);

create table service (
  uid bigint primary key,
  ods_code text collate "C",
  ods_five text collate "C" generated always as (left(ods_code, 5)) stored,
  type_id integer not null,
  status text not null check (status in ('ACTIVE', 'COMMISSIONING', 'SUSPENDED', 'CLOSED', 'RETIRED')),
  profile_ods text collate "C" references profile (ods_code),
  record jsonb not null,
  overrides jsonb not null default '{}',
  seq bigint not null
);
comment on table service is 'DoS services: everything the directory knows of each, found by its public uid';
comment on column service.profile_ods is 'The profile that projects onto this service; null when none does (no profile, or the service does not match)';
comment on column service.overrides is 'Values of this service that differ from its profile and stay so until a person decides (see directory/project-profile.ts)';
create index service_ods_five on service (ods_five);
create index service_seq on service (seq);

create table service_change (
  seq bigint primary key,
  recorded_at timestamptz not null,
  uid bigint not null,
  ods_code text,
  fields text[] not null,
  before jsonb,
  after jsonb,
  audit_seq bigint not null
);
comment on table service_change is 'Append-only: every change of every service; before is null for a new service, otherwise before and after hold the changed fields only';
create index service_change_uid on service_change (uid, seq);

create table request (
  id bigint generated always as identity primary key,
  ods_code text not null,
  kind text not null check (kind in ('missing-service', 'missing-pharmacy')),
  message text not null,
  person text not null,
  created_at timestamptz not null,
  closed_at timestamptz
);
comment on table request is 'Something a pharmacy asks of the directory team, such as a DoS service that is missing';

create table job (
  id bigint generated always as identity primary key,
  queue text not null,
  ordering_key text,
  unique_key text,
  payload jsonb not null,
  run_at timestamptz not null default 'epoch',
  attempts integer not null default 0,
  max_attempts integer not null default 8,
  locked_until timestamptz,
  locked_by text,
  done_at timestamptz,
  dead_at timestamptz,
  last_error text,
  created_at timestamptz not null default now()
);
comment on table job is 'The outbox: work written in the transaction that caused it, claimed with skip locked, retried, never forgotten';
comment on column job.ordering_key is 'Rows of one queue and key run one at a time, oldest first';
comment on column job.run_at is 'Not before; 1970 means at once';
create unique index job_unique_key on job (queue, unique_key) where unique_key is not null;
create index job_unfinished on job (queue, ordering_key, id) where done_at is null and dead_at is null;

create table email_sent (
  event text not null,
  recipient text not null,
  sent_at timestamptz not null,
  subject text not null,
  body text not null,
  primary key (event, recipient)
);
comment on table email_sent is 'What was sent to whom, once per event and recipient';

create table person (
  id bigint generated always as identity primary key,
  email text not null unique,
  name text not null,
  created_at timestamptz not null
);
comment on column person.email is 'Lower case';

create table identity (
  issuer text not null,
  subject text not null,
  person_id bigint not null references person (id),
  primary key (issuer, subject)
);
comment on table identity is 'How a person signs in: the issuer and its name for them (OpenID Connect iss and sub)';

create table role_grant (
  email text not null,
  role text not null,
  scope text not null default '',
  granted_at timestamptz not null,
  granted_by text not null,
  expires_at timestamptz,
  primary key (email, role, scope)
);
comment on column role_grant.scope is 'ods:FA002, group:CODE, area:CODE, or empty for roles that have none';

create table session (
  token_hash text primary key,
  person_id bigint not null references person (id),
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  id_token text
);
comment on table session is 'Signed-in browsers; the cookie holds the token, the table only its SHA-256';
create index session_person on session (person_id);

create table sign_in_attempt (
  state_hash text primary key,
  nonce text not null,
  code_verifier text not null,
  return_to text not null,
  created_at timestamptz not null
);
comment on table sign_in_attempt is 'A sign-in under way at the identity provider; deleted when it comes back or after ten minutes';

create table draft (
  id text primary key,
  person_id bigint not null references person (id),
  ods_code text not null,
  kind text not null,
  content jsonb not null,
  saved_at timestamptz not null
);
comment on table draft is 'A form that was filled in and not yet saved; kept seven days';

create table bank_holiday (
  held_on date primary key,
  title text not null,
  source text not null
);
comment on table bank_holiday is 'Bank holidays of England and Wales as published; years without a row are computed by rules/bank-holidays.ts';

create table postcode (
  postcode_key text collate "C" primary key,
  latitude double precision not null,
  longitude double precision not null,
  icb_code text,
  region_code text,
  local_authority_code text,
  terminated boolean not null default false,
  source text not null
);
comment on column postcode.postcode_key is 'Upper case, no spaces';

create table ods_organisation (
  ods_code text collate "C" primary key,
  name text not null,
  postcode text,
  phone text,
  status text not null,
  opened_on date,
  closed_on date,
  subtype text,
  parent_code text,
  icb_ods_code text,
  region_code text
);
comment on table ods_organisation is 'The last ODS file, as imported';

create table reference_version (
  name text primary key,
  version bigint not null,
  updated_at timestamptz not null
);
comment on table reference_version is 'Rises when a reference set (postcodes, bank-holidays, catalogue) changes; processes reload what they hold in memory';

create table catalogue (
  id integer primary key check (id = 1),
  reference jsonb not null
);
comment on table catalogue is 'Service types, codes and areas as given with import services (reference.json)';

create function refuse_change() returns trigger language plpgsql as $$ begin raise exception 'table % is append-only', tg_table_name; end $$;
create trigger audit_append_only before update or delete or truncate on audit for each statement execute function refuse_change();
create trigger service_change_append_only before update or delete or truncate on service_change for each statement execute function refuse_change();
create trigger profile_version_append_only before update or delete or truncate on profile_version for each statement execute function refuse_change();
create trigger attestation_append_only before update or delete or truncate on attestation for each statement execute function refuse_change();
