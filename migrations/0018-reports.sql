-- Reports ask for the changes of one day.
create index service_change_time on service_change (recorded_at);
create index attestation_quarter on attestation (quarter, ods_code);
