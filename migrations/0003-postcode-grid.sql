-- Grid references of postcodes, as triage searches measure by them, and when a service's capacity was set.

alter table postcode
  add column easting integer,
  add column northing integer;
comment on column postcode.easting is 'OSGB36 metres as the file gave them, computed from latitude and longitude where it gave none; northing likewise. Null in rows of an earlier version: computed when read';

alter table service add column capacity_set_at timestamptz;
comment on column service.capacity_set_at is 'When the capacity in the record was last set to something else; null when it never was, or before this column was there';
