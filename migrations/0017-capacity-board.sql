-- The capacity board: what is not Green is found, and told apart, without unpacking the records of all services.

alter table service
  add column capacity_given jsonb generated always as (record #> '{other,capacity}') stored,
  add column closed_spells jsonb generated always as (record -> 'closures') stored;
comment on column service.capacity_given is 'Of the record: Red, Amber or Green as it was set last, lapsed or not';
comment on column service.closed_spells is 'Of the record: closures in force, coming or just over; null: none';
create index service_not_green on service (uid)
  where status = 'ACTIVE' and (capacity_given ->> 'status' in ('RED', 'AMBER') or closed_spells is not null);
create index service_board on service ((type_id not in (13, 131, 132, 134, 137, 148, 149)), ods_five, uid) where status = 'ACTIVE';
-- Rights that hold for an area or a head office.
create index profile_area on profile ((document -> 'commissioning' ->> 'icbCode'));
create index profile_head_office on profile ((document -> 'commissioning' ->> 'parentCode'));
