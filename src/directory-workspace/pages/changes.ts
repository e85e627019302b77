/** `/workspace/changes`: what changed lately in one's areas, and what to do about it. View: changes.njk */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Actor, requireActor } from '#src/accounts/actor.ts'
import { can, scopeOf } from '#src/accounts/can.ts'
import { type ChosenArea, chooseArea } from '#src/directory/area-choices.ts'
import { loadReviews, type Review, reviewChange } from '#src/field-queries/reviewed-changes.ts'
import { Forbidden, NotFound } from '#src/platform/errors.ts'
import { type Fields, fieldsOf, lineIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { formatMoment, loadNames } from '#src/profiles/names-and-moments.ts'
import { BLANK_SERVICE, type DailyChange, RECENT_DAYS, recentChanges } from '#src/reports/daily-changes.ts'
import { askedFieldOf, parseHeldField } from '#src/rules/asked-fields.ts'
import { CHANGE_FIELDS, nameOf as fieldName } from '#src/rules/change-lines.ts'
import { instantOf, londonDateOf, parseLondonMinute } from '#src/rules/london-time.ts'
import { parsePharmacyCode, pharmacyCodeOf } from '#src/rules/ods-code.ts'
import type { Problem } from '#src/rules/problems.ts'
import { LISTED_TYPES, typeNameOf } from '#src/rules/service-types.ts'
import { reachFor } from '../figures.ts'
import type { WorkspaceDeps } from './workspace-pages.ts'

type Choice = { readonly value: string; readonly text: string; readonly selected: boolean }
type Change = {
  readonly seq: number
  readonly uid: number
  readonly name: string
  readonly odsCode: string | null
  readonly when: string
  readonly who: string
  readonly lines: readonly Pick<DailyChange, 'what' | 'before' | 'after' | 'kind'>[]
  /** Who reviewed it; null: nobody has. */
  readonly reviewed: string | null
  readonly actions: readonly { readonly text: string; readonly address: string }[]
}
type View = {
  readonly title: string
  readonly banner: string | null
  readonly days: number
  readonly chosen: ChosenArea
  readonly changeFields: readonly Choice[]
  readonly types: readonly Choice[]
  readonly odsCode: string
  readonly actor: string
  readonly withNoise: boolean
  readonly withReviewed: boolean
  readonly changes: readonly Change[]
  readonly mayReview: boolean
  /** The address of this page, for what is sent to come back to it. */
  readonly here: string
  readonly next: string | null
  readonly problems: readonly Problem[]
}

const PATH = '/workspace/changes'
const A_PAGE = 30
const render = template<View>('directory-workspace/pages/changes.njk')

const BANNERS: Readonly<Record<string, string>> = {
  reviewed: 'Marked as reviewed.',
  before: 'Somebody had reviewed this change already.',
}

/** Mounts the feed, and marking a change as reviewed. */
export function changesPage(app: FastifyInstance, { db, clock }: WorkspaceDeps): void {
  app.get(PATH, async (request, reply) => {
    const actor = readerOf(request)
    const fields = fieldsOf(request.query)
    const asked = askedIn(fields)
    const chosen = await chooseArea(db.pool, reachFor(actor, 'see-daily-changes'), lineIn(fields, 'area'))
    const now = clock.now()
    const found = await recentChanges(db.pool, {
      ...{ reach: reachFor(actor, 'see-daily-changes'), area: chosen.area, now, limit: A_PAGE + 1 },
      ...asked.question,
    })
    const shown = found.slice(0, A_PAGE)
    const last = shown.at(-1)?.seq
    const lines = shown.flatMap((change) => (change.lines.length > 0 ? [change.lines] : []))
    const reviews = await loadReviews(
      db.pool,
      lines.flatMap(([first]) => (first ? [first.seq] : [])),
    )
    const nameOf = await loadNames(db.pool, [
      ...lines.map(([first]) => first?.actor ?? null),
      ...[...reviews.values()].map(({ by }) => by),
    ])
    const mayAsk = scopeReaches(actor)
    return render(reply, {
      title: 'Recent changes',
      banner: BANNERS[lineIn(fields, 'done')] ?? null,
      days: RECENT_DAYS,
      chosen,
      changeFields: choices('All fields', [BLANK_SERVICE, ...CHANGE_FIELDS], asked.question.field, (each) =>
        each === BLANK_SERVICE ? 'New services' : fieldName(each),
      ),
      types: choices(
        'All types',
        LISTED_TYPES.map(String),
        asked.question.typeId?.toString(),
        (each) => typeNameOf(Number(each)) ?? each,
      ),
      odsCode: lineIn(fields, 'ods'),
      actor: lineIn(fields, 'actor'),
      withNoise: asked.question.withNoise,
      withReviewed: !asked.question.notReviewed,
      changes: lines.flatMap((change) => changeOf(change, { reviews, nameOf, mayAsk, now })),
      mayReview: mayAsk,
      here: addressOf(fields, chosen.area),
      next: found.length > A_PAGE && last !== undefined ? addressOf(fields, chosen.area, last) : null,
      problems: asked.problems,
    })
  })

  app.post(`${PATH}/:seq/review`, async (request, reply) => {
    const actor = readerOf(request)
    if (!scopeReaches(actor)) throw new Forbidden('Changes are reviewed by the teams that look after the directory')
    const { seq } = request.params as { readonly seq: string }
    if (!/^[1-9]\d{0,14}$/.test(seq)) throw new NotFound('There is no such change')
    const scope = scopeOf(actor, 'query-pharmacy')
    const outcome = await reviewChange(db, actor, Number(seq), scope, clock.now())
    if (outcome === 'none') throw new NotFound('There is no such change in your areas')
    const fields = fieldsOf(request.body)
    const back = lineIn(fields, 'here')
    const here = back.startsWith(`${PATH}?`) ? `${back}&` : `${PATH}?`
    return reply.redirect(`${here}done=${outcome}`, 303)
  })
}

/** Values that are not public stand in changes. */
function readerOf(request: FastifyRequest): Actor {
  const actor = requireActor(request)
  if (!can(actor, 'see-workspace') || !can(actor, 'see-daily-changes')) {
    throw new Forbidden('Changes are for the teams that look after the directory')
  }
  return actor
}

function scopeReaches(actor: Actor): boolean {
  const { everywhere, icbCodes } = scopeOf(actor, 'query-pharmacy')
  return everywhere || icbCodes.length > 0
}

function askedIn(fields: Fields) {
  const code = lineIn(fields, 'ods')
  const odsCode = parsePharmacyCode(code)
  const typeId = LISTED_TYPES.find((each) => String(each) === lineIn(fields, 'type'))
  const actor = lineIn(fields, 'actor').slice(0, 100)
  const before = lineIn(fields, 'before')
  const noCode = { field: 'ods', code: 'invalid', message: 'ODS code must be 5 letters and numbers, like FA002' }
  return {
    question: {
      withNoise: lineIn(fields, 'all') === 'yes',
      notReviewed: lineIn(fields, 'reviewed') !== 'yes',
      field: [BLANK_SERVICE, ...CHANGE_FIELDS].find((each) => each === lineIn(fields, 'field')),
      odsCode,
      typeId,
      actor: actor === '' || actor.includes('\uFFFD') ? undefined : actor,
      before: /^[1-9]\d{0,14}$/.test(before) ? Number(before) : undefined,
    },
    problems: code !== '' && odsCode === undefined ? [noCode] : [],
  }
}

function addressOf(fields: Fields, area: string | undefined, before?: number): string {
  const query = new URLSearchParams()
  if (area) query.set('area', area)
  for (const name of ['field', 'type', 'ods', 'actor', 'all', 'reviewed']) {
    const value = lineIn(fields, name)
    if (value !== '' && !value.includes('\uFFFD')) query.set(name, value.slice(0, 100))
  }
  if (before !== undefined) query.set('before', String(before))
  return `${PATH}?${query}`
}

const choices = (
  all: string,
  values: readonly string[],
  chosen: string | undefined,
  textOf: (value: string) => string,
): readonly Choice[] =>
  [{ value: '', text: all }, ...values.map((value) => ({ value, text: textOf(value) }))].map((each) => ({
    ...each,
    selected: each.value === (chosen ?? ''),
  }))

function changeOf(
  lines: readonly DailyChange[],
  given: {
    readonly reviews: ReadonlyMap<number, Review>
    readonly nameOf: (actor: string) => string
    readonly mayAsk: boolean
    readonly now: Date
  },
): readonly Change[] {
  const [first] = lines
  if (!first) return []
  const { seq, uid, service, odsCode, at, actor } = first
  const { reviews, nameOf, mayAsk, now } = given
  const today = londonDateOf(now)
  const time = parseLondonMinute(at)
  const review = reviews.get(seq)
  return [
    {
      ...{ seq, uid, name: service, odsCode, lines, who: nameOf(actor) },
      when: time ? formatMoment(instantOf(time).toISOString(), today) : at,
      reviewed: review ? `${nameOf(review.by)}, ${formatMoment(review.at, today)}` : null,
      actions: mayAsk && odsCode ? actionsFor(lines, uid, pharmacyCodeOf(odsCode)) : [],
    },
  ]
}

/** What may be done about the first field of the change that a pharmacy answers for. */
function actionsFor(lines: readonly DailyChange[], uid: number, ods: string): Change['actions'] {
  const fields = lines.map(({ field }) => askedFieldOf(field))
  const field = fields.find((each) => each !== 'other') ?? 'other'
  const asked = new URLSearchParams({ ods, field, uid: String(uid) })
  const held = fields.map(parseHeldField).find((each) => each !== undefined)
  const about = held && new URLSearchParams({ ods, field: held })
  return [
    { text: 'Ask the pharmacy', address: `/workspace/queries/new?${asked}` },
    ...(about
      ? [
          { text: 'Hold the field', address: `/workspace/holds/new?${about}` },
          { text: 'Propose a value', address: `/workspace/proposals/new?${about}` },
        ]
      : []),
  ]
}
