-- Sign-in with one-time codes, where a person is signed in, and on which devices they have been.

alter table person add column job_role text;
comment on column person.job_role is 'In the person''s own words, such as pharmacist; null until they say';

alter table session add column proved_at timestamptz;
update session set proved_at = created_at;
alter table session alter column proved_at set not null;
comment on column session.proved_at is 'When the person last proved who they are, at the provider or with a code; what matters most asks for it again';
alter table session add column issuer text;
comment on column session.issuer is 'Who vouched for the person, as in identity.issuer';
alter table session add column device text;
comment on column session.device is 'The browser in plain words, such as Chrome on Windows; null when it did not say';

alter table sign_in_attempt add column again boolean not null default false;
comment on column sign_in_attempt.again is 'Somebody signed in proves anew who they are: the provider must ask, not remember';

create table one_time_code (
  id text primary key,
  purpose text not null,
  subject text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  wrong_guesses integer not null default 0,
  used_at timestamptz,
  replaced_at timestamptz
);
comment on table one_time_code is 'Codes sent by email. The six digits are not here: they are an HMAC of the id, keyed with the pepper of the settings';
comment on column one_time_code.subject is 'For whom the code is: an email address in lower case, or what the purpose names';
comment on column one_time_code.replaced_at is 'When a later code for the same purpose and subject took its place';
create index one_time_code_subject on one_time_code (purpose, subject, created_at);

create table known_device (
  person_id bigint not null references person (id),
  device_hash text not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  primary key (person_id, device_hash)
);
comment on table known_device is 'Browsers a person has signed in with: a sign-in from another one is told to them by email';
comment on column known_device.device_hash is 'SHA-256 of the key in the browser''s cookie and the kind of browser';
