-- What lies in an area, and who checked what in a quarter, is answered from indexes: rows of these tables are wide.

create index profile_postcode on profile (postcode_key, ods_code);
create index profile_open on profile (ods_code, status);
create index postcode_icb on postcode (icb_code, postcode_key);
create index attestation_checks on attestation (quarter, ods_code, section, attested_at);
drop index attestation_quarter;
