-- Requests for another name, address or map pin, and which reminders went out.
create table place_change (
  id bigint generated always as identity primary key,
  ods_code text collate "C" not null references profile (ods_code),
  kind text not null check (kind in ('name', 'address', 'pin')),
  asked jsonb not null,
  was jsonb not null,
  evidence text not null,
  distance_metres integer,
  person text not null,
  asked_at timestamptz not null,
  status text not null check (status in ('waiting', 'applied', 'approved', 'refused', 'withdrawn')),
  decided_by text,
  decided_at timestamptz,
  reason text
);
comment on table place_change is 'What a pharmacy asks to have corrected in its trading name, address or map pin, and what became of it';
comment on column place_change.was is 'The value when it was asked, for comparison';
comment on column place_change.distance_metres is 'Of an asked pin: from the middle of the postcode; null when the postcode is not known';
comment on column place_change.status is 'applied: a pin so near its postcode that nobody had to approve it';
create index place_change_pharmacy on place_change (ods_code, asked_at);
create unique index place_change_waiting on place_change (ods_code, kind) where status = 'waiting';

create table reminder_run (
  reminder text collate "C" primary key,
  queued_at timestamptz not null,
  emails integer not null
);
comment on table reminder_run is 'Reminders that were queued, so that none goes out twice and a missed one is made up for once';
comment on column reminder_run.reminder is 'check 2026-27-Q3 day 30, or holiday 2026-12-25 56 days before';
