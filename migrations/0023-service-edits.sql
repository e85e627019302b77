-- What somebody of the directory team wants a service's record to say, from the first word until it is published or not.

create table service_edit (
  id bigint generated always as identity primary key,
  uid bigint,
  author text not null,
  state text not null check (state in ('draft', 'waiting', 'conflict', 'published', 'withdrawn', 'declined')),
  version integer not null default 1 check (version > 0),
  base jsonb not null,
  proposed jsonb not null,
  reason text not null default '' check (char_length(reason) <= 1000),
  begun_at timestamptz not null,
  changed_at timestamptz not null,
  submitted_at timestamptz,
  decided_by text,
  decided_at timestamptz,
  note text check (char_length(note) <= 1000),
  published_seq bigint
);
comment on table service_edit is 'Edits of service records, kept when they are over. Private facts are in them: never public';
comment on column service_edit.uid is 'The service; null while a new one is being made. Published: the uid it was given';
comment on column service_edit.author is 'As in audit.actor';
comment on column service_edit.state is 'draft: only the author has it · waiting: for a second person · conflict: somebody else changed the same fields, and a person must choose · the others are over';
comment on column service_edit.version is 'Grows with every change of the row; who decides says which one they read';
comment on column service_edit.base is 'What the touched fields said when the author first touched them, by their name in the interchange format';
comment on column service_edit.proposed is 'What they shall say; the same keys. null: the record shall not have that key';
comment on column service_edit.note is 'What was said by whoever decided';
comment on column service_edit.published_seq is 'The last number of service_change that it wrote';
create unique index service_edit_open on service_edit (author, uid) where state in ('draft', 'waiting', 'conflict');
create index service_edit_service on service_edit (uid, id);
create index service_edit_waiting on service_edit (submitted_at) where state = 'waiting';
