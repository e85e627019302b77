-- Local services: those that an ICB keeps for itself, each with somebody who answers for it and a day to look at it again.

create table local_service (
  uid bigint primary key references service (uid),
  owner_kind text not null check (owner_kind in ('person', 'team')),
  owner_name text not null check (char_length(owner_name) between 1 and 100),
  owner_mailbox text not null,
  review_months integer not null check (review_months between 1 and 24),
  review_on date not null,
  reviewed_at timestamptz,
  reviewed_by text,
  told_of date,
  version integer not null check (version > 0),
  changed_at timestamptz not null,
  changed_by text not null
);
comment on table local_service is 'Who answers for each local (Z-coded) service. For the directory team only, never public';
comment on column local_service.owner_mailbox is 'Is told when a review is due';
comment on column local_service.review_on is 'The London day from which somebody must say again that the record is right';
comment on column local_service.reviewed_by is 'As in audit.actor, as is changed_by';
comment on column local_service.told_of is 'The review day of which the owner was told last';
create index local_service_review on local_service (review_on);

-- Services that carry a local code, owned or not: the words of src/record-editor/local/local-records.ts.
create index service_with_local_code on service (uid) where jsonb_path_exists(
  record #> '{other,sgsd}',
  '$.*[*] ? (@ > 10999 && @ != 14023 && @ != 14041 && @ != 14167 && @ != 14207 && @ != 14210)', '{}', true);
