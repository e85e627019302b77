-- The score of each pharmacy at the last check of everything: the league asks for thousands at once.
create table quality_score (
  ods_code text collate "C" primary key,
  score integer not null check (score between 0 and 100),
  icb_code text
);
comment on table quality_score is 'Derived, never edited: written at the end of each check, for pharmacies that trade';
comment on column quality_score.icb_code is 'ODS code of the ICB at that time, for the means of areas';
