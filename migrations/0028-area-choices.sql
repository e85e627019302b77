-- Which areas there are to choose from, without reading every pharmacy; and what reports and the workspace look up.

create table area_choice (
  icb_ods_code text not null,
  kind text not null check (kind in ('region', 'icb', 'local')),
  code text not null,
  name text,
  primary key (icb_ods_code, kind, code)
);
comment on table area_choice is 'Derived, never edited, with icb_area: the regions, ICBs and local authorities in which pharmacies of an ICB lie';
comment on column area_choice.icb_ods_code is 'The ICB of those pharmacies; empty for pharmacies without one';
comment on column area_choice.name is 'As an import named it (areas of the catalogue); null where none did';
