/** `/finder`: who takes this patient, near this place. Views: search.njk, all-types.njk; a service: service-page.ts */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { template } from '#src/platform/views.ts'
import type { PlaceAnswer } from '#src/reference-data/places.ts'
import { findServiceTypes } from '#src/rules/find-service-types.ts'
import { toLondon } from '#src/rules/london-time.ts'
import type { Problem } from '#src/rules/problems.ts'
import {
  findPractice,
  type Practice,
  type PracticeAnswer,
  practiceInWords,
  practiceOfCode,
  suggestPractices,
} from '../find-practice.ts'
import {
  type FinderForm,
  finderAddress,
  finderForm,
  MOST_TYPES,
  practiceCodeIn,
  readFinder,
  withOpening,
} from '../finder-request.ts'
import { searchableTypes } from '../finder-view.ts'
import { type OpeningFields, openingBoxes } from '../opening-fields.ts'
import { loadChoice, type OwnChoice } from '../saved-store.ts'
import { whereIn } from '../search-behind.ts'
import { type AskedType, TYPE_CHOICES, typesFor } from '../types-for.ts'
import { comparePage } from './compare.ts'
import { type FinderDeps, finderActor } from './finder-deps.ts'
import { distanceChoices, roleChoices } from './result-filters.ts'
import { renderResults, resultsView } from './results.ts'
import { savedPages } from './saved.ts'
import { servicePage } from './service-page.ts'

type Link = { readonly text: string; readonly href: string }
type SearchView = {
  readonly title: string
  readonly form: FinderForm
  readonly problems: readonly Problem[]
  readonly choices: readonly (Link & { readonly by: string | null })[]
  /** Places that may be meant; null for none to choose from. */
  readonly places: { readonly title: string; readonly choices: readonly Link[] } | null
  /** Null unless it is to be chosen which GP practice was meant. */
  readonly practices: {
    readonly choices: readonly (Practice & { readonly href: string })[]
    readonly of: number
  } | null
  /** Whether names of practices can be looked up. */
  readonly hasPractices: boolean
  readonly types: readonly { readonly name: string }[]
  readonly roles: readonly { readonly value: string; readonly text: string }[]
  readonly distances: readonly { readonly value: string; readonly text: string }[]
  readonly opening: OpeningFields
  readonly detailsOpen: boolean
}
type TypesView = {
  readonly title: string
  readonly groups: readonly { readonly letter: string; readonly types: readonly { id: number; name: string }[] }[]
}

const renderSearch = template<SearchView>('service-finder/pages/search.njk')
const renderTypes = template<TypesView>('service-finder/pages/all-types.njk')

/** Mounts the pages, in a scope that only signed-in people reach. */
export function finderPages(app: FastifyInstance, deps: FinderDeps): void {
  app.get('/finder', async (request, reply) => {
    const actor = finderActor(request)
    const form = withChoice(finderForm(request.query), await loadChoice(deps.db.pool, actor.personId))
    return renderSearch(reply, searchView(form, deps))
  })
  app.get('/finder/types', (request, reply) => {
    finderActor(request)
    const groups = Map.groupBy(searchableTypes(deps.reference()), ({ name }) => letterOf(name))
    return renderTypes(reply, {
      title: 'All types of service',
      groups: [...groups]
        .map(([letter, types]) => ({ letter, types }))
        .toSorted((a, b) => (a.letter < b.letter ? -1 : 1)),
    })
  })
  app.get('/finder/types.json', (request, reply) => {
    finderActor(request)
    const { need } = finderForm(request.query)
    const found = findServiceTypes(need, searchableTypes(deps.reference())).slice(0, TYPE_CHOICES)
    return reply.header('cache-control', 'no-store').send({ types: found })
  })
  app.get('/finder/places.json', (request, reply) => {
    finderActor(request)
    const places = deps.places.suggest(finderForm(request.query).place)
    return reply.header('cache-control', 'no-store').send({ places })
  })
  app.get('/finder/practices.json', async (request, reply) => {
    finderActor(request)
    const form = finderForm(request.query)
    const answer = whereIn(form, deps.places)
    const practices = await suggestPractices(form.surgery, answer.kind === 'found' ? answer.place : null, deps)
    return reply.header('cache-control', 'no-store').send({ practices })
  })
  app.get('/finder/results', async (request, reply) => {
    const actor = finderActor(request)
    return answerSearch(
      finderForm(request.query),
      { reply, choice: await loadChoice(deps.db.pool, actor.personId) },
      deps,
    )
  })
  servicePage(app, deps)
  comparePage(app, deps)
  savedPages(app, deps)
}

/** What somebody wants to find filled in; what they typed or chose stays. */
const withChoice = (form: FinderForm, { role, place }: OwnChoice): FinderForm => ({
  ...form,
  role: form.role || (role === null ? '' : String(role)),
  place: form.place || (form.latitude === '' ? (place ?? '') : ''),
})

const letterOf = (name: string): string => /[a-z]/i.exec(name)?.[0]?.toUpperCase() ?? '#'

type Answering = { readonly reply: FastifyReply; readonly choice: OwnChoice }

async function answerSearch(form: FinderForm, { reply, choice }: Answering, deps: FinderDeps): Promise<FastifyReply> {
  const again = (more: Partial<SearchView>): FastifyReply =>
    renderSearch(reply.code(400), { ...searchView(form, deps), ...more })
  const read = readFinder(form, { now: toLondon(deps.clock.now()), roles: deps.reference().roles })
  if (!read.ok) return again({ problems: read.problems })
  const types = typesFor(read.value, deps.reference())
  if (types.length === 0) return again({ problems: [unknownNeed(form.need)] })
  if (types.length > 1 && read.value.typeIds.length === 0) {
    return renderSearch(reply, { ...searchView(form, deps), choices: typeChoices(types, form) })
  }
  const answer = whereIn(form, deps.places)
  if (answer.kind === 'choose') {
    const choices = placeLinks(answer.labels, form)
    return renderSearch(reply, {
      ...searchView(form, deps),
      places: { title: `Which ${answer.name} do you mean?`, choices },
    })
  }
  if (answer.kind === 'unknown') return again(unknownPlace(answer, form))
  const practice = await findPractice(form.surgery, answer.place, deps)
  if (practice.kind === 'unknown') return again({ problems: [unknownPractice(form, deps)], detailsOpen: true })
  if (practice.kind === 'choose') {
    const choices = practice.practices.map((each) => ({ ...each, href: finderAddress(form, { surgery: each.code }) }))
    return renderSearch(reply, { ...searchView(form, deps), practices: { choices, of: practice.of } })
  }
  const surgery = codeOf(practice)
  const request = {
    ...read.value,
    typeIds: types.map(({ id }) => id),
    patient: { ...read.value.patient, surgery },
  }
  const tidy = { ...withOpening(form, request.open), surgery: surgery ?? '' }
  const searched = { request, place: answer.place, form: tidy, choice, practice }
  return renderResults(reply, await resultsView(searched, deps))
}

/** Null where nothing was typed. */
function codeOf(
  practice: Extract<PracticeAnswer, { kind: 'none' | 'found' | 'unchecked' | 'unknown' }>,
): string | null {
  if (practice.kind === 'found') return practice.practice.code
  return practice.kind === 'unchecked' ? practice.code : null
}

function unknownPractice({ surgery }: FinderForm, { practices }: FinderDeps): Problem {
  const message =
    practices.size === 0
      ? `This directory holds no GP practices, so we cannot look up “${surgery}”. Enter its ODS code, or leave it empty`
      : `We do not know a GP practice like “${surgery}”. Check its name or ODS code, or leave it empty`
  return { field: 'surgery', code: 'unknown', message }
}

const unknownNeed = (need: string): Problem => ({
  field: 'need',
  code: 'unknown',
  message: `We do not know a type of service like “${need}”. Try another word, or choose from all types`,
})

/** Each of the types, and all of them together where they are few enough to be asked for at once. */
function typeChoices(types: readonly AskedType[], form: FinderForm): SearchView['choices'] {
  const each = types.map(({ id, name, by }) => ({
    text: name,
    by,
    href: finderAddress(form, { need: name, type: String(id) }),
  }))
  if (types.length > MOST_TYPES) return each
  const together = types.map(({ id }) => id).join(',')
  const text = types.length === 2 ? 'Both of these' : `All ${types.length} of these`
  return [...each, { text, by: null, href: finderAddress(form, { type: together }) }]
}

const placeLinks = (labels: readonly string[], form: FinderForm): readonly Link[] =>
  labels.map((label) => ({ text: label, href: finderAddress(form, { place: label }) }))

function unknownPlace(
  { asked, country, suggestions }: Extract<PlaceAnswer, { kind: 'unknown' }>,
  form: FinderForm,
): Partial<SearchView> {
  const message = country
    ? `${asked} is in ${country}. The finder covers England`
    : `We do not know the place “${asked}”. Check it, or enter a postcode`
  const choices = placeLinks(suggestions, form)
  return {
    problems: [{ field: 'place', code: 'unknown', message }],
    places: choices.length === 0 ? null : { title: 'Did you mean one of these places?', choices },
  }
}

function searchView(given: FinderForm, deps: FinderDeps): SearchView {
  const { reference } = deps
  const form = { ...given, surgery: practiceText(given.surgery, deps) }
  return {
    title: 'Service Finder',
    form,
    problems: [],
    choices: [],
    places: null,
    practices: null,
    hasPractices: deps.practices.size > 0,
    types: searchableTypes(reference()),
    roles: roleChoices(reference()),
    distances: distanceChoices(),
    opening: openingBoxes(form),
    detailsOpen:
      [form.age, form.sex, form.surgery, form.urgency, form.open].some((value) => value !== '') ||
      (form.role !== '' && form.role !== 'any' && !reference().roles.has(Number(form.role))),
  }
}

/** A code with the name that goes with it. */
function practiceText(typed: string, deps: FinderDeps): string {
  const code = practiceCodeIn(typed)
  const practice = code === null ? undefined : practiceOfCode(code, deps)
  return practice ? practiceInWords(practice) : typed
}
