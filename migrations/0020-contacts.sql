-- Whom the directory team of an area is reached by, and who wants the changes of their area by email.

create table dos_contact (
  area_code text collate "C" primary key,
  level text not null check (level in ('local', 'region')),
  name text not null,
  mailbox text not null,
  phone text,
  night_phone text,
  owner text not null,
  version integer not null check (version > 0),
  confirmed_on date,
  confirmed_by text,
  changed_at timestamptz not null,
  changed_by text not null
);
comment on table dos_contact is 'The register of DoS leads, one row an area. For signed-in readers only, never public';
comment on column dos_contact.area_code is 'ODS code of the ICB, as in a profile, or of the region of NHS England';
comment on column dos_contact.mailbox is 'A mailbox of the role, which several people read';
comment on column dos_contact.night_phone is 'Out of hours';
comment on column dos_contact.owner is 'Who keeps this row right, in their own words';
comment on column dos_contact.confirmed_on is 'The London day on which somebody last said that the row is right; null: nobody has';
comment on column dos_contact.confirmed_by is 'As in audit.actor';

create table dos_contact_correction (
  id bigint generated always as identity primary key,
  area_code text collate "C" not null references dos_contact (area_code),
  words text not null check (char_length(words) between 1 and 500),
  asked_by text not null,
  asked_at timestamptz not null,
  answer text check (char_length(answer) between 1 and 500),
  answered_by text,
  answered_at timestamptz,
  check ((answered_at is null) = (answer is null)),
  check ((answered_at is null) = (answered_by is null))
);
comment on table dos_contact_correction is '"This is wrong": what a reader says of a contact, until somebody answers';
comment on column dos_contact_correction.asked_by is 'As in audit.actor';
create index dos_contact_correction_open on dos_contact_correction (asked_at) where answered_at is null;
create index dos_contact_correction_area on dos_contact_correction (area_code, asked_at);
create index dos_contact_correction_asker on dos_contact_correction (asked_by) where answered_at is null;

create table daily_email_choice (
  email text primary key,
  days text not null check (days in ('none', 'working-days', 'all-days')),
  chosen_at timestamptz not null
);
comment on table daily_email_choice is 'Who wants the changes of their area by email; without a row DoS leads get them on all days, others never';
