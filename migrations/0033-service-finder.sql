-- What professionals keep in the Service Finder, and what they tell of services that could not help.

create table finder_choice (
  person_id bigint primary key references person (id),
  role integer,
  place text check (char_length(place) between 1 and 100)
);
comment on table finder_choice is 'What somebody wants to find filled in. Nothing about patients';
comment on column finder_choice.role is 'The referral role that they refer as';
comment on column finder_choice.place is 'Where they usually search: an outcode or a town, never a whole postcode';

create table finder_favourite (
  person_id bigint not null references person (id),
  uid bigint not null references service (uid),
  saved_at timestamptz not null,
  primary key (person_id, uid)
);
comment on table finder_favourite is 'Services that somebody wants at hand';

create table finder_search (
  id bigint generated always as identity primary key,
  person_id bigint not null references person (id),
  address text not null check (char_length(address) between 1 and 600),
  title text not null check (char_length(title) between 1 and 400),
  saved_at timestamptz not null,
  unique (person_id, address)
);
comment on table finder_search is 'Searches that somebody repeats: types, area, filters. No age, no sex, no surgery, no whole postcode, no typed words';
comment on column finder_search.address is 'Of the results page, made by us of what may be kept';

create table referral_problem (
  id bigint generated always as identity primary key,
  uid bigint not null references service (uid),
  ods_code text collate "C",
  reason text not null,
  told_at timestamptz not null,
  told_by text not null
);
comment on table referral_problem is 'A professional says that a service could not help, and why. Nothing about the patient; no free text';
comment on column referral_problem.ods_code is 'Of the pharmacy that is told, by its five characters; null: no pharmacy, and nobody is told';
comment on column referral_problem.reason is 'A key of rules/referral-problems.ts';
comment on column referral_problem.told_by is 'As in audit.actor; the pharmacy is not shown it';
create index referral_problem_pharmacy on referral_problem (ods_code, told_at) where ods_code is not null;
create index referral_problem_person on referral_problem (told_by, told_at);
create index referral_problem_time on referral_problem (told_at);

-- How often somebody looked lately is asked at every look.
create index audit_looks on audit (actor, recorded_at) where action = 'look at professional details';
