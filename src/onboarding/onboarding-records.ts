/** Pharmacies on their way to referral services, as the database holds them. */
import { type RawBuilder, sql } from 'kysely'
import { pharmacyCounts, type Reach, type Where } from '#src/directory/area.ts'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import {
  lateSince,
  ONBOARDING_STATES,
  type OnboardingState,
  type OnboardingStep,
  type Side,
  STATES,
} from '#src/rules/onboarding-steps.ts'

export type Onboarding = {
  readonly id: number
  readonly odsCode: string
  readonly pharmacy: string
  /** Of `REFERRAL_SERVICES`. */
  readonly serviceCode: string
  readonly state: OnboardingState
  /** Rises with each step. */
  readonly version: number
  /** The DoS service; null until one is prepared. */
  readonly uid: number | null
  /** UTC ISO text, as is every `…At`. */
  readonly signedUpAt: string
  /** As in the audit. */
  readonly signedUpBy: string
  readonly stateSince: string
  readonly pausedAt: string | null
  readonly endedAt: string | null
  /** What the pharmacy agreed to (`fingerprintOf`); null until it has. */
  readonly agreedEntry: string | null
}

export type OnboardingEvent = {
  readonly version: number
  readonly happenedAt: string
  readonly actor: string
  readonly side: Side
  readonly step: OnboardingStep | 'sign-up'
  readonly words: string | null
  readonly uid: number | null
}

const columns = sql`onboarding.id, onboarding.ods_code as "odsCode", pharmacy.name as pharmacy,
  onboarding.service_code as "serviceCode", onboarding.state, onboarding.version, onboarding.uid,
  onboarding.signed_up_at as "signedUpAt", onboarding.signed_up_by as "signedUpBy",
  onboarding.state_since as "stateSince", onboarding.paused_at as "pausedAt", onboarding.ended_at as "endedAt",
  onboarding.agreed_entry as "agreedEntry"`

const from = sql`from onboarding join profile pharmacy on pharmacy.ods_code = onboarding.ods_code`

/** Whose it is to look at: the pharmacy itself, or a team with its reach. */
export type Whose = { readonly odsCode: string } | { readonly reach: Reach }

const isTheirs = (whose: Whose): RawBuilder<boolean> =>
  'odsCode' in whose ? sql<boolean>`onboarding.ods_code = ${whose.odsCode}` : pharmacyCounts({ reach: whose.reach })

/** One of theirs; undefined when there is none of that number. */
export async function loadOnboarding(db: Queryable, id: number, whose: Whose): Promise<Onboarding | undefined> {
  const { rows } = await sql<Onboarding>`
    select ${columns} ${from} where onboarding.id = ${id} and ${isTheirs(whose)}`.execute(db)
  return rows[0]
}

/** As `loadOnboarding`, and locks it until the transaction ends. Lock its pharmacy first. */
export async function lockOnboarding(tx: Tx, id: number): Promise<Onboarding | undefined> {
  const { rows } = await sql<Onboarding>`
    select ${columns} ${from} where onboarding.id = ${id} for update of onboarding`.execute(tx)
  return rows[0]
}

/** All of a pharmacy, the newest of each service first. */
export async function loadOnboardingsOf(db: Queryable, odsCode: string): Promise<readonly Onboarding[]> {
  const { rows } = await sql<Onboarding>`
    select ${columns} ${from} where onboarding.ods_code = ${odsCode} order by onboarding.id desc limit 200`.execute(db)
  return rows
}

/** Every step, the newest first. */
export async function loadOnboardingEvents(db: Queryable, id: number): Promise<readonly OnboardingEvent[]> {
  const { rows } = await sql<OnboardingEvent>`
    select version, happened_at as "happenedAt", actor, side, step, words, uid
    from onboarding_event where onboarding_id = ${id} order by version desc`.execute(db)
  return rows
}

/** What is listed: `team` and `pharmacy`: who must do something; `late` of both; `paused`; `over`. */
export const QUEUE_SHOWS = ['team', 'late', 'pharmacy', 'paused', 'over'] as const
export type QueueShow = (typeof QUEUE_SHOWS)[number]
export const QUEUE_PAGE = 50

type Now = { readonly where: Where; readonly now: Date; readonly holidays: HolidayCalendar }

/** A page of the queue, what has waited longest first. */
export async function loadQueue(
  db: Queryable,
  { where, now, holidays, show, page }: Now & { readonly show: QueueShow; readonly page: number },
): Promise<{ readonly rows: readonly Onboarding[]; readonly total: number }> {
  const order = show === 'over' ? sql`onboarding.ended_at desc` : sql`onboarding.state_since`
  const { rows } = await sql<Onboarding & { total: number }>`
    select ${columns}, (count(*) over ())::integer as total ${from}
    where ${shownBy(show, now, holidays)} and ${pharmacyCounts(where)}
    order by ${order}, onboarding.id limit ${QUEUE_PAGE} offset ${(page - 1) * QUEUE_PAGE}`.execute(db)
  return { rows, total: rows[0]?.total ?? 0 }
}

/** How many wait for the team, and how many of those are late. */
export async function countOnboarding(
  db: Queryable,
  { where, now, holidays }: Now,
): Promise<{ readonly waiting: number; readonly late: number }> {
  const { rows } = await sql<{ waiting: number; late: number }>`
    select count(*) filter (where ${shownBy('team', now, holidays)}) as waiting,
      count(*) filter (where ${shownBy('team', now, holidays)} and ${shownBy('late', now, holidays)}) as late
    ${from} where onboarding.ended_at is null and ${pharmacyCounts(where)}`.execute(db)
  return { waiting: Number(rows[0]?.waiting ?? 0), late: Number(rows[0]?.late ?? 0) }
}

function shownBy(show: QueueShow, now: Date, holidays: HolidayCalendar): RawBuilder<boolean> {
  switch (show) {
    case 'team':
    case 'pharmacy': {
      const states = ONBOARDING_STATES.filter((state) => STATES[state].waitsFor === show)
      return sql<boolean>`(onboarding.paused_at is null and onboarding.state = any(${states}::text[]))`
    }
    case 'late': {
      const late = ONBOARDING_STATES.flatMap((state) => {
        const since = lateSince(state, now, holidays)
        return since === null
          ? []
          : [sql`(onboarding.state = ${state} and onboarding.state_since <= ${since.toISOString()}::timestamptz)`]
      })
      return sql<boolean>`(onboarding.paused_at is null and (${sql.join(late, sql` or `)}))`
    }
    case 'paused':
      return sql<boolean>`(onboarding.paused_at is not null)`
    case 'over':
      return sql<boolean>`(onboarding.ended_at is not null)`
  }
}

/** Adds a sign-up; undefined when one for the same service is under way. */
export async function insertOnboarding(
  tx: Tx,
  { odsCode, serviceCode, at, by }: { odsCode: string; serviceCode: string; at: string; by: string },
): Promise<number | undefined> {
  const row = await tx
    .insertInto('onboarding')
    .values({
      ods_code: odsCode,
      service_code: serviceCode,
      state: 'signed-up',
      uid: null,
      signed_up_at: at,
      signed_up_by: by,
      state_since: at,
      paused_at: null,
      ended_at: null,
    })
    .onConflict((on) => on.columns(['ods_code', 'service_code']).where('ended_at', 'is', null).doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id
}

/** Writes where one stands now, which is locked. */
export async function updateOnboarding(
  tx: Tx,
  {
    id,
    version,
    state,
    uid,
    stateSince,
    pausedAt,
    endedAt,
    agreedEntry,
  }: Omit<Onboarding, 'odsCode' | 'pharmacy' | 'serviceCode' | 'signedUpAt' | 'signedUpBy'>,
): Promise<void> {
  await tx
    .updateTable('onboarding')
    .set({
      version,
      state,
      uid,
      state_since: stateSince,
      paused_at: pausedAt,
      ended_at: endedAt,
      agreed_entry: agreedEntry,
    })
    .where('id', '=', id)
    .execute()
}

/** Adds a step to the account of one. */
export async function insertOnboardingEvent(tx: Tx, id: number, event: OnboardingEvent): Promise<void> {
  const { version, happenedAt, actor, side, step, words, uid } = event
  await tx
    .insertInto('onboarding_event')
    .values({ onboarding_id: id, version, happened_at: happenedAt, actor, side, step, words, uid })
    .execute()
}
