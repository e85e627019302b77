/** `/workspace/as-told`: what any consumer was told about a service at a moment that is past. View: as-told.njk */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { requireActor } from '#src/accounts/actor.ts'
import { can, scopeOf } from '#src/accounts/can.ts'
import type { Reach } from '#src/directory/area.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { Forbidden } from '#src/platform/errors.ts'
import type { Fields } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { loadNames } from '#src/profiles/names-and-moments.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { type ChangeLine, changeLines } from '#src/rules/change-lines.ts'
import { toLondon } from '#src/rules/london-time.ts'
import type { Problem } from '#src/rules/problems.ts'
import { typeNameOf } from '#src/rules/service-types.ts'
import { type Moment, momentWords } from '../asked-moment.ts'
import { loadReachedOf, SEARCHES_SHOWN } from '../change-log-store.ts'
import { loadTold, type Told } from '../load-told.ts'
import type { LoggedChange } from '../record-as-known.ts'
import { addedWords, type Consumer, consumersTold, instantWords, unknownWords, whoWords } from '../told-words.ts'
import { type Asked, addressOf, askedByAddress, askedByForm, formOf } from './as-told.form.ts'

export type AsToldDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly holidays: () => HolidayCalendar
  readonly settings: {
    /** Whether REST shows a capacity that was set within 24 hours only. */
    readonly rest: { readonly rag24Hours: boolean }
    /** For how long searches are kept. */
    readonly searchAuditDays: number
  }
}

type ChangeRow = {
  readonly when: string
  readonly what: string
  readonly lines: readonly ChangeLine[]
}
type AnswerView = {
  readonly service: string
  readonly uid: number
  readonly moment: string
  readonly known: string
  readonly notes: readonly string[]
  readonly otherTime: { readonly text: string; readonly address: string } | null
  readonly unknown: string | null
  readonly consumers: readonly Consumer[]
  /** What the SOAP web service answered, as XML. */
  readonly soap: readonly { readonly version: string; readonly xml: string }[]
  readonly since: readonly ChangeLine[] | null
  readonly before: readonly ChangeRow[]
  readonly after: readonly ChangeRow[]
  readonly searches: readonly string[]
  readonly searchesNote: string | null
  readonly address: string
  readonly profile: string | null
}
type View = {
  readonly title: string
  readonly problems: readonly Problem[]
  readonly form: Fields
  readonly choices: readonly { readonly text: string; readonly address: string }[] | null
  readonly answer: AnswerView | null
}

const render = template<View>('as-told/pages/as-told.njk')
const TITLE = 'What we told'

/** Mounts the page, in a scope that only signed-in people reach. */
export function asToldPage(app: FastifyInstance, deps: AsToldDeps): void {
  app.get('/workspace/as-told', async (request, reply) => {
    const actor = requireActor(request)
    if (!can(actor, 'see-as-told')) {
      throw new Forbidden('What was told in the past is for the teams that look after the directory')
    }
    const { everywhere, icbCodes } = scopeOf(actor, 'see-as-told')
    const reach: Reach = everywhere ? { everywhere } : { everywhere: false, icbCodes }
    const now = momentOf(deps.clock.now())
    const asked = askedByAddress(request.query, now)
    if (asked?.ok) return showAnswer(deps, reply, { asked: asked.value, reach, now })
    if (asked) return show(reply.code(400), { problems: asked.problems })
    if (Object.keys(request.query as object).length === 0) return show(reply, {})
    return findService(deps, reply, { query: request.query, reach, now })
  })
}

/** Leads from the form to the address of the answer; where a code has several services, by way of a choice. */
async function findService(
  { db }: AsToldDeps,
  reply: FastifyReply,
  { query, reach, now }: { readonly query: unknown; readonly reach: Reach; readonly now: Moment },
): Promise<FastifyReply> {
  const { fields: form, asked } = askedByForm(query, now)
  if (!asked.ok) return show(reply, { form, problems: asked.problems })
  const { which } = asked.value
  if ('uid' in which) return reply.redirect(addressOf(which.uid, asked.value), 303)
  const found = await loadReachedOf(db.pool, which.odsCode, reach)
  const [only] = found
  if (!only) return show(reply, { form, problems: [noneOf(which.odsCode)] })
  if (found.length === 1) return reply.redirect(addressOf(only.uid, asked.value), 303)
  const choices = found.map(({ uid, record }) => ({
    text: `${record.name} (${uid}, ${typeNameOf(record.typeId) ?? `type ${record.typeId}`})`,
    address: addressOf(uid, asked.value),
  }))
  return show(reply, { form, choices })
}

const show = (reply: FastifyReply, given: Partial<View>): FastifyReply =>
  render(reply, { title: TITLE, problems: [], form: {}, choices: null, answer: null, ...given })

const noneOf = (odsCode: string): Problem => ({
  field: 'service',
  code: 'unknown',
  message: `No service of your area has the ODS code ${odsCode}`,
})

const momentOf = (instant: Date): Moment => ({ minute: toLondon(instant), instant, twice: false, second: false })

type Shown = { readonly asked: Asked; readonly reach: Reach; readonly now: Moment }

async function showAnswer(deps: AsToldDeps, reply: FastifyReply, { asked, reach, now }: Shown) {
  const { which, at, knownAt } = asked
  const uid = 'uid' in which ? which.uid : 0
  const known = knownAt ?? at
  const told = await loadTold(deps.db.pool, {
    uid,
    reach,
    asAt: at.instant,
    knownAt: known.instant,
    rules: { holidays: deps.holidays(), onlyRecentCapacity: deps.settings.rest.rag24Hours },
  })
  const nameOf = await loadNames(
    deps.db.pool,
    [...told.before, ...told.after].map(({ actor }) => actor),
  )
  const { answer, stored } = told
  const record = answer.known ? answer.knownRecord.record : stored.record
  const rowOf = (change: LoggedChange) => changeRow(change, nameOf)
  const view: AnswerView = {
    service: record.name,
    uid,
    moment: momentWords(at),
    known: knownAt ? `By what was known at ${momentWords(knownAt)}.` : 'By what was known at that moment.',
    notes: notesOf(told, known),
    otherTime: otherTimeOf(uid, asked),
    unknown: answer.known ? null : unknownWords(answer, momentText),
    consumers: answer.known ? consumersTold(answer.told, at.minute) : [],
    soap: answer.known ? Object.entries(answer.told.soapDetails ?? {}).map(([version, xml]) => ({ version, xml })) : [],
    since: answer.known
      ? answer.since.flatMap(({ field, before, after }) => changeLines(field, before ?? undefined, after ?? undefined))
      : null,
    before: told.before.map(rowOf),
    after: told.after.map(rowOf),
    searches: told.searches.slice(0, SEARCHES_SHOWN).map(searchWords),
    searchesNote: searchesNote(told, known, now, deps.settings.searchAuditDays),
    address: addressOf(uid, asked),
    profile: stored.odsFive,
  }
  return show(reply, {
    title: `${TITLE} about ${record.name}`,
    form: formOf(String(uid), at.minute, knownAt?.minute ?? null),
    answer: view,
  })
}

const momentText = (instant: string): string => momentWords(momentOf(new Date(instant)))

function notesOf({ answer, agrees }: Told, known: Moment): readonly string[] {
  if (!answer.known) return []
  const { replacedAt } = answer.knownRecord
  return [
    ...(replacedAt === null
      ? []
      : [
          `This service was stored anew at ${momentText(replacedAt)}. What it was before is listed as its changes only.`,
        ]),
    ...(answer.holidaysChangedAt === null
      ? []
      : [
          `The list of bank holidays has changed since, at ${momentText(answer.holidaysChangedAt)}, and its past is not kept. Here it is as it is now.`,
        ]),
    ...(agrees
      ? []
      : [
          `What is kept of this service does not lead to its record of today. Tell the service desk, and read what is said of ${momentWords(known)} with care.`,
        ]),
  ]
}

/** Where clocks showed the minute twice, the way to the other time. */
function otherTimeOf(uid: number, asked: Asked): AnswerView['otherTime'] {
  const { at } = asked
  if (!at.twice) return null
  const other = { ...at, second: !at.second }
  return {
    text: `Clocks went back that night. See ${momentWords(other)}`,
    address: addressOf(uid, { ...asked, at: other }),
  }
}

function changeRow(
  { recordedAt, fields, before, after, actor, action }: LoggedChange,
  nameOf: (actor: string) => string,
): ChangeRow {
  const who = whoWords(actor, nameOf)
  return {
    when: instantWords(recordedAt, toLondon(new Date(recordedAt))),
    what: before === null ? addedWords(who) : `${sentence(action)}, by ${who}`,
    lines:
      before === null
        ? []
        : fields.flatMap((field) => changeLines(field, before[field] ?? undefined, after?.[field] ?? undefined)),
  }
}

const sentence = (action: string): string => {
  const words = action.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const searchWords = ({ at, username, operation, place, total }: Told['searches'][number]): string =>
  `${instantWords(at, toLondon(new Date(at)))}: ${username} (${operation}), ${place} of ${total}`

const DAY_MS = 86_400_000

function searchesNote({ searches }: Told, known: Moment, now: Moment, keptDays: number): string | null {
  if (now.instant.getTime() - known.instant.getTime() > keptDays * DAY_MS) {
    return `Searches are kept for ${keptDays} days, so which ones were given this service is not known any more.`
  }
  if (searches.length > SEARCHES_SHOWN) return `There were more than ${SEARCHES_SHOWN}: the first ones are shown.`
  return searches.length === 0 ? 'No search of a program was given it in the half hour before and after.' : null
}
