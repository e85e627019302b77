/** `/finder`: who takes this patient, near this place. Views: search.njk, all-types.njk; a service: service-page.ts */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import { template } from '#src/platform/views.ts'
import type { PlaceAnswer } from '#src/reference-data/places.ts'
import { findServiceTypes } from '#src/rules/find-service-types.ts'
import type { Problem } from '#src/rules/problems.ts'
import { roleName } from '#src/rules/referral-roles.ts'
import { typeAliases } from '#src/rules/service-types.ts'
import {
  DISTANCES_KM,
  type FinderForm,
  type FinderRequest,
  finderAddress,
  finderForm,
  readFinder,
} from '../finder-request.ts'
import { searchableTypes } from '../finder-view.ts'
import { type FinderDeps, finderActor } from './finder-deps.ts'
import { renderResults, resultsView } from './results.ts'
import { servicePage } from './service-page.ts'

type Link = { readonly text: string; readonly href: string }
type SearchView = {
  readonly title: string
  readonly form: FinderForm
  readonly problems: readonly Problem[]
  readonly choices: readonly (Link & { readonly by: string | null })[]
  readonly suggestions: readonly Link[]
  readonly types: readonly { readonly name: string }[]
  readonly roles: readonly { readonly value: string; readonly text: string }[]
  readonly distances: readonly { readonly value: string; readonly text: string }[]
  readonly detailsOpen: boolean
}
type TypesView = {
  readonly title: string
  readonly groups: readonly { readonly letter: string; readonly types: readonly { id: number; name: string }[] }[]
}

const renderSearch = template<SearchView>('service-finder/pages/search.njk')
const renderTypes = template<TypesView>('service-finder/pages/all-types.njk')

const CHOICES = 12

/** Mounts the pages, in a scope that only signed-in people reach. */
export function finderPages(app: FastifyInstance, deps: FinderDeps): void {
  app.get('/finder', (request, reply) => {
    finderActor(request)
    return renderSearch(reply, searchView(finderForm(request.query), deps))
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
    const found = findServiceTypes(need, searchableTypes(deps.reference())).slice(0, CHOICES)
    return reply.header('cache-control', 'no-store').send({ types: found })
  })
  app.get('/finder/results', (request, reply) => {
    finderActor(request)
    return answerSearch(finderForm(request.query), reply, deps)
  })
  servicePage(app, deps)
}

const letterOf = (name: string): string => /[a-z]/i.exec(name)?.[0]?.toUpperCase() ?? '#'

async function answerSearch(form: FinderForm, reply: FastifyReply, deps: FinderDeps): Promise<FastifyReply> {
  const again = (more: Partial<SearchView>): FastifyReply =>
    renderSearch(reply.code(400), { ...searchView(form, deps), ...more })
  const read = readFinder(form)
  if (!read.ok) return again({ problems: read.problems })
  const types = typesFor(read.value, deps.reference())
  if (types.length === 0) return again({ problems: [unknownNeed(form.need)] })
  if (types.length > 1 && read.value.typeIds.length === 0) {
    const choices = types.map(({ id, name, by }) => ({
      text: name,
      by,
      href: finderAddress(form, { need: name, type: String(id) }),
    }))
    return renderSearch(reply, { ...searchView(form, deps), choices })
  }
  const answer = deps.places.find(read.value.place)
  if (answer.kind !== 'found') return again(placeTrouble(answer, form))
  const typeIds = types.map(({ id }) => id)
  return renderResults(reply, await resultsView({ ...read.value, typeIds }, answer.place, form, deps))
}

type Type = { readonly id: number; readonly name: string; readonly by: string | null }

/** The types that were chosen; else the one that was meant, or those that it may be. */
function typesFor({ typeIds, need }: FinderRequest, reference: TriageReference): readonly Type[] {
  const all = searchableTypes(reference)
  const chosen = all.filter(({ id }) => typeIds.includes(id)).map((type) => ({ ...type, by: null }))
  if (chosen.length > 0) return chosen
  const lower = need.toLowerCase()
  const exact = all.filter(({ id, name }) => [name, ...typeAliases(id)].some((each) => each.toLowerCase() === lower))
  return exact.length > 0 ? exact.map((type) => ({ ...type, by: null })) : findServiceTypes(need, all).slice(0, CHOICES)
}

const unknownNeed = (need: string): Problem => ({
  field: 'need',
  code: 'unknown',
  message: `We do not know a type of service like “${need}”. Try another word, or choose from all types`,
})

function placeTrouble(answer: Exclude<PlaceAnswer, { kind: 'found' }>, form: FinderForm): Partial<SearchView> {
  const labels = answer.kind === 'choose' ? answer.labels : answer.suggestions
  const message =
    answer.kind === 'choose'
      ? `There is more than one ${answer.name}: choose one below`
      : answer.country
        ? `${answer.asked} is in ${answer.country}. The finder covers England`
        : `We do not know the place “${answer.asked}”. Check it, or enter a postcode`
  return {
    problems: [{ field: 'place', code: 'unknown', message }],
    suggestions: labels.map((label) => ({ text: label, href: finderAddress(form, { place: label }) })),
  }
}

function searchView(form: FinderForm, { reference }: FinderDeps): SearchView {
  const { roles } = reference()
  return {
    title: 'Service Finder',
    form,
    problems: [],
    choices: [],
    suggestions: [],
    types: searchableTypes(reference()),
    roles: [...roles].map(([id, name]) => ({ value: String(id), text: roleName(id, name) })),
    distances: DISTANCES_KM.map((km) => ({ value: String(km), text: `${km} km` })),
    detailsOpen: [form.age, form.sex, form.surgery, form.urgency, form.role].some((value) => value !== ''),
  }
}
