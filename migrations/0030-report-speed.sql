-- What lies in an area, and who checked what in a quarter, is answered from indexes: rows of these tables are wide.

create index profile_postcode on profile (postcode_key, ods_code);
create index profile_open on profile (ods_code, status);
create index postcode_icb on postcode (icb_code, postcode_key);
create index attestation_checks on attestation (quarter, ods_code, section, attested_at);
drop index attestation_quarter;

-- With the profile in the index nothing of the service itself is read: the database cannot guess how few carry a local code.
drop index service_with_local_code;
create index service_with_local_code on service (uid, profile_ods) where jsonb_path_exists(
  record #> '{other,sgsd}',
  '$.*[*] ? (@ > 10999 && @ != 14023 && @ != 14041 && @ != 14167 && @ != 14207 && @ != 14210)', '{}', true);
