-- Time to truth: how soon after a closure was told, changed or ended each consumer of the directory showed it.

create table closure_truth (
  closure_event_id bigint not null references closure_event (id),
  consumer text not null check (consumer in ('directory', 'capacity', 'public-page')),
  node text not null,
  measured_at timestamptz not null,
  milliseconds integer not null check (milliseconds >= 0),
  primary key (closure_event_id, consumer, node)
);
comment on table closure_truth is 'Measured by asking what each web process holds in memory, right after it took a change over';
comment on column closure_truth.node is 'The process that measured: its machine and process number';
comment on column closure_truth.milliseconds is 'Since the request reached us; across machines as exact as their clocks agree';
create index closure_truth_time on closure_truth (measured_at);
