-- What the quality rules found, who looks after each rule, what is exempt; and the last pharmaceutical list as it came,
-- so that profiles can be compared with it.

create table quality_finding (
  id bigint generated always as identity primary key,
  rule text not null,
  rule_version integer not null,
  subject text not null,
  place text not null,
  ods_code text collate "C",
  uid bigint,
  detail text not null,
  ours text,
  theirs text,
  is_first boolean not null,
  opened_on date not null,
  closed_on date,
  last_seen_on date,
  check ((closed_on is null) = (last_seen_on is null))
);
comment on table quality_finding is 'What a rule of rules/quality-rules.ts found wrong, from the day it was found to the day it was gone. What comes back is a new row';
comment on column quality_finding.subject is 'The same finding has the same subject every night; unique within its rule';
comment on column quality_finding.place is 'What was checked together: the first five characters of an ODS code, or uid:NUMBER of a service without one';
comment on column quality_finding.ods_code is 'The pharmacy whose profile it is about, or whose service; null: there is no profile';
comment on column quality_finding.is_first is 'Drift that was there when the source was compared for the first time: shown apart, so that a first import floods nobody';
comment on column quality_finding.last_seen_on is 'The day of the last check that still found it; null while it is open: then it is that of the last check of all';
create unique index quality_finding_open on quality_finding (rule, subject) where closed_on is null;
create index quality_finding_place on quality_finding (place) where closed_on is null;
create index quality_finding_pharmacy on quality_finding (ods_code) where closed_on is null;
create index quality_finding_closed on quality_finding (closed_on) where closed_on is not null;

create table quality_exemption (
  id bigint generated always as identity primary key,
  rule text not null,
  subject text not null,
  reason text not null check (char_length(reason) between 1 and 500),
  ends_on date not null,
  made_at timestamptz not null,
  made_by text not null,
  ended_at timestamptz,
  ended_by text,
  check ((ended_at is null) = (ended_by is null))
);
comment on table quality_exemption is 'Findings that somebody accepts for a time, with the reason. Holds to the end of ends_on, also for a finding that goes and comes back';
create unique index quality_exemption_once on quality_exemption (rule, subject) where ended_at is null;

create table quality_owner (
  rule text not null,
  area_code text collate "C" not null,
  owner text not null check (char_length(owner) between 1 and 100),
  version integer not null check (version > 0),
  changed_at timestamptz not null,
  changed_by text not null,
  primary key (rule, area_code)
);
comment on table quality_owner is 'Who looks after the findings of a rule in an area';
comment on column quality_owner.area_code is 'ODS code of the ICB; empty: England, where an area names nobody';

create table quality_day (
  day date not null,
  rule text not null,
  area_code text collate "C" not null,
  rule_version integer not null,
  open integer not null,
  exempt integer not null,
  opened integer not null,
  closed integer not null,
  primary key (area_code, rule, day)
);
comment on table quality_day is 'How many findings a rule had at the last check of a day: the trend. A rule without findings has a row for England alone';
comment on column quality_day.area_code is 'ODS code of the ICB; * for all of England';
comment on column quality_day.open is 'Exempt ones, and drift from before the first comparison, are left out';

create table quality_run (
  id bigint generated always as identity primary key,
  day date not null,
  started_at timestamptz not null,
  finished_at timestamptz,
  compared text[] not null
);
comment on table quality_run is 'Each check of everything';
comment on column quality_run.compared is 'Rules about sources of which there was anything to compare with: drift that the first such run finds was there before us';

create table listed_pharmacy (
  ods_code text collate "C" primary key,
  name text not null,
  address_lines jsonb not null,
  postcode text not null,
  weekly jsonb not null,
  absent_since date
);
comment on table listed_pharmacy is 'The last pharmaceutical list, as imported, without owners';
comment on column listed_pharmacy.weekly is 'Seven days, Monday first, as in a profile; a day that was refused is null';
comment on column listed_pharmacy.absent_since is 'The London day of the first import of a list for all of England that left it out; null: the last one has it';

create index ods_organisation_postcode on ods_organisation (upper(replace(postcode, ' ', '')));
