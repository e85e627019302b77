-- Details of a service that a professional sends to a patient: kept for less than a day, then deleted whole.

create table patient_share (
  id uuid primary key,
  person_id bigint not null references person (id),
  service_uid bigint not null,
  means text not null check (means in ('email', 'text')),
  recipient text check (char_length(recipient) between 1 and 254),
  shown_as text not null,
  recipient_hash text not null,
  details jsonb not null,
  asked_at timestamptz not null,
  tries integer not null default 0,
  outcome text check (outcome in ('sent', 'refused', 'gave-up')),
  check (outcome is null or recipient is null)
);
comment on table patient_share is 'What was sent to a patient within the last day. Not in backups; a sweep deletes each row before it is 24 hours old';
comment on column patient_share.recipient is 'The only place where a patient''s address lies; null as soon as nothing more is sent to it';
comment on column patient_share.shown_as is 'By which the sender knows the address again, and nobody learns it';
comment on column patient_share.recipient_hash is 'Keyed; for the limit per address';
comment on column patient_share.details is 'What is sent: public facts of the service, in words, as they were previewed';
create index patient_share_person on patient_share (person_id, asked_at);
create index patient_share_recipient on patient_share (recipient_hash, asked_at);
create index patient_share_asked on patient_share (asked_at);
