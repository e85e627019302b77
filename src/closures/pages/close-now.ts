/** `/manage/:odsCode/close-now`: closes the pharmacy at once. View: close-now.njk */
import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { auditNameOf } from '#src/accounts/actor.ts'
import { type Fields, fieldsOf, lineIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { momentInWords, wholeClosureAt } from '#src/profiles/closure-words.ts'
import { isRemoteOnly } from '#src/profiles/kind-words.ts'
import { type ManageDeps, type Visit, visit } from '#src/profiles/visit.ts'
import { closureStateAt } from '#src/rules/closure-states.ts'
import { parsePhone } from '#src/rules/contact-details.ts'
import { formatLondon, type LondonTime, parseLondonMinute, toLondon } from '#src/rules/london-time.ts'
import type { Problem } from '#src/rules/problems.ts'
import { closePharmacy } from '../close-pharmacy.ts'
import { loadClosure, loadOpenClosures, type StoredClosure } from '../closure-records.ts'
import { isDueOpen, nextOpeningOf } from '../due-open.ts'
import { policyOf } from '../notices/who-is-told.ts'
import { adviceFor, atFields, type FormAnswers, parseCloseNow, SUDDEN_REASONS } from './closure.form.ts'
import { loadServicesToClose, type ServiceToClose } from './services-to-close.ts'

type CloseNowView = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  /** What makes a second press the same closure. */
  readonly closureId: string
  readonly fields: Fields
  readonly problems: readonly Problem[]
  readonly reasons: readonly string[]
  readonly services: readonly ServiceToClose[]
  /** What need not be told: set when the pharmacy is shut at this hour anyway. */
  readonly shutAnyway: string | null
  /** The closure that was sent lies wholly in hours in which the pharmacy is shut. */
  readonly needless: string | null
  /** What one press sends beside its reason; null once somebody has begun to say more. */
  readonly atOnce: Fields | null
  /** Whether the part of the form that is filled in already is shown. */
  readonly showMore: boolean
  /** What the ICB asks of closures. */
  readonly asked: readonly string[]
}

const render = template<CloseNowView>('closures/pages/close-now.njk')
const PATH = '/manage/:odsCode/close-now'
/** Fields that are filled in already and folded away. */
const FOLDED = /^(from-|what$|service-|advice$|name$|phone$)/

/** Mounts the page. */
export function closeNowPage(app: FastifyInstance, deps: ManageDeps): void {
  app.get(PATH, async (request, reply) => {
    const seen = await visit(deps, request, 'edit-changes')
    const closed = wholeClosureAt(seen.stored.profile.closures, toLondon(seen.now))
    if (closed) return reply.redirect(`${closureAddress(seen.odsCode, closed.id)}?already=yes`, 303)
    return show(reply, deps, seen, { fields: firstFields(seen), isFirst: true })
  })
  app.post(PATH, async (request, reply) => take(deps, request, reply, deps.clock.now()))
}

async function take(
  deps: ManageDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  askedAt: Date,
): Promise<FastifyReply> {
  const seen = await visit(deps, request, 'edit-changes')
  const { odsCode } = seen
  const fields = fieldsOf(request.body)
  const id = closureIdIn(fields)
  // A second press of the button, perhaps minutes later, shows what the first one did.
  const known = await loadClosure(deps.db.pool, id)
  if (known?.odsCode === odsCode) {
    if (!isOver(known, askedAt)) return reply.redirect(closureAddress(odsCode, id), 303)
    // The way back in a browser leads to a form that was sent. Nobody may believe that it has closed anything.
    return show(reply.code(422), deps, seen, { fields: { ...fields, closure: randomUUID() }, problems: [USED_BEFORE] })
  }
  const services = await loadServicesToClose(deps.db.pool, odsCode)
  const read = parseCloseNow(fields, { askedAt, services: services.map(({ uid }) => uid) })
  if (!read.ok) return show(reply.code(422), deps, seen, { fields, problems: read.problems })
  if (lineIn(fields, 'anyway') !== 'yes' && isNeedless(seen, read.value, toLondon(askedAt))) {
    return show(reply, deps, seen, { fields, needless: needlessWords(read.value, toLondon(askedAt)) })
  }
  const saved = await closePharmacy(
    deps,
    odsCode,
    { id, ...read.value },
    { actor: auditNameOf(seen.actor), via: 'profile-manager', askedAt },
  )
  if (saved.ok) {
    await deps.follower.reached(saved.value.seq)
    return reply.redirect(`${closureAddress(odsCode, id)}?done=closed`, 303)
  }
  const clash = saved.problems.some(({ code }) => code === 'overlap')
    ? await clashOf(deps, odsCode, read.value, askedAt)
    : undefined
  if (clash?.isInForce) return reply.redirect(`${closureAddress(odsCode, clash.closure.id)}?already=yes`, 303)
  const problems = clash ? [plannedProblem(clash.closure, toLondon(askedAt))] : atFields(saved.problems, fields, false)
  return show(reply.code(422), deps, seen, { fields, problems })
}

const isOver = (closure: StoredClosure, at: Date): boolean =>
  !['planned', 'closed'].includes(closureStateAt(closure, at.getTime()))

const USED_BEFORE: Problem = {
  field: 'reason',
  code: 'used',
  message: 'This form was used before, for a closure that is over. Check it and press the button again',
}

/** The page of one closure. */
export const closureAddress = (odsCode: string, id: string): string => `/manage/${odsCode}/closures/${id}`

/** The id that the form carries; a new one when it carries none of ours. */
export function closureIdIn(fields: Fields): string {
  const id = lineIn(fields, 'closure')
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? id : randomUUID()
}

/** What a form that closes begins with: the whole pharmacy, by whoever is signed in. */
export function startingFields({ actor, stored }: Visit): Fields {
  const { contact, kind } = stored.profile
  return {
    closure: randomUUID(),
    'until-when': 'unknown',
    what: 'whole',
    advice: adviceFor(isRemoteOnly(kind)),
    name: actor.name === actor.email ? '' : actor.name,
    // A number that the form would refuse stands in nobody's way.
    phone: [contact.professionalPhone, contact.phone].find((phone) => parsePhone(phone ?? '').ok) ?? '',
  }
}

const firstFields = (seen: Visit): Fields => ({ ...startingFields(seen), 'from-when': 'now' })

/** Whether nobody would have found the pharmacy open, or would find it so, while it is closed. */
export const isNeedless = ({ stored, holidays }: Visit, told: FormAnswers, now: LondonTime): boolean =>
  told.services === null &&
  !isDueOpen(stored.profile, holidays, { from: parseLondonMinute(told.from) ?? now, until: told.until })

const needlessWords = ({ until }: FormAnswers, now: LondonTime): string =>
  until === null
    ? 'You do not need to tell us: this pharmacy has no opening times ahead.'
    : `You do not need to tell us: this pharmacy is not due to be open before ${momentInWords(until, now)}.`

/** The closure that stands in the way of this one, those in force first. */
async function clashOf(
  { db }: ManageDeps,
  odsCode: string,
  { services }: FormAnswers,
  at: Date,
): Promise<{ readonly closure: StoredClosure; readonly isInForce: boolean } | undefined> {
  const open = (await loadOpenClosures(db.pool, odsCode)).filter((other) =>
    services === null || other.services === null
      ? services === other.services
      : services.some((uid) => other.services?.includes(uid)),
  )
  const inForce = open.find((closure) => closureStateAt(closure, at.getTime()) === 'closed')
  const closure = inForce ?? open.find((other) => closureStateAt(other, at.getTime()) === 'planned')
  return closure && { closure, isInForce: inForce !== undefined }
}

function plannedProblem({ startsAt }: StoredClosure, now: LondonTime): Problem {
  const start = momentInWords(formatLondon(toLondon(new Date(startsAt))), now)
  return {
    field: 'until-when',
    code: 'overlap',
    message: `A closure is planned from ${start}. Enter a time of reopening before then, or say that you do not know`,
  }
}

async function show(
  reply: FastifyReply,
  { db }: ManageDeps,
  seen: Visit,
  {
    fields,
    problems = [],
    needless = null,
    isFirst = false,
  }: {
    readonly fields: Fields
    readonly problems?: readonly Problem[]
    readonly needless?: string | null
    readonly isFirst?: boolean
  },
): Promise<FastifyReply> {
  const { odsCode, stored, holidays } = seen
  const now = toLondon(seen.now)
  const opens = nextOpeningOf(stored.profile, holidays, now)
  return render(reply.header('cache-control', 'private, no-cache'), {
    title: 'Close now',
    odsCode,
    pharmacy: stored.profile.name,
    closureId: closureIdIn(fields),
    fields,
    problems,
    reasons: SUDDEN_REASONS,
    services: await loadServicesToClose(db.pool, odsCode),
    asked: await policyOf(db, stored.profile),
    shutAnyway: opens && !needless ? shutWords(opens, now) : null,
    needless,
    atOnce: isFirst ? fields : null,
    showMore: problems.some(({ field }) => FOLDED.test(field)) || isChanged(fields, firstFields(seen)),
  })
}

const shutWords = (opens: LondonTime, now: LondonTime): string =>
  `You are not due to be open now. You only need to tell us if you will not open at ${momentInWords(formatLondon(opens), now)}.`

/** Whether somebody changed what is folded away. */
const isChanged = (fields: Fields, first: Fields): boolean =>
  Object.entries(fields).some(([name, value]) => FOLDED.test(name) && (first[name] ?? '') !== value)
