/** `/manage/:odsCode/history`: every version and every check, newest first. Views: history.njk, history-version.njk */
import type { FastifyInstance } from 'fastify'
import { can } from '#src/accounts/can.ts'
import { isOwnPerson } from '#src/accounts/own-people.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { NotFound } from '#src/platform/errors.ts'
import { dateFields } from '#src/platform/http/date-fields.ts'
import { template } from '#src/platform/views.ts'
import { RESTORABLE_SECTIONS } from '#src/profiles/decide-restore.ts'
import { type HistoryEvent, loadHistory, loadHistoryActors, loadVersionEvent } from '#src/profiles/history.ts'
import { keylessIn } from '#src/profiles/keyless-actors.ts'
import { changedParts, PROFILE_PARTS, type ProfilePart, partTitle } from '#src/profiles/section-words.ts'
import { type ManageDeps, targetOf, type Visit, visit } from '#src/profiles/visit.ts'
import { dateOf, formatClock, toLondon } from '#src/rules/london-time.ts'
import { fieldsOf, rawIn } from './fields.ts'
import { type EventWords, eventWords, type PartWords, partsInWords } from './history-words.ts'
import { loadNames } from './time-words.ts'

type Choice = { readonly value: string; readonly text: string; readonly selected: boolean }
type HistoryView = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly banner: string | null
  readonly parts: readonly Choice[]
  readonly people: readonly Choice[]
  readonly filtered: boolean
  readonly events: readonly (EventWords & { readonly address: string | null })[]
  readonly page: number
  readonly newer: string | null
  readonly older: string | null
}
type VersionView = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly back: string
  readonly event: EventWords
  readonly parts: readonly PartWords[]
  /** The sections that say something else now; empty for whoever may not restore. */
  readonly restorable: readonly { readonly title: string; readonly address: string }[]
  readonly isCurrent: boolean
  readonly mayRestore: boolean
  /** Where one sees what everybody was told after it; null for those who may not. */
  readonly asTold: string | null
}

const render = template<HistoryView>('profiles/pages/history.njk')
const renderVersion = template<VersionView>('profiles/pages/history-version.njk')

/** Who the actor is whose changes and checks nobody signed in for. */
const LIST = 'list'
const KEYLESS = 'keyless'

/** Mounts the timeline and the page of each version. */
export function historyPages(app: FastifyInstance, deps: ManageDeps): void {
  app.get('/manage/:odsCode/history', async (request, reply) => {
    const seen = await visit(deps, request, 'see-history')
    const asked = readFilter(request.query)
    const { pool } = deps.db
    const people = await loadPeople(pool, seen.odsCode)
    const who = asked.who === LIST ? LIST : people.find(({ id }) => id === asked.who)?.actor
    const query = { odsCode: seen.odsCode, part: asked.part, who, page: asked.page }
    const { events, hasOlder } = await loadHistory(pool, query)
    const nameOf = await loadNames(
      pool,
      events.map(({ actor }) => actor),
    )
    const address = `/manage/${seen.odsCode}/history`
    const pageAddress = (page: number) => `${address}?${new URLSearchParams({ ...chosen(asked), page: String(page) })}`
    return render(reply, {
      title: 'History',
      odsCode: seen.odsCode,
      pharmacy: seen.stored.profile.name,
      banner: bannerOf(request.query),
      parts: PROFILE_PARTS.map((part) => ({
        value: part,
        text: partTitle(part, seen.stored.profile.kind),
        selected: part === asked.part,
      })),
      people: people.map(({ id, name }) => ({ value: id, text: name, selected: id === asked.who })),
      filtered: asked.part !== undefined || asked.who !== '',
      events: events.map((event) => ({
        ...eventWords(event, {
          nameOf,
          kind: seen.stored.profile.kind,
          holidays: seen.holidays,
          seesAll: seesAll(seen),
          most: MOST_LINES,
        }),
        address: event.kind === 'version' ? `${address}/${event.version}` : null,
      })),
      page: asked.page,
      newer: asked.page > 1 ? pageAddress(asked.page - 1) : null,
      older: hasOlder ? pageAddress(asked.page + 1) : null,
    })
  })

  app.get('/manage/:odsCode/history/:version', async (request, reply) => {
    const seen = await visit(deps, request, 'see-history')
    const event = await versionIn(deps.db.pool, seen, request.params)
    const nameOf = await loadNames(deps.db.pool, [event.actor])
    const context = {
      nameOf,
      kind: seen.stored.profile.kind,
      holidays: seen.holidays,
      seesAll: seesAll(seen),
      most: Number.POSITIVE_INFINITY,
    }
    const mayRestore = seen.may('restore-version')
    return renderVersion(reply, {
      title: `Version ${event.version}`,
      odsCode: seen.odsCode,
      pharmacy: seen.stored.profile.name,
      back: `/manage/${seen.odsCode}/history`,
      event: eventWords(event, context),
      parts: partsInWords(event, context),
      restorable: mayRestore ? restorableFrom(seen, event) : [],
      isCurrent: event.version === seen.stored.version,
      mayRestore,
      asTold: can(seen.actor, 'see-as-told') ? toldAfter(seen.odsCode, event.at) : null,
    })
  })
}

/** Where those who answer for the directory see what everybody was told once this was saved. */
function toldAfter(odsCode: string, savedAt: string): string {
  const { day, minute } = toLondon(new Date(Date.parse(savedAt) + 60_000))
  const date = dateFields('at', dateOf(day))
  return `/workspace/as-told?${new URLSearchParams({ service: odsCode, ...date, 'at-time': formatClock(minute) })}`
}

/** Lines of one event in the timeline; the rest is on its own page. */
const MOST_LINES = 4

/** Whether somebody sees the values that are for the pharmacy and those who work with it. */
const seesAll = (seen: Visit): boolean => isOwnPerson(seen.actor, targetOf(seen.odsCode, seen.stored))

/** The version in the address. Throws `NotFound` when the profile never had it. */
export async function versionIn(
  db: Queryable,
  { odsCode }: Visit,
  params: unknown,
): Promise<HistoryEvent & { after: NonNullable<HistoryEvent['after']> }> {
  const { version } = params as { version: string }
  const event = /^[1-9]\d{0,8}$/.test(version) ? await loadVersionEvent(db, odsCode, Number(version)) : undefined
  if (!event?.after) throw new NotFound(`The profile of ${odsCode} has no version ${version}`)
  return { ...event, after: event.after }
}

function restorableFrom({ stored, odsCode }: Visit, event: { version: number; after: Visit['stored']['profile'] }) {
  // Closures are not restored: they are reopened, or happen again.
  const { closures: _, ...now } = stored.profile
  const { closures: __, ...then } = event.after
  const differing = new Set<string>(changedParts(now, then))
  const sections = RESTORABLE_SECTIONS.filter((section) => differing.has(section))
  const address = (section: string) => `/manage/${odsCode}/history/${event.version}/restore?section=${section}`
  const each = sections.map((section) => ({
    title: partTitle(section, stored.profile.kind),
    address: address(section),
  }))
  return sections.length > 1 ? [...each, { title: 'All of these', address: address('all') }] : each
}

type Filter = { readonly part: ProfilePart | undefined; readonly who: string; readonly page: number }

function readFilter(given: unknown): Filter {
  const query = fieldsOf(given)
  const page = rawIn(query, 'page')
  return {
    part: PROFILE_PARTS.find((part) => part === rawIn(query, 'section')),
    who: /^(list|keyless|\d{1,15})$/.test(rawIn(query, 'who')) ? rawIn(query, 'who') : '',
    page: /^[1-9]\d{0,3}$/.test(page) ? Number(page) : 1,
  }
}

const chosen = ({ part, who }: Filter): Record<string, string> => ({
  ...(part ? { section: part } : {}),
  ...(who ? { who } : {}),
})

/** Those to choose from. People are named by number in addresses, so that no email address stands in a log. */
async function loadPeople(db: Queryable, odsCode: string) {
  const actors = await loadHistoryActors(db, odsCode)
  const emails = actors.filter((actor) => actor.startsWith('person:')).map((actor) => actor.slice('person:'.length))
  const rows =
    emails.length === 0
      ? []
      : await db.selectFrom('person').select(['id', 'email', 'name']).where('email', 'in', emails).execute()
  const people = rows.map(({ id, email, name }) => ({ id: String(id), actor: `person:${email}`, name }))
  const isKeyless = (actor: string) => keylessIn(actor) !== undefined
  const hasList = actors.some((actor) => !actor.startsWith('person:') && !isKeyless(actor))
  return [
    ...people.toSorted((a, b) => a.name.localeCompare(b.name)),
    ...(actors.some(isKeyless) ? [{ id: KEYLESS, actor: KEYLESS, name: 'Somebody with a code' }] : []),
    ...(hasList ? [{ id: LIST, actor: LIST, name: 'The NHS list' }] : []),
  ]
}

const bannerOf = (given: unknown): string | null => RESTORED[rawIn(fieldsOf(given), 'restored')] ?? null

const RESTORED: Readonly<Record<string, string>> = {
  yes: 'Restored. The public page shows it now.',
  waits: 'Restored, but for fields that the directory team holds. What you restored of those waits.',
}
