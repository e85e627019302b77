-- Receipts: what one act of one person checked or changed at one pharmacy, signed, and chained pharmacy by pharmacy.

create table submission (
  id bigint generated always as identity primary key,
  ods_code text collate "C" not null references profile (ods_code),
  submitted_at timestamptz not null,
  person text not null,
  action text not null,
  quarter text not null,
  profile_version integer not null,
  checked text[] not null,
  changed text[] not null,
  audit_seq bigint not null
);
comment on table submission is 'Append-only: one act of one person at one pharmacy, which checks sections, changes them, or both; makes one receipt';
comment on column submission.quarter is 'Of the London date of the act, such as 2026-27-Q3';
comment on column submission.profile_version is 'The version after the act: what was checked, or what the change made';
create index submission_pharmacy on submission (ods_code, submitted_at);

alter table attestation add column submission_id bigint references submission (id);
comment on column attestation.submission_id is 'The act it was part of; null before receipts existed';
create index attestation_submission on attestation (submission_id);

create table receipt_key (
  key_id text primary key,
  public_key text not null,
  first_used_at timestamptz not null
);
comment on table receipt_key is 'Every public key that ever signed a receipt, so that receipts stay verifiable after the key was changed';
comment on column receipt_key.key_id is 'RFC 7638 thumbprint of the key as a JWK';
comment on column receipt_key.public_key is 'Ed25519, 32 bytes in base64url';

create table receipt (
  submission_id bigint primary key references submission (id),
  ods_code text collate "C" not null references profile (ods_code),
  number integer not null check (number > 0),
  reference text not null unique,
  document text not null,
  hash text not null,
  previous_hash text,
  key_id text not null references receipt_key (key_id),
  signature text not null,
  salt text not null,
  unique (ods_code, number)
);
comment on table receipt is 'Append-only: the receipts of a pharmacy, numbered from 1, each with the hash of the one before';
comment on column receipt.document is 'Canonical JSON, byte for byte what was hashed and signed; no value that is not public';
comment on column receipt.signature is 'Ed25519 over the document, base64url';
comment on column receipt.salt is 'Never shown: keys the seals of values that are not public, so that nobody can find them by guessing';

create trigger submission_append_only before update or delete or truncate on submission for each statement execute function refuse_change();
create trigger receipt_append_only before update or delete or truncate on receipt for each statement execute function refuse_change();
create trigger receipt_key_append_only before update or delete or truncate on receipt_key for each statement execute function refuse_change();
