-- From signing up to a referral service until it is live (src/rules/onboarding-steps.ts).

create table onboarding (
  id bigint generated always as identity primary key,
  ods_code text collate "C" not null references profile (ods_code),
  service_code text collate "C" not null,
  state text not null check (state in ('signed-up', 'profiled', 'disputed', 'checked', 'test-sent', 'test-failed', 'test-passed', 'live', 'withdrawn')),
  version integer not null default 1 check (version > 0),
  uid bigint references service (uid),
  signed_up_at timestamptz not null,
  signed_up_by text not null,
  state_since timestamptz not null,
  paused_at timestamptz,
  ended_at timestamptz,
  check ((ended_at is not null) = (state in ('live', 'withdrawn'))),
  check (paused_at is null or ended_at is null)
);
comment on table onboarding is 'A pharmacy on its way to a referral service; one open row a pharmacy and service';
comment on column onboarding.service_code is 'Of rules/offered-services.ts: one with a type of DoS service';
comment on column onboarding.version is 'Rises with each step; whoever takes one says which they read';
comment on column onboarding.uid is 'The DoS service that becomes live; null until the team has prepared it';
comment on column onboarding.state_since is 'Since when it waits: begins anew when a pause ends';
create unique index onboarding_open on onboarding (ods_code, service_code) where ended_at is null;
create index onboarding_waiting on onboarding (state, state_since) where ended_at is null;
create index onboarding_over on onboarding (ended_at) where ended_at is not null;

create table onboarding_event (
  onboarding_id bigint not null references onboarding (id),
  version integer not null,
  happened_at timestamptz not null,
  actor text not null,
  side text not null check (side in ('pharmacy', 'team')),
  step text not null,
  words text,
  uid bigint,
  primary key (onboarding_id, version)
);
comment on table onboarding_event is 'Append-only: every step, by whom, with what they said';
create trigger onboarding_event_append_only before update or delete or truncate on onboarding_event for each statement execute function refuse_change();
