/** `/finder/saved`: what somebody keeps: searches, services, and what they want filled in. View: saved.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Actor } from '#src/accounts/actor.ts'
import { loadCapacities } from '#src/capacity/capacity-records.ts'
import { NotFound } from '#src/platform/errors.ts'
import { fieldsOf, lineIn, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { toLondon } from '#src/rules/london-time.ts'
import { type OpenWords, openingWords } from '#src/rules/opening-words.ts'
import type { Problem } from '#src/rules/problems.ts'
import { pointIn } from '../finder-request.ts'
import { capacityWords, type FinderRow, phoneLink } from '../finder-view.ts'
import {
  dropFavourite,
  dropSearch,
  loadChoice,
  loadFavourites,
  loadSearches,
  MOST_FAVOURITES,
  MOST_SEARCHES,
  type OwnChoice,
  type SavedSearch,
  saveChoice,
  saveFavourite,
  saveSearch,
} from '../saved-store.ts'
import { backTo, keptSearch, placeToKeep, searchBehind } from '../search-behind.ts'
import { type FinderDeps, finderActor } from './finder-deps.ts'
import { roleChoices } from './result-filters.ts'

type View = {
  readonly title: string
  readonly problems: readonly Problem[]
  readonly said: string | null
  readonly searches: readonly SavedSearch[]
  readonly services: readonly {
    readonly uid: number
    readonly name: string
    readonly type: string
    readonly state: OpenWords
    readonly capacity: FinderRow['capacity']
    readonly phone: FinderRow['phone']
    readonly isActive: boolean
  }[]
  readonly role: string
  readonly roles: readonly { readonly value: string; readonly text: string }[]
  readonly place: string
  readonly mostSearches: number
  readonly mostServices: number
}

const render = template<View>('service-finder/pages/saved.njk')
const SAID: Readonly<Record<string, string>> = {
  search: 'The search is saved.',
  choice: 'Saved. The Service Finder fills this in from now on.',
  'removed-search': 'The search is removed.',
  'removed-service': 'The service is removed.',
}
const TOO_MANY = {
  search: `You have ${MOST_SEARCHES} saved searches, which is the most. Remove one first`,
  service: `You have ${MOST_FAVOURITES} saved services, which is the most. Remove one first`,
} as const

/** Mounts the page and what is sent from it, from results and from a service's page. */
export function savedPages(app: FastifyInstance, deps: FinderDeps): void {
  const { db, clock } = deps
  type Named = { Params: { id: string } }
  app.get('/finder/saved', async (request, reply) => {
    const said = (request.query as Readonly<Record<string, unknown>>)['said']
    const told = typeof said === 'string' && Object.hasOwn(SAID, said) ? (SAID[said] ?? null) : null
    return render(reply, await viewOf(finderActor(request), { said: told }, deps))
  })
  app.post('/finder/saved/searches', async (request, reply) => {
    const actor = finderActor(request)
    const search = searchBehind(backTo(rawIn(fieldsOf(request.body), 'back')), deps)
    if (!search || pointIn(search.form)) throw new NotFound('There is no such search')
    const kept = keptSearch(search, deps.reference())
    const isKept = await db.transact((tx) => saveSearch(tx, actor.personId, kept, clock.now().toISOString()))
    return isKept ? reply.redirect('/finder/saved?said=search', 303) : await refuse(reply, actor, TOO_MANY.search, deps)
  })
  app.post<Named>('/finder/saved/searches/:id/remove', async (request, reply) => {
    const { personId } = finderActor(request)
    await db.transact((tx) => dropSearch(tx, personId, numberIn(request)))
    return reply.redirect('/finder/saved?said=removed-search', 303)
  })
  app.post<Named>('/finder/saved/services/:id', async (request, reply) => {
    const actor = finderActor(request)
    const uid = numberIn(request)
    if (!deps.triage.service(uid)) throw new NotFound('There is no such service')
    const isKept = await db.transact((tx) => saveFavourite(tx, actor.personId, uid, clock.now().toISOString()))
    if (!isKept) return await refuse(reply, actor, TOO_MANY.service, deps)
    return reply.redirect(servicePageAfter('saved', request), 303)
  })
  app.post<Named>('/finder/saved/services/:id/remove', async (request, reply) => {
    const { personId } = finderActor(request)
    await db.transact((tx) => dropFavourite(tx, personId, numberIn(request)))
    const isOnItsPage = rawIn(fieldsOf(request.body), 'on') === 'service'
    return reply.redirect(
      isOnItsPage ? servicePageAfter('removed', request) : '/finder/saved?said=removed-service',
      303,
    )
  })
  app.post('/finder/saved/choice', (request, reply) => answerChoice(request, reply, deps))
}

/** The page of the service that was saved or removed from there, with the search that led to it. */
function servicePageAfter(said: 'saved' | 'removed', request: FastifyRequest<{ Params: { id: string } }>): string {
  const back = backTo(rawIn(fieldsOf(request.body), 'back'))
  return `/finder/services/${numberIn(request)}?${new URLSearchParams({ said, ...(back && { back }) })}`
}

/** The page again, with why nothing was kept. */
const refuse = async (reply: FastifyReply, actor: Actor, message: string, deps: FinderDeps): Promise<FastifyReply> =>
  render(
    reply.code(409),
    await viewOf(actor, { said: null, problems: [{ field: 'saved', code: 'too-many', message }] }, deps),
  )

function numberIn(request: FastifyRequest<{ Params: { id: string } }>): number {
  const { id } = request.params
  if (!/^\d{1,10}$/.test(id)) throw new NotFound('There is nothing of that number')
  return Number(id)
}

async function answerChoice(request: FastifyRequest, reply: FastifyReply, deps: FinderDeps): Promise<FastifyReply> {
  const actor = finderActor(request)
  const fields = fieldsOf(request.body)
  const role = rawIn(fields, 'role')
  const known = /^\d{1,9}$/.test(role) && deps.reference().roles.has(Number(role)) ? Number(role) : null
  const place = 'place' in fields ? lineIn(fields, 'place') : undefined
  const kept = place === undefined ? undefined : chosenPlace(place, deps)
  if (kept !== undefined && 'problem' in kept) {
    const view = await viewOf(actor, { said: null, problems: [kept.problem] }, deps)
    return render(reply.code(400), { ...view, role, place: place ?? '' })
  }
  const choice: Partial<OwnChoice> = { role: known, ...(kept && { place: kept.place }) }
  await deps.db.transact((tx) => saveChoice(tx, actor.personId, choice))
  return reply.redirect(backTo(rawIn(fields, 'back')) || '/finder/saved?said=choice', 303)
}

/** Null where it is empty. */
function chosenPlace(text: string, { places }: FinderDeps): { place: string | null } | { problem: Problem } {
  if (text === '') return { place: null }
  const answer = places.find(text)
  if (answer.kind !== 'found') {
    const message = 'Enter the first half of a postcode, or a town that there is once'
    return { problem: { field: 'place', code: 'unknown', message } }
  }
  return { place: placeToKeep(answer.place) }
}

async function viewOf(
  { personId }: Actor,
  { said, problems = [] }: { readonly said: string | null; readonly problems?: readonly Problem[] },
  deps: FinderDeps,
): Promise<View> {
  const { db, triage, reference } = deps
  const instant = deps.clock.now()
  const now = toLondon(instant)
  const [searches, uids, choice] = await Promise.all([
    loadSearches(db.pool, personId),
    loadFavourites(db.pool, personId),
    loadChoice(db.pool, personId),
  ])
  const capacities = await loadCapacities(db.pool, uids, instant)
  const services = uids.flatMap((uid) => triage.service(uid) ?? [])
  return {
    title: 'Saved searches and services',
    problems,
    said,
    searches,
    services: services.map(({ shown, isActive }) => ({
      uid: shown.uid,
      name: shown.publicName ?? shown.name,
      type: reference().types.get(shown.typeId)?.name ?? '',
      state: openingWords(shown.hours, now, true),
      capacity: capacityWords(capacities.get(shown.uid), instant),
      phone: phoneLink(shown.phone),
      isActive,
    })),
    role: choice.role === null ? 'any' : String(choice.role),
    roles: roleChoices(reference()),
    place: choice.place ?? '',
    mostSearches: MOST_SEARCHES,
    mostServices: MOST_FAVOURITES,
  }
}
