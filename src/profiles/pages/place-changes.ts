/** `/manage/:odsCode/address-and-name`: what name, address and pin are, and requests to correct them. Views: place-changes.njk, place-change-ask.njk, place-change-check.njk */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Queryable } from '#src/platform/db/db.ts'
import { NotFound } from '#src/platform/errors.ts'
import { type GettingThere, gettingThere } from '#src/platform/map/getting-there.ts'
import { template } from '#src/platform/views.ts'
import { isRemoteOnly } from '#src/profiles/kind-words.ts'
import {
  type AskedPlace,
  checkAsked,
  distanceFromCentre,
  needsApproval,
  PLACE_KINDS,
  type PlaceKind,
  placeNow,
} from '#src/profiles/place-change.ts'
import {
  askedInWords,
  fromCentreInWords,
  metresInWords,
  PLACE_WORDS,
  placeInWords,
} from '#src/profiles/place-change-words.ts'
import { loadPlaceChanges, type PlaceChange } from '#src/profiles/place-changes.ts'
import { askPlaceChange, type PlaceChangeDeps, withdrawPlaceChange } from '#src/profiles/save-place-change.ts'
import { type ManageDeps, type Visit, visit } from '#src/profiles/visit.ts'
import { postcodeKey } from '#src/rules/postcode.ts'
import type { Problem } from '#src/rules/problems.ts'
import { type Fields, fieldsOf, rawIn } from './fields.ts'
import { LINE_NAMES, type PlaceForm, parsePlaceForm, placeFields } from './place-changes.form.ts'
import type { Tag } from './status-tags.ts'
import { formatDayOf, formatMomentIn, loadNames } from './time-words.ts'

export type PlacePagesDeps = ManageDeps & PlaceChangeDeps

type RequestRow = {
  readonly id: number
  readonly title: string
  readonly asked: string
  readonly tag: Tag
  readonly history: string
  readonly reason: string | null
  readonly mayWithdraw: boolean
}
type PlaceView = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly banner: string | null
  readonly facts: readonly { readonly label: string; readonly text: string; readonly note: string | null }[]
  /** As the public page has it; null where nobody goes. */
  readonly gettingThere: GettingThere | null
  readonly register: readonly { readonly label: string; readonly text: string; readonly same: boolean }[] | null
  readonly requests: readonly RequestRow[]
  readonly mayAsk: boolean
}
type AskView = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly kind: PlaceKind
  readonly now: string
  readonly postcode: string
  readonly lineNames: readonly string[]
  readonly fields: Fields
  readonly problems: readonly Problem[]
}
type CheckView = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly kind: PlaceKind
  readonly what: string
  readonly was: string
  readonly asked: string
  readonly distance: string | null
  readonly unknownPostcode: string | null
  readonly waits: boolean
  readonly evidence: string
  readonly sent: Fields
}

const render = template<PlaceView>('profiles/pages/place-changes.njk')
const renderAsk = template<AskView>('profiles/pages/place-change-ask.njk')
const renderCheck = template<CheckView>('profiles/pages/place-change-check.njk')

const PATH = '/manage/:odsCode/address-and-name'
const addressOf = (odsCode: string): string => `/manage/${odsCode}/address-and-name`

/** Mounts the page and its three forms. */
export function placeChangePages(app: FastifyInstance, deps: PlacePagesDeps): void {
  app.get(PATH, async (request, reply) => {
    const seen = await visit(deps, request, 'view-profile')
    return render(reply, await placeView(deps, seen, rawIn(fieldsOf(request.query), 'done')))
  })
  for (const kind of PLACE_KINDS) askPages(app, deps, kind)
  app.post(`${PATH}/requests/:id/withdraw`, async (request, reply) => {
    const { actor, odsCode } = await visit(deps, request, 'request-place-change')
    const { id } = request.params as { id: string }
    if (!/^[1-9]\d{0,8}$/.test(id)) throw new NotFound(`There is no request ${id}`)
    const withdrawn = await withdrawPlaceChange(deps, actor, { odsCode, id: Number(id) })
    return reply.redirect(`${addressOf(odsCode)}?done=${withdrawn ? 'withdrawn' : 'answered'}`, 303)
  })
}

const BANNERS: Readonly<Record<string, string>> = {
  waiting: 'We have your request. We tell you by email when it is decided.',
  applied: 'The map pin is moved. The public page and the Directory of Services show it now.',
  withdrawn: 'Your request is withdrawn.',
  answered: 'Your request was answered before you withdrew it.',
}

async function placeView(deps: PlacePagesDeps, seen: Visit, done: string): Promise<PlaceView> {
  const { odsCode, stored } = seen
  const { address, kind, name } = stored.profile
  const requests = await loadPlaceChanges(deps.db.pool, odsCode)
  const nameOf = await loadNames(
    deps.db.pool,
    requests.flatMap(({ person, decidedBy }) => [person, decidedBy]),
  )
  const mayAsk = seen.may('request-place-change')
  return {
    title: 'Address, name and map pin',
    odsCode,
    pharmacy: name,
    banner: BANNERS[done] ?? null,
    facts: [
      { label: 'Trading name', text: name, note: null },
      { label: 'Address', text: placeInWords('address', stored.profile), note: null },
      {
        label: 'Map pin',
        text: placeInWords('pin', stored.profile),
        note: fromCentreInWords(address.position, address.postcode, deps.centreOf(address.postcode)),
      },
    ],
    gettingThere: isRemoteOnly(kind)
      ? null
      : gettingThere({ name, address: address.lines.join(', '), position: address.position }, null, null),
    register: await registerOf(deps.db.pool, seen),
    requests: requests.map((request) => rowOf(request, address.postcode, nameOf, mayAsk)),
    mayAsk,
  }
}

/** What the NHS's register of organisations says, beside what the profile says; null without an ODS file. */
async function registerOf(db: Queryable, { odsCode, stored }: Visit): Promise<PlaceView['register']> {
  const row = await db
    .selectFrom('ods_organisation')
    .select(['name', 'postcode'])
    .where('ods_code', '=', odsCode)
    .executeTakeFirst()
  if (!row) return null
  const { name, address } = stored.profile
  const sameWords = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase()
  return [
    { label: 'Name', text: row.name, same: sameWords(row.name, name) },
    {
      label: 'Postcode',
      text: row.postcode ?? 'None',
      same: postcodeKey(row.postcode ?? '') === postcodeKey(address.postcode),
    },
  ]
}

const TAGS: Readonly<Record<PlaceChange['status'], Tag>> = {
  waiting: { text: 'Waiting for approval', colour: 'yellow' },
  applied: { text: 'Done', colour: 'green' },
  approved: { text: 'Approved', colour: 'green' },
  refused: { text: 'Not approved', colour: 'red' },
  withdrawn: { text: 'Withdrawn', colour: 'grey' },
}

function rowOf(
  { id, kind, asked, status, person, askedAt, decidedBy, decidedAt, reason }: PlaceChange,
  postcode: string,
  nameOf: (actor: string) => string,
  mayAsk: boolean,
): RequestRow {
  const decided =
    decidedBy && decidedAt ? `; ${DECIDED[status]} on ${formatDayOf(decidedAt)} by ${nameOf(decidedBy)}` : ''
  return {
    id,
    title: `${capital(PLACE_WORDS[kind])}, asked on ${formatDayOf(askedAt)}`,
    asked: askedInWords(asked, postcode),
    tag: TAGS[status],
    history: `Asked at ${formatMomentIn(askedAt).replace(/^.* at /, '')} by ${nameOf(person)}${decided}`,
    reason,
    mayWithdraw: mayAsk && status === 'waiting',
  }
}

const DECIDED: Readonly<Record<PlaceChange['status'], string>> = {
  waiting: '',
  applied: 'done',
  approved: 'approved',
  refused: 'refused',
  withdrawn: 'withdrawn',
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const ASK_TITLES: Readonly<Record<PlaceKind, string>> = {
  name: 'What is the trading name?',
  address: 'What is the address?',
  pin: 'Where should the map pin be?',
}

function askPages(app: FastifyInstance, deps: PlacePagesDeps, kind: PlaceKind): void {
  const path = `${PATH}/${kind}`
  const show = (reply: FastifyReply, { odsCode, stored }: Visit, fields: Fields, problems: readonly Problem[]) =>
    renderAsk(reply, {
      title: ASK_TITLES[kind],
      odsCode,
      pharmacy: stored.profile.name,
      kind,
      now: placeInWords(kind, stored.profile),
      postcode: stored.profile.address.postcode,
      lineNames: LINE_NAMES,
      fields,
      problems,
    })

  app.get(path, async (request, reply) => {
    const seen = await visit(deps, request, 'request-place-change')
    return show(reply, seen, placeFields(kind, seen.stored.profile), [])
  })

  app.post(path, async (request, reply) => {
    const seen = await visit(deps, request, 'request-place-change')
    const fields = fieldsOf(request.body)
    if (rawIn(fields, 'do') === 'change') return show(reply, seen, fields, [])
    const judged = judge(deps, seen, kind, fields)
    if (!judged.ok) return show(reply.code(422), seen, fields, judged.problems)
    if (rawIn(fields, 'do') !== 'send') return renderCheck(reply, checkView(deps, seen, kind, judged, fields))
    const outcome = await askPlaceChange(deps, seen.actor, { odsCode: seen.odsCode, ...judged.form })
    if (outcome.outcome === 'refused') return show(reply.code(422), seen, fields, outcome.problems)
    if (outcome.outcome === 'already-waiting') return show(reply.code(409), seen, fields, [alreadyWaiting(kind)])
    if (outcome.outcome === 'applied') await deps.follower.reached(outcome.seq)
    return reply.redirect(`${addressOf(seen.odsCode)}?done=${outcome.outcome}`, 303)
  })
}

const FIRST_FIELD: Readonly<Record<PlaceKind, string>> = { name: 'name', address: 'line-1', pin: 'where' }

const alreadyWaiting = (kind: PlaceKind): Problem => ({
  field: FIRST_FIELD[kind],
  code: 'waiting',
  message: `A request about the ${PLACE_WORDS[kind]} is waiting already. Withdraw it first if it is wrong`,
})

type Judged = { readonly ok: true; readonly form: PlaceForm; readonly distance: number | null; readonly waits: boolean }

/** What the form asks for, judged beside the profile as it is now. */
function judge(
  { centreOf }: PlacePagesDeps,
  { stored }: Visit,
  kind: PlaceKind,
  fields: Fields,
): Judged | { readonly ok: false; readonly problems: readonly Problem[] } {
  const parsed = parsePlaceForm(kind, fields)
  if (!parsed.ok) return parsed
  const { asked, evidence } = parsed.value
  const checked = checkAsked(stored.profile, asked, centreOf)
  if (!checked.ok) return checked
  const distance = distanceFromCentre(stored.profile, asked, centreOf)
  const waits = needsApproval(asked, distance)
  if (waits && evidence === '') {
    const message = `${farWords(distance)} Tell us why it is right, so that somebody can approve it`
    return { ok: false, problems: [{ field: 'evidence', code: 'missing', message }] }
  }
  return { ok: true, form: parsed.value, distance, waits }
}

const farWords = (distance: number | null): string =>
  distance === null
    ? 'We do not know where the middle of the postcode is.'
    : `The map pin would be ${metresInWords(distance)} from the middle of the postcode.`

function checkView(deps: PlacePagesDeps, seen: Visit, kind: PlaceKind, judged: Judged, fields: Fields): CheckView {
  const { profile } = seen.stored
  const { asked, evidence } = judged.form
  const postcode = asked.kind === 'address' ? asked.postcode : profile.address.postcode
  return {
    title: judged.waits ? 'Check your request' : 'Check the new map pin',
    odsCode: seen.odsCode,
    pharmacy: profile.name,
    kind,
    what: capital(PLACE_WORDS[kind]),
    was: placeInWords(kind, placeNow(profile)),
    asked: askedInWords(asked, postcode),
    distance: kind === 'name' || judged.distance === null ? null : distanceWords(judged.distance, postcode),
    unknownPostcode: isUnknown(deps, asked) ? postcode : null,
    waits: judged.waits,
    evidence,
    sent: Object.fromEntries(Object.entries(fields).filter(([name]) => !['_csrf', 'do'].includes(name))),
  }
}

const distanceWords = (metres: number, postcode: string): string =>
  metres === 0 ? `In the middle of ${postcode}` : `${metresInWords(metres)} from the middle of ${postcode}`

const isUnknown = ({ centreOf }: PlacePagesDeps, asked: AskedPlace): boolean =>
  asked.kind === 'address' && asked.position === null && centreOf(asked.postcode) === undefined
