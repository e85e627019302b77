-- Grid references of postcodes, as triage searches measure by them, and when a service's capacity was set.

alter table postcode
  add column easting integer,
  add column northing integer;
comment on column postcode.easting is 'OSGB36 metres as a file gave them, northing likewise; null where none did: then computed from latitude and longitude when read';

alter table service add column capacity_set_at timestamptz;
comment on column service.capacity_set_at is 'When the capacity in the record was last set to something else; null when it never was, or before this column was there';
