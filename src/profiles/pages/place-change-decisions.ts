/** `/workspace/place-changes`: requests for another name, address or pin, and the answer to each. Views: place-change-queue.njk, place-change-decision.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Actor, auditNameOf, requireActor } from '#src/accounts/actor.ts'
import { can, scopeOf } from '#src/accounts/can.ts'
import type { ChosenArea } from '#src/directory/area-choices.ts'
import { placeChangeReference } from '#src/emails/place-change-told.ts'
import { Forbidden, NotFound } from '#src/platform/errors.ts'
import { template } from '#src/platform/views.ts'
import { loadProfile, loadServicesOf } from '#src/profiles/load-profiles.ts'
import { narrowScope } from '#src/profiles/narrow-scope.ts'
import { type AskedPlace, moveMetres, placeNow, withPlace } from '#src/profiles/place-change.ts'
import {
  askedInWords,
  fromCentreInWords,
  metresInWords,
  PLACE_WORDS,
  placeInWords,
} from '#src/profiles/place-change-words.ts'
import { loadPlaceChange, loadWaitingPlaceChanges, type PlaceChange } from '#src/profiles/place-changes.ts'
import { planProjection } from '#src/profiles/plan-projection.ts'
import type { Profile, StoredProfile } from '#src/profiles/profile.ts'
import { answerRequest } from '#src/profiles/save-place-change.ts'
import { targetOf } from '#src/profiles/visit.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import type { Problem } from '#src/rules/problems.ts'
import { type Fields, fieldsOf, lineIn, proseIn, rawIn } from './fields.ts'
import type { PlacePagesDeps } from './place-changes.ts'
import { type ReachedService, reachedServices } from './service-words.ts'
import { formatDayOf, formatMomentIn, loadNames } from './time-words.ts'

type QueueView = {
  readonly title: string
  readonly banner: string | null
  readonly chosen: ChosenArea
  readonly total: number
  readonly rows: readonly {
    readonly address: string
    readonly title: string
    readonly asked: string
    readonly when: string
  }[]
}
type Line = { readonly label: string; readonly text: string; readonly note: string | null }
type DecisionView = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly action: string
  readonly reference: string
  readonly lines: readonly Line[]
  readonly warnings: readonly string[]
  readonly services: readonly ReachedService[]
  readonly version: number
  /** What was decided, by whom and when; null while it waits. */
  readonly answered: string | null
  /** Nobody decides what they asked for themselves. */
  readonly isOwn: boolean
  readonly notice: string | null
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const PATH = '/workspace/place-changes'
const render = template<QueueView>('profiles/pages/place-change-queue.njk')
const renderOne = template<DecisionView>('profiles/pages/place-change-decision.njk')

const LONGEST_REASON = 500

/** Mounts the queue and the page of each request. */
export function placeChangeDecisionPages(app: FastifyInstance, deps: PlacePagesDeps): void {
  app.get(PATH, async (request, reply) => {
    const actor = requireActor(request)
    if (!can(actor, 'see-workspace')) throw new Forbidden('You do not have access to the workspace')
    const asked = lineIn(fieldsOf(request.query), 'area')
    const { chosen, scope } = await narrowScope(deps.db.pool, scopeOf(actor, 'decide-place-change'), asked)
    const { waiting, total } = await loadWaitingPlaceChanges(deps.db.pool, scope)
    const nameOf = await loadNames(
      deps.db.pool,
      waiting.map(({ person }) => person),
    )
    return render(reply, {
      title: 'Names, addresses and map pins to decide',
      banner: BANNERS[rawIn(fieldsOf(request.query), 'done')] ?? null,
      chosen,
      total,
      rows: waiting.map(({ id, odsCode, pharmacyName, kind, asked, was, person, askedAt }) => ({
        address: `${PATH}/${id}`,
        title: `${pharmacyName}, ${odsCode}`,
        asked: `${capital(PLACE_WORDS[kind])}: ${askedInWords(asked, was.address.postcode)}`,
        when: `Asked on ${formatDayOf(askedAt)} by ${nameOf(person)}`,
      })),
    })
  })

  app.get(`${PATH}/:id`, async (request, reply) => {
    const open = await openRequest(deps, request)
    return show(deps, reply, open, { fields: {}, problems: [], notice: null })
  })

  app.post(`${PATH}/:id`, async (request, reply) => {
    const open = await openRequest(deps, request)
    const fields = fieldsOf(request.body)
    const answer = readAnswer(fields)
    if (isOwn(open)) throw new Forbidden('Somebody else decides what you asked for')
    if (!answer.ok) return show(deps, reply.code(422), open, { fields, problems: answer.problems, notice: null })
    const outcome = await answerRequest(deps, open.actor, { id: open.request.id, ...answer.value })
    if (outcome.outcome === 'decided') {
      await deps.follower.reached(outcome.seq)
      return reply.redirect(`${PATH}?done=${answer.value.approve ? 'approved' : 'refused'}`, 303)
    }
    const now = await openRequest(deps, request)
    const notice =
      outcome.outcome === 'stale'
        ? 'The profile of this pharmacy changed while you were reading. Read again what would happen, then decide.'
        : 'Somebody else was faster. What you see is their answer.'
    return show(deps, reply.code(409), now, { fields, problems: [], notice })
  })
}

const BANNERS: Readonly<Record<string, string>> = {
  approved: 'Approved. The public page and the Directory of Services show it now, and whoever asked is told.',
  refused: 'Not approved. Whoever asked is told why.',
}

type Open = { readonly actor: Actor; readonly request: PlaceChange; readonly stored: StoredProfile }

/** The request in the address, for somebody who may decide about its pharmacy. */
async function openRequest(deps: PlacePagesDeps, request: FastifyRequest): Promise<Open> {
  const actor = requireActor(request)
  if (!can(actor, 'see-workspace')) throw new Forbidden('You do not have access to the workspace')
  const { id } = request.params as { id: string }
  const found = /^[1-9]\d{0,8}$/.test(id) ? await loadPlaceChange(deps.db.pool, Number(id)) : undefined
  const stored = found && (await loadProfile(deps.db.pool, found.odsCode))
  if (!found || !stored) throw new NotFound(`There is no request ${id}`)
  if (!can(actor, 'decide-place-change', targetOf(found.odsCode, stored))) {
    throw new Forbidden(`You do not decide about pharmacy ${found.odsCode}`)
  }
  return { actor, request: found, stored }
}

const isOwn = ({ actor, request }: Open): boolean => auditNameOf(actor) === request.person

type Answer = { readonly approve: boolean; readonly reason: string | null; readonly expectedVersion: number }

function readAnswer(fields: Fields) {
  const decision = rawIn(fields, 'decision')
  const reason = proseIn(fields, 'reason')
  const version = rawIn(fields, 'version')
  const problems: Problem[] = []
  if (decision !== 'approve' && decision !== 'refuse') {
    problems.push({ field: 'decision', code: 'missing', message: 'Select whether this is right' })
  }
  if (decision === 'refuse' && reason === '') {
    problems.push({ field: 'reason', code: 'missing', message: 'Tell them why, so that they know what to do next' })
  }
  if ([...reason].length > LONGEST_REASON) {
    problems.push({
      field: 'reason',
      code: 'too-long',
      message: `The reason must be ${LONGEST_REASON} characters or fewer`,
    })
  }
  if (problems.length > 0) return { ok: false, problems } as const
  const value: Answer = {
    approve: decision === 'approve',
    reason: reason || null,
    expectedVersion: /^\d{1,9}$/.test(version) ? Number(version) : 0,
  }
  return { ok: true, value } as const
}

async function show(
  deps: PlacePagesDeps,
  reply: FastifyReply,
  open: Open,
  { fields, problems, notice }: Pick<DecisionView, 'fields' | 'problems' | 'notice'>,
) {
  const { request, stored, actor } = open
  const { pool } = deps.db
  const { profile } = stored
  const after = withPlace(profile, request.asked, deps.centreOf)
  const nameOf = await loadNames(pool, [request.person, request.decidedBy])
  const services = planProjection({
    before: profile,
    after,
    services: await loadServicesOf(pool, request.odsCode),
    decides: true,
    keep: new Set(),
    onMeeting: 'take',
    today: londonDateOf(deps.clock.now()),
  })
  return renderOne(reply, {
    title: `${capital(PLACE_WORDS[request.kind])} of ${profile.name}`,
    odsCode: request.odsCode,
    pharmacy: profile.name,
    action: `${PATH}/${request.id}`,
    reference: placeChangeReference(request.id),
    lines: linesOf(deps, open, after, nameOf),
    warnings: request.status === 'waiting' ? warningsOf(deps, open, after) : [],
    services: request.status === 'waiting' ? reachedServices(services) : [],
    version: stored.version,
    answered: answeredOf(request, nameOf),
    isOwn: isOwn({ actor, request, stored }),
    notice,
    fields,
    problems,
  })
}

function linesOf(deps: PlacePagesDeps, { request, stored }: Open, after: Profile, nameOf: (actor: string) => string) {
  const { kind, asked, was, evidence } = request
  const now = placeNow(stored.profile)
  const pinNote = ({ address }: Pick<Profile, 'address'>) =>
    kind === 'name' ? null : fromCentreInWords(address.position, address.postcode, deps.centreOf(address.postcode))
  const move = kind === 'name' ? null : moveMetres(stored.profile.address.position, after.address.position)
  return [
    { label: 'Now', text: placeInWords(kind, now), note: pinNote(stored.profile) },
    { label: 'Asked for', text: askedInWords(asked, after.address.postcode), note: pinNote(after) },
    ...(move === null ? [] : [{ label: 'Map pin moves by', text: metresInWords(move), note: null }]),
    ...(placeInWords(kind, was) === placeInWords(kind, now)
      ? []
      : [{ label: 'When it was asked', text: placeInWords(kind, was), note: null }]),
    { label: kind === 'pin' ? 'Why it is right' : 'How they know', text: evidence || 'They did not say', note: null },
    { label: 'Asked by', text: nameOf(request.person), note: formatMomentIn(request.askedAt) },
  ]
}

function warningsOf(deps: PlacePagesDeps, { request, stored }: Open, after: Profile): readonly string[] {
  const { postcode } = after.address
  const wasPostcode = request.was.address.postcode
  return [
    ...(after.address.position === null
      ? [
          `We do not know the postcode ${postcode}. If you approve this, the pharmacy is not found by distance until a map pin or the postcode comes.`,
        ]
      : []),
    ...(isOldPin(request.asked) && wasPostcode !== stored.profile.address.postcode
      ? [`The postcode was ${wasPostcode} when this pin was asked for, and is ${stored.profile.address.postcode} now.`]
      : []),
    ...(deps.centreOf(postcode) === undefined && after.address.position !== null
      ? [`We do not know the postcode ${postcode}, so the map pin cannot be compared with it.`]
      : []),
  ]
}

const isOldPin = ({ kind }: AskedPlace): boolean => kind === 'pin'

function answeredOf({ status, decidedBy, decidedAt, reason }: PlaceChange, nameOf: (actor: string) => string) {
  if (status === 'waiting') return null
  if (status === 'applied') return 'This pin was so near its postcode that nobody had to approve it.'
  const by = `${nameOf(decidedBy ?? '')} on ${formatMomentIn(decidedAt ?? '')}`
  const words = { approved: `Approved by ${by}.`, refused: `Not approved by ${by}.`, withdrawn: `Withdrawn by ${by}.` }
  return reason ? `${words[status]} Reason: ${reason}` : words[status]
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
