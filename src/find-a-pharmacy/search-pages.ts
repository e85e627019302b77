/** `/` and `/pharmacies`: find a pharmacy near a postcode or a place. Views: home.njk, choose-place.njk, results.njk */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Clock } from '#src/platform/clock.ts'
import { template } from '#src/platform/views.ts'
import type { PlaceAnswer, Places } from '#src/reference-data/places.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { formatDateShort } from '#src/rules/clock-time.ts'
import { isOpenAt } from '#src/rules/compiled-hours.ts'
import type { Position } from '#src/rules/distance.ts'
import { dateOf, type LondonTime, toLondon } from '#src/rules/london-time.ts'
import type { Problem } from '#src/rules/problems.ts'
import { type ElsewhereView, elsewhereView } from './elsewhere.ts'
import { HIGH_STREET, type NearbyDeps, type NearbyPharmacy, nearbyPharmacies, ONLINE } from './nearby.ts'
import { placeProblem, tooFarProblem } from './place-words.ts'
import { answerPublic } from './public-answer.ts'
import {
  homeAddress,
  momentOf,
  type ResultsView,
  resultsView,
  type Spot,
  searchNear,
  type Wider,
} from './results-view.ts'
import { WANT_LISTS, type WantLists, widerSearches } from './search-choices.ts'
import {
  type Link,
  type Query,
  readSearch,
  type Search,
  type SearchForm,
  type SearchRequest,
  searchAddress,
  searchForm,
} from './search-request.ts'

export type SearchDeps = NearbyDeps & {
  readonly places: Places
  readonly holidays: HolidayCalendar
  readonly clock: Clock
}

type HomeView = {
  readonly title: string
  readonly form: SearchForm
  readonly lists: WantLists
  readonly dateExample: string
  readonly suggestions: readonly Link[]
  /** Whom to ask about a place outside England that was searched; null for any other. */
  readonly elsewhere: ElsewhereView | null
  readonly problems: readonly Problem[]
}
type ChooseView = {
  readonly title: string
  readonly lead: string
  readonly choices: readonly Link[]
  readonly searchAgain: string
}
type Visit = { readonly query: Query; readonly now: LondonTime; readonly reply: FastifyReply }

const renderHome = template<HomeView>('find-a-pharmacy/home.njk')
const renderChoice = template<ChooseView>('find-a-pharmacy/choose-place.njk')
const renderResults = template<ResultsView>('find-a-pharmacy/results.njk')

const ONLINE_SHOWN = 3
const UNCONFIRMED_SHOWN = 5
/** How many of the nearest pharmacies are looked at for hours that nobody confirmed. */
const UNCONFIRMED_LOOK = 30
/** The form's example is a day that lies ahead. */
const EXAMPLE_DAYS_AHEAD = 14

/** Mounts both pages. They need no session and set no cookie. */
export function searchPages(pages: FastifyInstance, deps: SearchDeps): void {
  const visit = (query: unknown, reply: FastifyReply): Visit => ({
    query: query as Query,
    now: toLondon(deps.clock.now()),
    reply,
  })
  pages.get('/', (request, reply) => {
    const { query, now } = visit(request.query, reply)
    return answerPublic(reply, renderHome, homeView(query, now, []))
  })
  pages.get('/pharmacies', (request, reply) => {
    if (Object.keys(request.query as Query).length === 0) return reply.redirect('/')
    return answerSearch(visit(request.query, reply), deps)
  })
}

function answerSearch({ query, now, reply }: Visit, deps: SearchDeps): FastifyReply {
  const read = readSearch(query, now)
  if (!read.ok) return renderHome(reply.code(400), homeView(query, now, read.problems))
  const request = read.value
  if (request.fromForm) return reply.redirect(searchAddress(request))
  if (request.point) return answerPublic(reply, renderResults, findNear(spotAt(request.point), request, now, deps))
  const answer = deps.places.find(request.text)
  switch (answer.kind) {
    case 'found': {
      const { place } = answer
      if (place.country && !isNearEngland(place, now, deps)) {
        const name = place.insteadOf ?? place.label
        const elsewhere = elsewhereView(name, place.country)
        const problem = tooFarProblem(name, place.country)
        return renderHome(reply.code(404), homeView(query, now, [problem], { elsewhere }))
      }
      return answerPublic(reply, renderResults, findNear(place, request, now, deps))
    }
    case 'choose':
      return answerPublic(reply, renderChoice, chooseView(answer, request))
    case 'unknown': {
      const suggestions = answer.suggestions.map((label) => linkTo(label, request))
      const status = answer.because.startsWith('unknown') ? 404 : 400
      const elsewhere = answer.country ? elsewhereView(answer.asked, answer.country) : null
      return renderHome(reply.code(status), homeView(query, now, [placeProblem(answer)], { suggestions, elsewhere }))
    }
  }
}

const spotAt = (point: Position): Spot => ({ ...point, label: 'your location', kind: 'location', insteadOf: undefined })

const homeView = (
  query: Query,
  now: LondonTime,
  problems: readonly Problem[],
  { suggestions = [], elsewhere = null }: Partial<Pick<HomeView, 'suggestions' | 'elsewhere'>> = {},
): HomeView => ({
  title: 'Find a pharmacy',
  form: searchForm(query, now),
  lists: WANT_LISTS,
  dateExample: formatDateShort(dateOf(now.day + EXAMPLE_DAYS_AHEAD)),
  suggestions,
  elsewhere,
  problems,
})

function chooseView(answer: Extract<PlaceAnswer, { kind: 'choose' }>, request: SearchRequest): ChooseView {
  const isCounty = answer.among === 'county'
  return {
    title: isCounty ? `Where in ${answer.name}?` : `Which ${answer.name} do you mean?`,
    lead: isCounty
      ? `${answer.name} is large. Choose a place in it, or go back and enter a postcode.`
      : 'There is more than one. Choose a place, or go back and enter a postcode.',
    choices: answer.labels.map((label) => linkTo(label, request)),
    searchAgain: homeAddress({ ...request, text: answer.name }),
  }
}

const linkTo = (label: string, request: SearchRequest): Link => ({
  text: label,
  href: searchAddress({ ...request, text: label }),
})

/** Further from any pharmacy in England than this, nobody outside it goes there. */
const BORDER_METRES = 16_093

function isNearEngland(position: Position, at: LondonTime, deps: SearchDeps): boolean {
  const { found } = nearbyPharmacies(deps, { position, at, typeIds: HIGH_STREET, onlyOpen: false, limit: 1 })
  return found[0] !== undefined && found[0].distanceMetres <= BORDER_METRES
}

function findNear(place: Spot, request: SearchRequest, now: LondonTime, deps: SearchDeps): ResultsView {
  const { wants, shown } = request
  const near = { position: place, at: momentOf(request.opening, now) }
  const onlyOpen = request.opening.kind !== 'any'
  const nearby = nearbyPharmacies(deps, { ...near, typeIds: HIGH_STREET, onlyOpen, wants, limit: shown })
  const onlineShown = wants.delivery ? shown : ONLINE_SHOWN
  const online = nearbyPharmacies(deps, { ...near, typeIds: ONLINE, onlyOpen, wants, limit: onlineShown })
  const wantsUnconfirmed = onlyOpen && (nearby.found.length === 0 || deps.holidays.isStatutory(near.at.day))
  const unconfirmed = wantsUnconfirmed ? unconfirmedNear(deps, { ...near, wants }) : []
  const wider = nearby.found.length > 0 ? [] : widerThan(searchNear(request, place), place, now, deps)
  return resultsView({ request, place, now, holidays: deps.holidays, nearby, unconfirmed, online, wider })
}

/** Searches that ask for less, with how far away what they find is: so that nobody widens a search in vain. */
function widerThan(search: Search, place: Spot, now: LondonTime, deps: SearchDeps): readonly Wider[] {
  return widerSearches(search).map(({ text, search: less }) => {
    const { found } = nearbyPharmacies(deps, {
      ...{ position: place, typeIds: HIGH_STREET, limit: 1 },
      ...{ at: momentOf(less.opening, now), onlyOpen: less.opening.kind !== 'any', wants: less.wants },
    })
    return { text, search: less, nearestMetres: found[0]?.distanceMetres }
  })
}

type Near = { readonly position: Spot; readonly at: LondonTime; readonly wants: Search['wants'] }

/** The nearest pharmacies of which nobody knows whether they are open: worth a phone call. */
function unconfirmedNear(deps: SearchDeps, near: Near): readonly NearbyPharmacy[] {
  const wanted = { ...near, typeIds: HIGH_STREET, onlyOpen: false, limit: UNCONFIRMED_LOOK }
  const { found } = nearbyPharmacies(deps, wanted)
  const isUnconfirmed = ({ service, profile }: NearbyPharmacy) =>
    isOpenAt(service.hours, near.at) === null && profile?.status !== 'temporarily-closed'
  return found.filter(isUnconfirmed).slice(0, UNCONFIRMED_SHOWN)
}
