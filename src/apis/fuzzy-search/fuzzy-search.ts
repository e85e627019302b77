/**
 * The search of the Service Finder, for programs that know it: services by name, address or postcode, however misspelt,
 * nearest first. With it the sign-in that gives such programs their tokens.
 *
 * Source: addresses, parameters, codes and answers are those of the service that this one replaces. Better than there: the
 * priorities of a request count, as many services come as were asked for, a service whose postcode is odd is found, a
 * distance that is not known is null, and places are looked up here and nowhere else.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { ApiAccount, ApiAccounts } from '#src/accounts/api-accounts.ts'
import type { NamesOfDirectory } from '#src/directory/names/names-in-step.ts'
import type { TriageIndex } from '#src/directory/triage/triage-index.ts'
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import type { UrgentCareService } from '#src/directory/triage/urgent-care-service.ts'
import type { Clock } from '#src/platform/clock.ts'
import { answerErrorsIn } from '#src/platform/http/errors.ts'
import type { Gazetteer } from '#src/reference-data/gazetteer.ts'
import { distanceMetres, northSouthMetres, type Position } from '#src/rules/distance.ts'
import { positionOf } from '#src/rules/map-point.ts'
import { isProfessionalRole } from '#src/rules/referral-roles.ts'
import type { SearchAudit } from '#src/urgent-care/search-audit.ts'
import { bearerTokens, type TokenHolder, type TokenUse } from './bearer-tokens.ts'
import { type FuzzyFound, fuzzyServiceOf } from './fuzzy-answer.ts'
import { type FuzzyRequest, readFuzzyRequest } from './fuzzy-request.ts'

export type FuzzySearchDeps = {
  readonly accounts: Pick<ApiAccounts, 'authenticate' | 'named' | 'admit'>
  readonly names: Pick<NamesOfDirectory, 'find'>
  readonly services: Pick<TriageIndex, 'service'>
  readonly reference: () => TriageReference
  readonly gazetteer: Pick<Gazetteer, 'find' | 'middleOf'>
  readonly audit: Pick<SearchAudit, 'record'>
  readonly clock: Clock
  /** Seals the tokens. */
  readonly pepper: string
  /** The status of a search with too many terms, where its sources disagree. */
  readonly tooManyStatus: 400 | 404
}

const API = 'professional'
const VERSIONS = ['v0.0.1', 'v2'] as const
/** Services that stand for areas, not for anything that one could go to. */
const NOT_SERVICES = [-1, -2]
const MINUTE_MS = 60_000

/** Mounts the API. Register it outside the scope of the pages. */
export function fuzzySearchApi(app: FastifyInstance, deps: FuzzySearchDeps): void {
  const tokens = bearerTokens(deps.pepper)
  const holderOf = (use: TokenUse, token: string): ApiAccount | undefined => {
    const holder = tokens.read(use, token, deps.clock.now())
    const named = holder && deps.accounts.named(API, holder.username)
    return named?.stamp === holder?.stamp ? named?.account : undefined
  }
  for (const family of ['/dosapi/', '/authentication/']) {
    answerErrorsIn(app, family, (reply, { status, detail }) => reply.send({ status, message: detail }))
  }
  for (const version of VERSIONS) {
    app.get(`/dosapi/dosservices/${version}/services/byfuzzysearch`, async (request, reply) => {
      reply.header('cache-control', 'no-store')
      const [scheme = '', token = ''] = (request.headers.authorization ?? '').trim().split(/\s+/)
      const account = scheme.toLowerCase() === 'bearer' ? holderOf('access', token) : undefined
      if (!account) return refuseStranger(reply)
      if (!deps.accounts.admit(account)) return tooMany(reply, deps.clock.now())
      return answer(request, reply, { account, deps, version })
    })
  }
  signIn(app, deps, { tokens, holderOf })
}

const refuseStranger = (reply: FastifyReply): FastifyReply =>
  reply
    .status(401)
    .header('www-authenticate', 'Bearer')
    .send({ status: 401, message: 'Unauthorized: send a valid access token.' })

function tooMany(reply: FastifyReply, now: Date): FastifyReply {
  const seconds = Math.ceil((MINUTE_MS - (now.getTime() % MINUTE_MS)) / 1000)
  return reply
    .status(429)
    .header('retry-after', String(seconds))
    .send({ status: 429, message: `Too many requests: wait ${seconds} seconds.` })
}

const CREDENTIALS = z.object({ emailAddress: z.string(), password: z.string() })

function signIn(
  app: FastifyInstance,
  { accounts, clock }: FuzzySearchDeps,
  {
    tokens,
    holderOf,
  }: {
    readonly tokens: ReturnType<typeof bearerTokens>
    readonly holderOf: (use: TokenUse, token: string) => ApiAccount | undefined
  },
): void {
  const refuse = (reply: FastifyReply): FastifyReply =>
    reply.status(401).send({ status: 401, message: 'Unauthorized: the email address or the password is wrong.' })
  const holderNow = (account: ApiAccount | undefined): TokenHolder | undefined => {
    const named = account && accounts.named(API, account.username)
    return named && { username: named.account.username, stamp: named.stamp }
  }
  app.post('/authentication/login', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const given = CREDENTIALS.safeParse(request.body)
    if (!given.success) {
      return reply.status(400).send({ status: 400, message: 'Send JSON with emailAddress and password.' })
    }
    const { emailAddress, password } = given.data
    const account = await accounts.authenticate(API, emailAddress, password, request.ip)
    const holder = holderNow(account)
    if (!holder) return refuse(reply)
    return {
      accessToken: tokens.issue('access', holder, clock.now()),
      refreshToken: tokens.issue('refresh', holder, clock.now()),
    }
  })
  app.post('/authentication/refresh', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const token = String(request.headers['refresh-token'] ?? '')
    const holder = holderNow(holderOf('refresh', token))
    if (!holder) return refuse(reply)
    return { accessToken: tokens.issue('access', holder, clock.now()), refreshToken: token }
  })
}

type Asked = {
  readonly account: ApiAccount
  readonly deps: FuzzySearchDeps
  readonly version: (typeof VERSIONS)[number]
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  { account, deps, version }: Asked,
): Promise<unknown> {
  const started = performance.now()
  const now = deps.clock.now()
  const read = readFuzzyRequest(request.query as Record<string, string>, {
    placeOf: (text) => positionOf(deps.gazetteer.find(text)) ?? deps.gazetteer.middleOf(text.toUpperCase()),
    tooManyStatus: deps.tooManyStatus,
    mustHavePlace: version === 'v2',
  })
  const keep = (outcome: string, found: readonly FuzzyFound[], asked?: FuzzyRequest): void =>
    deps.audit.record({
      at: now.toISOString(),
      username: account.username,
      api: 'finder',
      version: version === 'v2' ? '2' : '0.0.1',
      operation: 'byfuzzysearch',
      transactionId: request.id.toUpperCase(),
      caseRef: null,
      caseId: null,
      kind: 'live',
      postcodeSector: null,
      parameters: { terms: asked?.terms.length ?? 0, place: asked?.from ? 'given' : 'none' },
      outcome,
      uids: found.map(({ service }) => service.shown.uid),
      durationMicros: Math.round((performance.now() - started) * 1000),
    })
  if (!read.ok) {
    const { status, validationCode, message } = read.refusal
    keep(validationCode, [])
    return reply.status(status).send({ validationCode, message })
  }
  const { asked } = read
  const found = await findServices(asked, account.role, deps)
  keep(found.length > 0 ? 'ok' : 'VAL-006', found, asked)
  if (found.length === 0) {
    return reply.status(404).send({ validationCode: 'VAL-006', message: 'No services were found for this search.' })
  }
  const shown = { reference: deps.reference(), now }
  return {
    search_parameters: asked.echo,
    search_results: {
      number_of_services_found: found.length,
      services: found.map((each) => fuzzyServiceOf(each, shown)),
    },
  }
}

/** Active services that a professional may be shown, nearest first; without a place the best match first. */
async function findServices(
  asked: FuzzyRequest,
  role: number | null,
  { names, services, reference }: FuzzySearchDeps,
): Promise<readonly FuzzyFound[]> {
  const matches = await names.find({ terms: asked.terms, slips: asked.slips, begun: 'last', worth: asked.worth })
  const takesFrom = referrersOf(role, reference())
  const best: FuzzyFound[] = []
  for (const { uid, score } of matches) {
    const service = services.service(uid)
    if (!service || isBeyond(service, asked.from, reachOf(best, asked))) continue
    if (!isSomewhereToGo(service) || !takesFrom(service)) continue
    const metres = metresTo(service, asked.from)
    if (metres !== null && metres > asked.rangeMetres) continue
    keepBest(best, { service, score, distanceMetres: asked.from && metres }, asked.most)
  }
  return best
}

/** Metres beyond which nothing can be among the best any more. */
const reachOf = (best: readonly FuzzyFound[], { rangeMetres, most }: FuzzyRequest): number =>
  best.length < most ? rangeMetres : Math.min(rangeMetres, best.at(-1)?.distanceMetres ?? rangeMetres)

/** Whether a service is so far north or south that its distance need not be worked out, which takes longer. */
const isBeyond = ({ shown }: UrgentCareService, from: Position | null, metres: number): boolean =>
  from !== null &&
  shown.latitude !== null &&
  shown.longitude !== null &&
  northSouthMetres(from, { latitude: shown.latitude, longitude: shown.longitude }) > metres

/** Puts one where it belongs among the best so far: a common word has tens of thousands, which nobody needs in order. */
function keepBest(best: FuzzyFound[], found: FuzzyFound, most: number): void {
  const last = best.at(-1)
  if (best.length >= most && last && inOrder(last, found) <= 0) return
  const place = best.findIndex((other) => inOrder(found, other) < 0)
  best.splice(place < 0 ? best.length : place, 0, found)
  if (best.length > most) best.pop()
}

const inOrder = (a: FuzzyFound, b: FuzzyFound): number =>
  (a.distanceMetres ?? 0) - (b.distanceMetres ?? 0) || b.score - a.score || a.service.shown.uid - b.service.shown.uid

/** Active, and not an area that is kept as if it were a service. */
const isSomewhereToGo = ({ isActive, shown }: UrgentCareService): boolean =>
  isActive && !NOT_SERVICES.includes(shown.typeId)

/** Whether a service is shown to the account's role; without one, to a professional's. Each role is judged once. */
function referrersOf(role: number | null, { roles }: TriageReference): (service: UrgentCareService) => boolean {
  if (role !== null) return ({ clinical }) => clinical.roles.has(role)
  const judged = new Map<number, boolean>()
  const isProfessional = (id: number): boolean => {
    const known = judged.get(id)
    if (known !== undefined) return known
    const found = isProfessionalRole(id, roles.get(id))
    judged.set(id, found)
    return found
  }
  return ({ clinical }) => {
    for (const id of clinical.roles) if (isProfessional(id)) return true
    return false
  }
}

/** Metres from a place; 0 without one; infinite for a service that is not placed. */
function metresTo({ shown: { latitude, longitude } }: UrgentCareService, from: Position | null): number | null {
  if (!from) return null
  return latitude === null || longitude === null
    ? Number.POSITIVE_INFINITY
    : distanceMetres(from, { latitude, longitude })
}
