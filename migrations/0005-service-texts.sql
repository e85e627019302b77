-- What is held in memory of a service, written out when it is saved: a start then reads texts as they are, instead of
-- having every record written and parsed again. JSON arrays, whose order src/directory/service-row.ts knows.

-- Immutable: of jsonb, what json_build_array makes depends on nothing else.
create function service_facts(record jsonb) returns text language sql immutable parallel safe as $$
  select json_build_array(
    record -> 'name', record -> 'publicName', record -> 'typeId', record -> 'odsCode', record -> 'status',
    record -> 'address', record -> 'postcode', record -> 'latitude', record -> 'longitude', record -> 'phone',
    record -> 'web', record -> 'easting', record -> 'northing', record #> '{other,capacity}')::text
$$;
create function service_clinical(other jsonb) returns text language sql immutable parallel safe as $$
  select json_build_array(
    other -> 'genders', other -> 'ages', other -> 'sgsd', other -> 'dispositions', other -> 'roles',
    other -> 'restricted', other -> 'referrals', other -> 'limitedTo', other -> 'promotedTo',
    other -> 'returnIfOpenMinutes')::text
$$;
create function service_details(record jsonb) returns text language sql immutable parallel safe as $$
  select json_build_array(
    record -> 'nonPublicPhone', record -> 'email', record -> 'publicInformation', record -> 'referralInformation',
    record -> 'address', record #> '{other,parentUid}', record #> '{other,endpoints}', record #> '{other,attributes}',
    record #> '{other,capacity}', record #> '{other,hospitalScore}')::text
$$;

alter table service
  add column facts_text text generated always as (service_facts(record)) stored,
  add column hours_text text generated always as ((record -> 'hours')::text) stored,
  add column clinical_text text generated always as (service_clinical(record -> 'other')) stored,
  add column details_text text generated always as (service_details(record)) stored;
comment on column service.facts_text is 'What is looked at of every service: the public facts, the place on the grid, the capacity';
comment on column service.hours_text is 'Opening times, which many services share';
comment on column service.clinical_text is 'Whom urgent care sends here: whole profiles follow templates';
comment on column service.details_text is 'What professionals are shown, kept as text until it is shown';
