-- Capacity: Red, Amber or Green of a service. What the world sees is `record.other.capacity` of the service; here is who
-- set it, when and why, what was asked for later, and how a program's account is found by its secret alone.

create table capacity_setting (
  id bigint generated always as identity primary key,
  uid bigint not null references service (uid),
  set_at timestamptz not null,
  status text not null check (status in ('GREEN', 'AMBER', 'RED')),
  reset_at timestamptz,
  record_reset text,
  note text,
  set_by text not null,
  via text not null check (via in ('page', 'api')),
  replaced_at timestamptz,
  lapsed_noted_at timestamptz,
  check (status <> 'GREEN' or reset_at is null),
  check ((reset_at is null) = (record_reset is null))
);
comment on table capacity_setting is 'Every capacity that somebody set: the history of a service. Whether the last one lapsed is computed when it is read';
comment on column capacity_setting.reset_at is 'From when it is Green again; null for Green';
comment on column capacity_setting.record_reset is 'The same as the service record has it: a London minute, rounded up';
comment on column capacity_setting.set_by is 'As in audit.actor; account:NAME for a program';
comment on column capacity_setting.replaced_at is 'When the service was set to something else; a setting that lapsed before keeps this too';
comment on column capacity_setting.lapsed_noted_at is 'When the sweep noted that it had lapsed; null while it holds, and when it was replaced before';
create index capacity_setting_service on capacity_setting (uid, id desc);
create index capacity_setting_lapsing on capacity_setting (reset_at) where lapsed_noted_at is null and replaced_at is null;

create table capacity_schedule (
  id bigint generated always as identity primary key,
  uid bigint not null references service (uid),
  starts_at timestamptz not null,
  status text not null check (status in ('AMBER', 'RED')),
  reset_minutes integer not null,
  note text,
  asked_at timestamptz not null,
  asked_by text not null,
  via text not null check (via in ('page', 'api')),
  ended_at timestamptz,
  outcome text check (outcome in ('applied', 'cancelled', 'refused')),
  check ((ended_at is null) = (outcome is null))
);
comment on table capacity_schedule is 'Red or Amber that was asked for a later time. A setting made meanwhile cancels it';
comment on column capacity_schedule.reset_minutes is 'Minutes from its start until Green';
comment on column capacity_schedule.outcome is 'refused: whoever asked had lost the right to, or the service was not active any more';
create index capacity_schedule_waiting on capacity_schedule (uid) where ended_at is null;

-- Services below a service, for rights that reach down.
create index service_parent on service ((record #>> '{other,parentUid}')) where record #>> '{other,parentUid}' is not null;

alter table api_account add column secret_hint integer;
comment on column api_account.secret_hint is 'The first 24 bits of a digest of the secret under SECRETS_PEPPER: finds the account of a program that sends a secret without a name. Null: made before there were hints';
create index api_account_hint on api_account (api, secret_hint);
