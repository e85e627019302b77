-- Closures: the pharmacy is shut now, or will be. What the world sees of it is in the profile and its DoS services; here
-- is who told it, what became of it, and whom it has to be brought to mind.

create table closure (
  id text primary key,
  ods_code text collate "C" not null references profile (ods_code),
  starts_at timestamptz not null,
  expected_at timestamptz,
  ended_at timestamptz,
  how_ended text check (how_ended in ('reopened', 'expired', 'cancelled')),
  services bigint[],
  reason text not null,
  advice text,
  told_at timestamptz not null,
  told_by text not null,
  via text not null check (via in ('profile-manager', 'code', 'desk')),
  filled_in_by text,
  phone text,
  last_word_at timestamptz not null,
  reminded boolean not null default false,
  seq bigint not null,
  check ((ended_at is null) = (how_ended is null))
);
comment on table closure is 'Every closure that was told, planned ones included; its state is computed by rules/closure-states.ts';
comment on column closure.expected_at is 'When it is expected to reopen; null: nobody knows';
comment on column closure.services is 'Uids of the DoS services that are shut; null: the whole pharmacy';
comment on column closure.told_at is 'When the request reached us: time to truth is counted from here';
comment on column closure.told_by is 'As in audit.actor';
comment on column closure.via is 'From Profile Manager, without sign-in by a code, or by the emergency desk';
comment on column closure.filled_in_by is 'Name of whoever filled in the form, for the notice to the ICB';
comment on column closure.phone is 'Where that person is reached; never public';
comment on column closure.last_word_at is 'When somebody last told or confirmed it, or was asked whether it is open again';
comment on column closure.reminded is 'Whether the expected reopening was brought to mind';
comment on column closure.seq is 'Ledger sequence of its last change';
create index closure_pharmacy on closure (ods_code, starts_at);
create index closure_not_ended on closure (ods_code) where ended_at is null;
create index closure_seq on closure (seq);

create table closure_event (
  id bigint generated always as identity primary key,
  closure_id text not null references closure (id),
  happened_at timestamptz not null,
  actor text not null,
  event text not null check (event in ('told', 'changed', 'confirmed', 'asked', 'reminded', 'reopened', 'expired', 'cancelled', 'written-on')),
  detail jsonb not null default '{}'
);
comment on table closure_event is 'Append-only: what happened to a closure, in order';
comment on column closure_event.event is 'written-on: a closure whose end nobody knows was written into the hours of later dates';
create index closure_event_closure on closure_event (closure_id, id);
create trigger closure_event_append_only before update or delete or truncate on closure_event for each statement execute function refuse_change();

-- What a start reads of a service includes its closures. Rows that are there have none: their text lacks the last value.
create or replace function service_facts(record jsonb) returns text language sql immutable parallel safe as $$
  select json_build_array(
    record -> 'name', record -> 'publicName', record -> 'typeId', record -> 'odsCode', record -> 'status',
    record -> 'address', record -> 'postcode', record -> 'latitude', record -> 'longitude', record -> 'phone',
    record -> 'web', record -> 'easting', record -> 'northing', record #> '{other,capacity}', record -> 'closures')::text
$$;
