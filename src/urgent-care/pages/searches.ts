/** `/reports/searches`: what a program asked and what it got, for a support call. View: searches.njk */
import type { FastifyInstance } from 'fastify'
import { requireActor } from '#src/accounts/actor.ts'
import { can } from '#src/accounts/can.ts'
import type { TriageIndex } from '#src/directory/triage/triage-index.ts'
import type { Db } from '#src/platform/db/db.ts'
import { Forbidden } from '#src/platform/errors.ts'
import { template } from '#src/platform/views.ts'
import { formatDate } from '#src/rules/clock-time.ts'
import { dateOf, formatClock, toLondon } from '#src/rules/london-time.ts'
import type { Problem } from '#src/rules/problems.ts'
import { type FoundSearch, findSearches } from '#src/urgent-care/find-searches.ts'
import { askedFacts, type CodeNames, durationWords, type Fact, outcomeWords } from '#src/urgent-care/search-words.ts'
import { readSearches, type SearchesForm, searchesForm } from './searches.form.ts'

export type SearchesDeps = {
  readonly db: Db
  readonly triage: Pick<TriageIndex, 'service'>
  readonly reference: () => CodeNames
  /** How many days searches are kept. */
  readonly keptDays: number
}

type SearchView = {
  readonly day: string
  readonly time: string
  readonly kind: string | null
  readonly outcome: string
  readonly colour: 'green' | 'yellow' | 'red'
  readonly facts: readonly Fact[]
  readonly services: readonly { readonly uid: number; readonly name: string }[]
}
type SearchesView = {
  readonly title: string
  readonly problems: readonly Problem[]
  readonly form: SearchesForm
  readonly keptDays: number
  readonly heading: string
  readonly searches: readonly SearchView[]
  readonly newest: string | null
  readonly older: string | null
}

export const SEARCHES_A_PAGE = 50
const PATH = '/reports/searches'
const KINDS: Readonly<Record<string, string>> = { 'what-if': 'What if', test: 'Test', monitoring: 'Monitoring' }

const render = template<SearchesView>('urgent-care/pages/searches.njk')

/** Mounts the page, in a scope that only signed-in people reach. */
export function searchesPage(app: FastifyInstance, deps: SearchesDeps): void {
  app.get(PATH, async (request, reply) => {
    if (!can(requireActor(request), 'look-up-searches')) {
      throw new Forbidden('Only the service desk and the national team can look up searches')
    }
    const form = searchesForm(request.query)
    const asked = readSearches(form)
    const found = asked.ok
      ? await findSearches(deps.db.pool, asked.value.lookUp, {
          limit: SEARCHES_A_PAGE + 1,
          before: asked.value.before,
        })
      : []
    const shown = found.slice(0, SEARCHES_A_PAGE)
    return render(reply, {
      title: 'Searches by NHS 111 and other systems',
      problems: asked.ok ? [] : asked.problems,
      form,
      keptDays: deps.keptDays,
      heading: headingOf(form, shown.length, found.length > shown.length),
      searches: shown.map((search) => viewOf(search, deps)),
      newest: form['before'] ? addressOf(form, undefined) : null,
      older: found.length > shown.length ? addressOf(form, shown.at(-1)?.id) : null,
    })
  })
}

function colourOf({ outcome }: FoundSearch): SearchView['colour'] {
  if (outcome === 'ok') return 'green'
  return outcome === 'catch-all' ? 'yellow' : 'red'
}

function headingOf(form: SearchesForm, shown: number, hasMore: boolean): string {
  if (shown === 0) return 'No searches found'
  if (form['before']) return 'Older searches'
  if (hasMore) return `The newest ${shown} searches`
  return shown === 1 ? '1 search found' : `${shown} searches found, newest first`
}

/** The same search of the record, from another place on. */
function addressOf(form: SearchesForm, before: number | undefined): string {
  const query = new URLSearchParams(Object.entries(form).filter(([name, value]) => name !== 'before' && value !== ''))
  if (before !== undefined) query.set('before', String(before))
  const asked = query.toString()
  return `${PATH}${asked && '?'}${asked}#results`
}

function viewOf(search: FoundSearch, { triage, reference }: SearchesDeps): SearchView {
  const london = toLondon(new Date(search.at))
  const { transactionId, caseRef, caseId, api, version, operation } = search
  const texts: readonly (readonly [name: string, value: string | null])[] = [
    ['Account', search.username],
    ['Case reference', caseRef],
    ['Case ID', caseId],
    ['Transaction ID', transactionId],
    ['Asked', `${operation}, ${api.toUpperCase()} ${version}`],
  ]
  const facts = texts.flatMap(([name, value]) => (value === null ? [] : [{ name, value }]))
  return {
    day: formatDate(dateOf(london.day)),
    time: `${formatClock(london.minute)}:${search.at.slice(17, 19)}`,
    kind: KINDS[search.kind] ?? null,
    outcome: outcomeWords(search),
    colour: colourOf(search),
    facts: [
      ...facts,
      ...askedFacts(search, reference()),
      { name: 'Answered within', value: durationWords(search.durationMicros) },
    ],
    services: search.uids.map((uid) => ({
      uid,
      name: triage.service(uid)?.shown.name ?? 'no longer in the directory',
    })),
  }
}
