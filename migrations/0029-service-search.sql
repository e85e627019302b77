-- Services are found by the words of their names among sixty thousand.
create index service_name_words on service using gin (to_tsvector('simple', coalesce(record ->> 'name', '') || ' ' || coalesce(record ->> 'publicName', '')));
create index service_postcode on service (postcode_key);
