-- One change of many branches: what was asked for, branch by branch, and what became of it.

create table branch_change (
  id bigint generated always as identity primary key,
  person_id bigint not null references person (id),
  actor text not null,
  kind text not null check (kind in ('holidays', 'change', 'services', 'contact', 'check')),
  title text not null,
  source text,
  unread jsonb not null default '[]',
  state text not null check (state in ('draft', 'waiting', 'running', 'done', 'undoing', 'undone', 'cancelled')),
  created_at timestamptz not null,
  run_at timestamptz,
  finished_at timestamptz,
  undone_at timestamptz
);
comment on table branch_change is 'One change of many branches by a head office: drafted, then run now or later, and undone as one';
comment on column branch_change.source is 'Name of the file it was read from; null when it was filled in';
comment on column branch_change.unread is 'Lines of the file that asked for nothing that could be done: line, odsCode, reason';
create index branch_change_person on branch_change (person_id, created_at);

create table branch_change_row (
  branch_change_id bigint not null references branch_change (id),
  ods_code text collate "C" not null,
  place integer not null,
  command jsonb not null,
  state text not null check (state in ('waiting', 'done', 'unchanged', 'refused', 'undone', 'not-undone')),
  reason text,
  version_before integer,
  version_after integer,
  primary key (branch_change_id, ods_code)
);
comment on table branch_change_row is 'What one branch was asked to become, and what became of it';
comment on column branch_change_row.place is 'Line of the file, or order in which the branches were chosen';
comment on column branch_change_row.reason is 'Why it was refused or not undone, for the person who asked';
