-- What a pharmacy agreed to, so that nothing else goes live (src/onboarding/prepared-entry.ts).
alter table onboarding add column agreed_entry text;
comment on column onboarding.agreed_entry is 'Hash of the entry as the pharmacy agreed to it; null until it has';
