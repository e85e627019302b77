-- The capacity board: what is not Green is found without looking at the services that are.

create index service_not_green on service (uid)
  where status = 'ACTIVE' and (record #>> '{other,capacity,status}' in ('RED', 'AMBER') or record -> 'closures' is not null);
create index service_board on service ((type_id not in (13, 131, 132, 134, 137, 148, 149)), ods_five, uid) where status = 'ACTIVE';
-- Rights that hold for an area or a head office.
create index profile_area on profile ((document -> 'commissioning' ->> 'icbCode'));
create index profile_head_office on profile ((document -> 'commissioning' ->> 'parentCode'));
