-- The service desk: tickets, what people say is wrong with a page, and what they wish for.

create table ticket (
  id bigint generated always as identity (start with 1001) primary key,
  asked_at timestamptz not null,
  channel text not null check (channel in ('form', 'email')),
  category text not null,
  severity text not null check (severity in ('urgent', 'high', 'normal', 'low')),
  state text not null check (state in ('new', 'open', 'answered', 'closed')),
  about text check (char_length(about) <= 60),
  ods_code text collate "C",
  service_uid bigint,
  requester text,
  requester_name text,
  requester_email text,
  assigned_to text,
  waits_since timestamptz,
  due_at timestamptz,
  closed_at timestamptz,
  closed_by text,
  evidence text check (char_length(evidence) <= 300),
  satisfied boolean,
  version integer not null default 1 check (version > 0),
  changed_at timestamptz not null,
  forgotten_at timestamptz,
  check ((state in ('new', 'open')) = (due_at is not null)),
  check ((due_at is null) = (waits_since is null)),
  check ((state = 'closed') = (closed_at is not null)),
  check ((forgotten_at is null) = (requester_email is not null))
);
comment on table ticket is 'What somebody asked the service desk; its id is the number that people quote';
comment on column ticket.about is 'The pharmacy or service as whoever asked wrote it; ods_code and service_uid are what it was linked to';
comment on column ticket.requester is 'As in audit.actor, of somebody who was signed in; null: they were not, or it is forgotten';
comment on column ticket.requester_email is 'Null once it is forgotten: some time after the ticket was closed';
comment on column ticket.waits_since is 'Since when it waits for the desk; due_at is by when the desk answers';
comment on column ticket.evidence is 'The address of what shows that it is done';
create index ticket_due on ticket (due_at) where due_at is not null;
create index ticket_changed on ticket (state, changed_at);
create index ticket_pharmacy on ticket (ods_code) where ods_code is not null;
create index ticket_requester on ticket (requester) where requester is not null;
create index ticket_to_forget on ticket (closed_at) where forgotten_at is null;

create table ticket_message (
  id bigint generated always as identity primary key,
  ticket_id bigint not null references ticket (id),
  written_at timestamptz not null,
  kind text not null check (kind in ('question', 'reply', 'note', 'closed', 'reopened', 'ended')),
  author text not null,
  words text not null check (char_length(words) <= 10000),
  mail_id text unique
);
comment on table ticket_message is 'The thread of a ticket. A note is for the desk only: nobody else is shown or sent it';
comment on column ticket_message.author is 'requester, or as in audit.actor';
comment on column ticket_message.mail_id is 'Of a message that came by email: a hash of its message id, so that a repeat is no second one';
create index ticket_message_thread on ticket_message (ticket_id, id);

create table help_sent (
  id bigint generated always as identity primary key,
  network text not null,
  mailbox text,
  sent_at timestamptz not null
);
comment on table help_sent is 'What came to the service desk from where, for limits; kept for two days. Hashes, no addresses';
create index help_sent_network on help_sent (network, sent_at);
create index help_sent_mailbox on help_sent (mailbox, sent_at) where mailbox is not null;

create table page_feedback (
  id bigint generated always as identity primary key,
  page text,
  words text not null check (char_length(words) between 1 and 1000),
  sent_at timestamptz not null,
  done_at timestamptz,
  done_by text,
  check ((done_at is null) = (done_by is null))
);
comment on table page_feedback is 'What somebody says is wrong with a page. Nothing is kept of who said it';
comment on column page_feedback.page is 'Its path, without what could tell who looked at it; null: not known';
create index page_feedback_open on page_feedback (page) where done_at is null;

create table wish (
  id bigint generated always as identity primary key,
  title text not null check (char_length(title) between 1 and 100),
  words text not null check (char_length(words) between 1 and 1000),
  suggested_at timestamptz not null,
  state text not null check (state in ('waiting', 'refused', 'thinking', 'planned', 'done', 'not-doing')),
  answer text check (char_length(answer) <= 500),
  decided_at timestamptz,
  decided_by text,
  version integer not null default 1 check (version > 0),
  check ((state = 'waiting') = (decided_at is null))
);
comment on table wish is 'What people suggest. It is public once the desk has said what becomes of it, unless that is refused';
create index wish_state on wish (state);

create table wish_vote (
  wish_id bigint not null references wish (id),
  person_id bigint not null references person (id),
  voted_at timestamptz not null,
  primary key (wish_id, person_id)
);
comment on table wish_vote is 'One vote a person. Only how many there are is shown';
