-- Since when a postcode is no longer in use, so that a search near it can say so.
alter table postcode add column terminated_in integer check (terminated_in between 190001 and 299912);
comment on column postcode.terminated is 'Royal Mail has withdrawn it; it keeps the place where it was';
comment on column postcode.terminated_in is 'Year and month as the ONS writes them (199606); null while it is in use, and where no file said since when';
