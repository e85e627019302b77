-- What the public says is wrong with the page of a pharmacy: the pharmacy answers first, then the lead of its area.

create table wrong_report (
  id bigint generated always as identity primary key,
  ods_code text collate "C" not null,
  what text not null,
  words text check (char_length(words) between 1 and 500),
  visited_on date,
  told_at timestamptz not null,
  due_at timestamptz not null,
  flagged boolean not null default false,
  state text not null check (state in ('waiting', 'corrected', 'right', 'settled', 'spam')),
  answer text check (char_length(answer) between 1 and 500),
  answered_at timestamptz,
  answered_by text,
  reporter_email text,
  network text,
  check ((state = 'waiting') = (answered_at is null)),
  check ((answered_at is null) = (answered_by is null))
);
comment on table wrong_report is 'One thing that somebody says is wrong. Never public; whoever said it is known to nobody who reads it';
comment on column wrong_report.due_at is 'From then on it waits for the lead, as long as nobody has answered';
comment on column wrong_report.flagged is 'One of three within 24 hours about the same pharmacy';
comment on column wrong_report.reporter_email is 'Where the answer goes; null: nobody gave one, or it is forgotten';
comment on column wrong_report.network is 'A hash, for limits; null after two days';
create index wrong_report_waiting on wrong_report (ods_code, due_at) where state = 'waiting';
create index wrong_report_told on wrong_report (ods_code, told_at);
create index wrong_report_network on wrong_report (network, told_at) where network is not null;
create index wrong_report_to_forget on wrong_report (told_at) where reporter_email is not null;
