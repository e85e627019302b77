/** The long lists of a clinical profile: found and taken out on one page, found and added on the next. Views: list.njk, add-to-list.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Fields, fieldsOf, lineIn, rawIn, tickIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import type { Problem } from '#src/rules/problems.ts'
import type { EditorDeps } from '../pages/subject.ts'
import type { ServicePatch } from '../service-edit.ts'
import { type ClinicalFrame, type ClinicalSubject, frameOf, loadClinical, saveClinical } from './clinical-subject.ts'
import { type BadLine, type Entry, entriesWith, LIST_TOPICS, type ListTopic, readLines } from './list-topics.ts'

type Group = { readonly name: string | null; readonly entries: readonly (Entry & { readonly name: string })[] }
type Shared = ClinicalFrame & {
  readonly title: string
  readonly action: string
  readonly asked: string
  readonly groups: readonly Group[]
  readonly problems: readonly Problem[]
}
type ListView = Shared & {
  readonly intro: string
  readonly banner: string | null
  /** `120 pairs`, and how many of them are shown. */
  readonly total: string
  readonly found: string
  readonly isLong: boolean
  readonly pages: { readonly previous: string | null; readonly next: string | null; readonly words: string } | null
  /** Surgeries only: whether others may come; null for other lists. */
  readonly restricted: 'yes' | 'no' | null
}
type AddView = Shared & {
  readonly many: string
  readonly howTo: string
  /** Whether there is a catalogue to search in. */
  readonly hasCatalogue: boolean
  readonly found: string
  readonly lines: string
  readonly bad: readonly BadLine[]
}

const PAGE = 100
/** As many as are offered at once: who needs more asks for less, or pastes. */
const MOST_OFFERED = 50
const MOST_LINES = 2000
const LONGEST_ASKED = 100

const renderList = template<ListView>('record-editor/clinical/list.njk')
const renderAdd = template<AddView>('record-editor/clinical/add-to-list.njk')
const count = new Intl.NumberFormat('en-GB')
const many = (number: number, [one, more]: ListTopic['noun']): string =>
  `${number === 0 ? 'No' : count.format(number)} ${number === 1 ? one : more}`

/** A key as the name of a box, whatever is in it. */
const boxOf = (key: string): string => `pick-${Buffer.from(key).toString('hex')}`

const grouped = (entries: readonly Entry[]): readonly Group[] =>
  [...Map.groupBy(entries, ({ group }) => group)].map(([name, those]) => ({
    name,
    entries: those.map((entry) => ({ ...entry, name: boxOf(entry.key) })),
  }))

/** Mounts the pages of every list. */
export function clinicalLists(app: FastifyInstance, deps: EditorDeps): void {
  for (const topic of LIST_TOPICS) {
    listPage(app, deps, topic)
    addPage(app, deps, topic)
  }
}

function listPage(app: FastifyInstance, deps: EditorDeps, topic: ListTopic): void {
  const path = `/workspace/services/:uid/clinical/${topic.slug}`
  app.get(path, async (request, reply) => showList(deps, topic, request, reply, await loadClinical(deps, request)))
  app.post(path, async (request, reply) => {
    const subject = await loadClinical(deps, request)
    const fields = fieldsOf(request.body)
    const entries = topic.entries(subject.profile, deps.reference())
    const picked = entries.filter(({ key }) => tickIn(fields, boxOf(key)) === true)
    const rule = restrictionIn(topic, fields)
    if (picked.length === 0 && !rule) {
      const message = `Tick the ${topic.noun[1]} to take out`
      return showList(deps, topic, request, reply.code(422), subject, [{ field: 'list', code: 'missing', message }])
    }
    const kept = entries.filter((entry) => !picked.includes(entry)).map(({ key }) => key)
    const patch = rule ?? topic.patch(kept, subject.profile)
    const problems = await saveClinical(deps, subject, patch, rule ? 'restricted' : 'list')
    if (problems) return showList(deps, topic, request, reply.code(422), subject, problems)
    const done = rule ? 'restricted' : `removed-${picked.length}`
    return reply.redirect(`${frameOf(subject).clinical}/${topic.slug}?done=${done}`, 303)
  })
}

/** Of surgeries: who else may come. Undefined when that is not what was sent. */
function restrictionIn({ slug }: ListTopic, fields: Fields): ServicePatch | undefined {
  const answer = rawIn(fields, 'restricted')
  return slug === 'surgeries' && (answer === 'yes' || answer === 'no') ? { restricted: answer === 'yes' } : undefined
}

function showList(
  deps: EditorDeps,
  topic: ListTopic,
  request: FastifyRequest,
  reply: FastifyReply,
  subject: ClinicalSubject,
  problems: readonly Problem[] = [],
) {
  const query = fieldsOf(request.query)
  const asked = lineIn(query, 'q').slice(0, LONGEST_ASKED)
  const all = topic.entries(subject.profile, deps.reference())
  const found = entriesWith(all, asked)
  const frame = frameOf(subject)
  const action = `${frame.clinical}/${topic.slug}`
  const pages = Math.max(1, Math.ceil(found.length / PAGE))
  const page = Math.min(pages, Math.max(1, Number(/^\d{1,4}$/.exec(rawIn(query, 'page'))?.[0] ?? 1)))
  const pageAt = (number: number): string | null =>
    number < 1 || number > pages ? null : `${action}?${new URLSearchParams({ q: asked, page: String(number) })}`
  return renderList(reply, {
    ...frame,
    title: topic.title,
    intro: topic.intro,
    action,
    asked,
    groups: grouped(found.slice((page - 1) * PAGE, page * PAGE)),
    problems,
    banner: doneWords(rawIn(query, 'done'), topic),
    total: many(all.length, topic.noun),
    found: asked === '' ? '' : `${many(found.length, topic.noun)} for “${asked}”`,
    isLong: all.length > 10,
    pages:
      pages === 1 ? null : { previous: pageAt(page - 1), next: pageAt(page + 1), words: `Page ${page} of ${pages}` },
    restricted: topic.slug === 'surgeries' ? (subject.profile.restricted === true ? 'yes' : 'no') : null,
  })
}

function doneWords(done: string, { noun }: ListTopic): string | null {
  if (done === 'restricted') return 'Your draft says who may come.'
  const [, what, number = '0'] = /^(added|removed)-(\d{1,5})$/.exec(done) ?? []
  if (!what) return null
  return `${many(Number(number), noun)} ${what === 'added' ? 'added to' : 'taken out of'} your draft.`
}

function addPage(app: FastifyInstance, deps: EditorDeps, topic: ListTopic): void {
  const path = `/workspace/services/:uid/clinical/${topic.slug}/add`
  app.get(path, async (request, reply) => {
    const subject = await loadClinical(deps, request)
    return showAdd(deps, topic, { request, reply, subject })
  })
  app.post(path, async (request, reply) => {
    const subject = await loadClinical(deps, request)
    const typed = linesIn(request.body)
    const reference = deps.reference()
    const fields = fieldsOf(request.body)
    const offered = (topic.catalogue(reference) ?? []).filter(({ key }) => tickIn(fields, boxOf(key)) === true)
    const { keys, bad } = readLines(topic, typed.slice(0, MOST_LINES), reference)
    const refuse = (problems: readonly Problem[]) =>
      showAdd(deps, topic, { request, reply: reply.code(422), subject, typed, bad, problems })
    if (typed.length > MOST_LINES)
      return refuse([aboutLines(`Enter ${count.format(MOST_LINES)} lines or fewer at once`)])
    if (bad.length > 0) return refuse([aboutLines(badWords(bad, typed))])
    const chosen = [...new Set([...offered.map(({ key }) => key), ...keys])]
    if (chosen.length === 0) return refuse([aboutLines(`Tick or enter the ${topic.noun[1]} to add`)])
    const there = topic.entries(subject.profile, reference).map(({ key }) => key)
    const added = chosen.filter((key) => !there.includes(key))
    const problems = await saveClinical(deps, subject, topic.patch([...there, ...added], subject.profile), 'lines')
    if (problems) return refuse(problems)
    return reply.redirect(`${frameOf(subject).clinical}/${topic.slug}?done=added-${added.length}`, 303)
  })
}

const aboutLines = (message: string): Problem => ({ field: 'lines', code: 'invalid', message })

function badWords(bad: readonly BadLine[], typed: readonly string[]): string {
  const lines = typed.filter((text) => text.trim() !== '').length
  const [only] = bad
  if (bad.length === 1 && only) return `Line ${only.line} cannot be added: ${only.why}`
  return `${count.format(bad.length)} of ${count.format(lines)} lines cannot be added. They are listed above the box`
}

/** The lines of the large box: each as a one-line field is read, so that a break in between stays one. */
function linesIn(body: unknown): readonly string[] {
  const text = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)['lines'] : undefined
  if (typeof text !== 'string' || text.trim() === '') return []
  return text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => lineIn(fieldsOf({ line }), 'line'))
}

type Adding = {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly subject: ClinicalSubject
  readonly typed?: readonly string[]
  readonly bad?: readonly BadLine[]
  readonly problems?: readonly Problem[]
}

function showAdd(
  deps: EditorDeps,
  topic: ListTopic,
  { request, reply, subject, typed = [], bad = [], problems = [] }: Adding,
) {
  const reference = deps.reference()
  const asked = lineIn(fieldsOf(request.query), 'q').slice(0, LONGEST_ASKED)
  const catalogue = topic.catalogue(reference)
  const there = new Set(topic.entries(subject.profile, reference).map(({ key }) => key))
  const found = asked === '' ? [] : entriesWith(catalogue ?? [], asked).filter(({ key }) => !there.has(key))
  const frame = frameOf(subject)
  const fewer = found.length > MOST_OFFERED ? `. The first ${MOST_OFFERED} are shown: say more to see others` : ''
  return renderAdd(reply, {
    ...frame,
    title: `Add ${topic.noun[1]}`,
    action: `${frame.clinical}/${topic.slug}`,
    asked,
    groups: grouped(found.slice(0, MOST_OFFERED)),
    problems,
    many: topic.noun[1],
    howTo: topic.howTo,
    hasCatalogue: catalogue !== null,
    found:
      asked === '' ? '' : `${many(found.length, topic.noun)} for “${asked}” that the service does not have${fewer}.`,
    lines: typed.join('\n'),
    bad,
  })
}
