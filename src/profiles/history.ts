/** Everything that was ever said and checked of a profile, newest first: versions and checks as one timeline. */
import { sql } from 'kysely'
import type { Queryable } from '#src/platform/db/db.ts'
import type { Profile } from './profile.ts'
import { PROFILE_PARTS, type ProfilePart } from './section-words.ts'

export const EVENTS_A_PAGE = 50

/** A saved version, or a check of what a version says. */
export type HistoryEvent = {
  readonly kind: 'version' | 'check'
  /** UTC ISO text. */
  readonly at: string
  readonly version: number
  /** `person:EMAIL`, `mailbox:CODE`, `phone:CODE`, `command:NAME` or `system:NAME`. */
  readonly actor: string
  readonly action: string
  /** What changed or was checked. Empty: something that no part shows, such as the head office. */
  readonly parts: readonly ProfilePart[]
  /** Null for the first version and for checks. */
  readonly before: Profile | null
  /** Null for checks. */
  readonly after: Profile | null
  /** The version that was restored; null unless this is a restore. */
  readonly restored: number | null
}

export type HistoryQuery = {
  readonly odsCode: string
  /** Only what concerns this part. */
  readonly part?: ProfilePart | undefined
  /** Only what this actor did; `keyless` is what was done with a code, `list` what nobody at all did. */
  readonly who?: string | undefined
  /** From 1. */
  readonly page: number
}

/** The parts of a document where each part of a profile is kept. A test compares this with `changedParts`. */
export const DOCUMENT_KEYS: Readonly<Record<ProfilePart, readonly string[]>> = {
  contact: ['contact', 'delivery'],
  hours: ['weekly', 'contract'],
  holidays: ['holidays'],
  changes: ['changes', 'closures'],
  services: ['services'],
  facilities: ['facilities'],
  place: ['name', 'address', 'status'],
}

const NOTHING = sql`'{}'::jsonb`
const differs = (key: string) =>
  sql`coalesce(before -> ${key}::text, ${NOTHING}) is distinct from coalesce(document -> ${key}::text, ${NOTHING})`
const changedParts = sql.join(
  PROFILE_PARTS.map((part) => {
    const any = sql.join(DOCUMENT_KEYS[part].map(differs), sql` or `)
    return sql`case when ${any} then ${part}::text end`
  }),
)

/** A page of the timeline, with whether an older page follows. */
export async function loadHistory(
  db: Queryable,
  { odsCode, part, who, page }: HistoryQuery,
): Promise<{ readonly events: readonly HistoryEvent[]; readonly hasOlder: boolean }> {
  const ofPart = part ? sql`${part}::text = any(parts)` : sql`true`
  const byActor =
    who === 'list' || who === 'keyless'
      ? sql`(case when events.actor ~ '^person:' then 'person' when events.actor ~ '^(mailbox|phone):' then 'keyless' else 'list' end) = ${who}::text`
      : sql`events.actor = ${who ?? ''}::text`
  const { rows } = await sql<HistoryEvent>`
    with versions as (
      select version, recorded_at, actor, action, document, audit_seq, lag(document) over (order by version) as before
      from profile_version where ods_code = ${odsCode}
    ), events as (
      select 'version' as kind, recorded_at as at, version, actor, action,
        array_remove(array[${changedParts}], null) as parts, before, document as after, audit_seq
      from versions
      union all
      select 'check', attested_at, max(profile_version), person, 'confirm-section', array_agg(section order by id),
        null, null, max(audit_seq)
      from attestation where ods_code = ${odsCode} group by attested_at, person
    )
    select kind, at, version, events.actor, events.action, parts, before, after,
      (case when events.action = 'restore-version' then audit.detail::jsonb ->> 'restored' end)::integer as restored
    from events left join audit on audit.seq = events.audit_seq
    where ${ofPart} and ${who ? byActor : sql`true`}
    order by events.audit_seq desc
    limit ${EVENTS_A_PAGE + 1} offset ${(page - 1) * EVENTS_A_PAGE}`.execute(db)
  return { events: rows.slice(0, EVENTS_A_PAGE), hasOlder: rows.length > EVENTS_A_PAGE }
}

/** Everybody who ever changed or checked this profile. */
export async function loadHistoryActors(db: Queryable, odsCode: string): Promise<readonly string[]> {
  const { rows } = await sql<{ actor: string }>`
    select actor from profile_version where ods_code = ${odsCode}
    union select person from attestation where ods_code = ${odsCode}
    order by actor`.execute(db)
  return rows.map(({ actor }) => actor)
}

/** One version with the one before it; undefined when the profile never had it. */
export async function loadVersionEvent(
  db: Queryable,
  odsCode: string,
  version: number,
): Promise<HistoryEvent | undefined> {
  const { rows } = await sql<HistoryEvent>`
    with versions as (
      select version, recorded_at, actor, action, document, audit_seq, lag(document) over (order by version) as before
      from profile_version where ods_code = ${odsCode} and version in (${version}::integer, ${version - 1}::integer)
    )
    select 'version' as kind, versions.recorded_at as at, version, versions.actor, versions.action,
      array_remove(array[${changedParts}], null) as parts, before, document as after,
      (case when versions.action = 'restore-version' then audit.detail::jsonb ->> 'restored' end)::integer as restored
    from versions left join audit on audit.seq = audit_seq
    where version = ${version}::integer`.execute(db)
  return rows[0]
}
