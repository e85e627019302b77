-- The verification report of each quarter, as it stood when the quarter had ended. Nobody can change it afterwards.
create table quarter_report (
  quarter text primary key,
  frozen_at timestamptz not null,
  pharmacies integer not null,
  complete integer not null,
  lines text not null,
  root_hash text not null,
  audit_seq bigint not null
);
comment on table quarter_report is 'Append-only: who had verified in a quarter, for all of England; the report of an area is its lines';
comment on column quarter_report.lines is 'One canonical JSON object a pharmacy, by ODS code, each with a line end: byte for byte what was hashed';
comment on column quarter_report.root_hash is 'sha256, in hex, of the sha256 of each line in hex, joined: one line can be proved with the hashes of the others';
create trigger quarter_report_append_only before update or delete or truncate on quarter_report for each statement execute function refuse_change();
