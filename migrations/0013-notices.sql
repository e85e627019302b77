-- Who is told of a closure: the ICB by a suspension notice, and neighbours and GP surgeries that asked.

create table suspension_contact (
  icb_code text collate "C" primary key,
  name text not null,
  email text not null,
  phone text,
  tell_within_minutes integer not null check (tell_within_minutes between 0 and 43200),
  phone_over_hours integer check (phone_over_hours between 0 and 2160),
  edit_days integer not null check (edit_days between 0 and 366),
  note text,
  changed_at timestamptz not null
);
comment on table suspension_contact is 'Whom pharmacies of an area tell when they suspend services, and what the area asks of them; imported';
comment on column suspension_contact.icb_code is 'ODS code of the ICB, as in a profile';
comment on column suspension_contact.phone_over_hours is 'Closures longer than this are told by phone as well; null: never';
comment on column suspension_contact.edit_days is 'For how many days after the end of a closure its notice may be edited';

create table suspension_notice (
  closure_id text not null references closure (id),
  version integer not null check (version > 0),
  because text not null check (because in ('told', 'changed', 'edited', 'reopened', 'expired', 'cancelled')),
  words jsonb not null,
  edited jsonb not null,
  written_at timestamptz not null,
  written_by text not null,
  primary key (closure_id, version)
);
comment on table suspension_notice is 'Append-only: every version of the approved particulars of a closure, as it was sent';
comment on column suspension_notice.words is 'Each particular by its key, in words';
comment on column suspension_notice.edited is 'Those particulars that somebody wrote in their own words; later versions keep them';
comment on column suspension_notice.written_by is 'As in audit.actor';
create trigger suspension_notice_append_only before update or delete or truncate on suspension_notice for each statement execute function refuse_change();

create table suspension_notice_told (
  closure_id text not null,
  version integer not null,
  recipient text not null,
  queued_at timestamptz not null,
  primary key (closure_id, version, recipient),
  foreign key (closure_id, version) references suspension_notice (closure_id, version)
);
comment on table suspension_notice_told is 'To whom a version is sent. Whether it has gone is in email_sent, and why not in job';

create table closure_listener (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('pharmacy', 'surgery')),
  ods_code text collate "C" not null references profile (ods_code),
  name text not null,
  email text not null,
  within_metres integer,
  added_at timestamptz not null,
  added_by text not null,
  confirmed_at timestamptz,
  ended_at timestamptz,
  how_ended text check (how_ended in ('stopped', 'removed')),
  check ((ended_at is null) = (how_ended is null)),
  check ((kind = 'pharmacy') = (within_metres is not null))
);
comment on table closure_listener is 'Who asked to be told of closures by email; told only after confirming it by a link';
comment on column closure_listener.ods_code is 'Of a pharmacy: the one that is told of closures near it. Of a surgery: the one whose closures it is told of';
comment on column closure_listener.how_ended is 'stopped: by the receiver; removed: by the pharmacy';
create unique index closure_listener_once on closure_listener (kind, ods_code, email) where ended_at is null;

create table closure_told (
  closure_id text not null references closure (id),
  event text not null check (event in ('told', 'reopened', 'expired', 'cancelled')),
  listener_id bigint not null references closure_listener (id),
  queued_at timestamptz not null,
  primary key (closure_id, event, listener_id)
);
comment on table closure_told is 'Which neighbours and surgeries were told of a change of a closure';
