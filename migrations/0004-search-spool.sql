-- Searches that came faster than the table of searches can take them, put away in pieces until it is quiet.

create table search_spool (
  id bigint generated always as identity primary key,
  searches text not null
);
comment on table search_spool is 'Rows of search_audit as JSON, some hundreds a piece: written in a moment, filed and deleted later, oldest first';
alter table search_spool alter column searches set storage external;
