-- How people come by access to a pharmacy: they ask for it, or are invited.

create table access_request (
  id bigint generated always as identity primary key,
  ods_code text collate "C" not null references profile (ods_code),
  email text not null,
  name text not null,
  job_role text not null,
  role text not null check (role in ('owner', 'editor', 'closure-only', 'viewer')),
  asked_at timestamptz not null,
  state text not null default 'asked' check (state in ('asked', 'approved', 'refused', 'withdrawn')),
  mailbox text,
  code_id text,
  codes_sent integer not null default 0,
  code_sent_at timestamptz,
  decided_at timestamptz,
  decided_by text,
  reason text
);
comment on table access_request is 'Somebody asked to look after a pharmacy; one open request a person and pharmacy';
comment on column access_request.email is 'Lower case; who asked, as they sign in';
comment on column access_request.name is 'As they wrote it in the request';
comment on column access_request.mailbox is 'The shared mailbox that may say yes or no; null: only people may';
comment on column access_request.code_id is 'The last code sent to the mailbox (one_time_code.id); the link of that email is made from it';
comment on column access_request.decided_by is 'As in audit.actor';
comment on column access_request.reason is 'Why it was refused, in the words of whoever refused it';
create unique index access_request_open on access_request (ods_code, email) where state = 'asked';
create index access_request_waiting on access_request (asked_at) where state = 'asked';
create index access_request_email on access_request (email, asked_at);

create table access_invitation (
  id bigint generated always as identity primary key,
  ods_code text collate "C" not null references profile (ods_code),
  email text not null,
  role text not null check (role in ('owner', 'editor', 'closure-only', 'viewer')),
  last_day date,
  invited_by text not null,
  invited_at timestamptz not null,
  sent_at timestamptz not null,
  times_sent integer not null default 1,
  open_until timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'accepted', 'declined', 'withdrawn', 'lapsed')),
  ended_at timestamptz
);
comment on table access_invitation is 'Somebody was invited to look after a pharmacy; one waiting invitation a person and pharmacy';
comment on column access_invitation.email is 'Lower case; accepting needs a sign-in with this address';
comment on column access_invitation.last_day is 'The last London day of the access it gives; null: no end';
comment on column access_invitation.invited_by is 'As in audit.actor; it gives nothing once this person may not give access any more';
create unique index access_invitation_waiting on access_invitation (ods_code, email) where state = 'waiting';
create index access_invitation_email on access_invitation (email) where state = 'waiting';

create table launch_invitation (
  ods_code text collate "C" primary key references profile (ods_code),
  mailbox text not null,
  queued_at timestamptz not null
);
comment on table launch_invitation is 'Pharmacies whose shared mailbox was told where to sign in: each once';

create index role_grant_scope on role_grant (scope);
create index role_grant_expiry on role_grant (expires_at) where expires_at is not null;
