-- Services without a pharmacy belong to an area by their postcode. Rights are granted by an ICB's ODS code (QOP), postcodes
-- know ICBs by their ONS code (E54000057): which of the first lie in which of the second is derived from the pharmacies.

alter table service
  add column postcode_key text collate "C" generated always as (upper(replace(record ->> 'postcode', ' ', ''))) stored;
comment on column service.postcode_key is 'The postcode of the record as the table postcode has it';
alter table profile
  add column postcode_key text collate "C" generated always as (upper(replace(document #>> '{address,postcode}', ' ', ''))) stored;
comment on column profile.postcode_key is 'The postcode of the document as the table postcode has it';

create table icb_area (
  icb_ods_code text not null,
  icb_code text not null,
  pharmacies integer not null check (pharmacies > 0),
  primary key (icb_ods_code, icb_code)
);
comment on table icb_area is 'Derived, never edited: the ICB of a pharmacy (its ODS code) beside the ICB of its postcode (its ONS code), after every import';
comment on column icb_area.pharmacies is 'How many pharmacies say so; stray ones are left out, see src/directory/icb-areas.ts';
create index icb_area_code on icb_area (icb_code);
