/**
 * The Capacity Status API v0.0.1, for systems that know it (dashboards of emergency departments, providers' systems), and
 * beside it what it never had: many services at once, by pharmacy, the history, and a later start.
 *
 * Source: addresses, bodies and the order of checks are those of the service that this one replaces.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ApiAccount } from '#src/accounts/api-accounts.ts'
import { answerErrorsIn } from '#src/platform/http/errors.ts'
import { parsePharmacyCode } from '#src/rules/ods-code.ts'
import { capacityApiDocument } from './api-document.ts'
import { type RequestFacts, readJson, requestFactsOf, requestIdOf, sendJson } from './asked-request.ts'
import { readHistory, readOwn, readPharmacy, readService } from './read-capacities.ts'
import { MOST_AT_ONCE, setMany } from './set-many.ts'
import { type Answered, refusedWith, type SetDeps, setOne } from './set-one.ts'
import { createThrottle } from './throttle.ts'
import { identify, type TokenAccounts } from './token-account.ts'
import { parseUid, REFUSALS } from './told-services.ts'
import { logUsage } from './usage-log.ts'

export type CapacityStatusDeps = SetDeps & {
  readonly accounts: TokenAccounts
  /** Requests a second and address; 0 is no limit. */
  readonly requestsPerSecond: number
  /** Where the API is reached from outside. */
  readonly baseUrl: string
}

const BASE = '/api/v0.0.1/capacity/'
const STATUS = `${BASE}services/:uid/capacitystatus/`
const MINUTE_MS = 60_000
/** One setting is far smaller than this, however its note is written. */
const ONE_BODY_BYTES = 65_536

/** Mounts the API. Register it outside the scope of the pages. */
export function capacityStatusApi(app: FastifyInstance, deps: CapacityStatusDeps): void {
  const throttle = createThrottle(deps.requestsPerSecond, deps.clock)
  answerErrorsIn(app, BASE, (reply, { status, detail, reference }) =>
    sendJson(reply.header('x-request-id', requestIdOf(reply.request)), status, {
      detail: reference === null ? detail : `${detail} (${reference})`,
    }),
  )
  app.get('/api/health', (_request, reply) =>
    reply.header('cache-control', 'no-store').type('text/plain; charset=utf-8').send('Health Okay from CS API'),
  )
  app.register((api, _options, done) => {
    // A body is read after it is known who may: a wrong one of a stranger is a stranger's.
    api.removeAllContentTypeParsers()
    api.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, read) => read(null, body))
    api.addHook('onRequest', async (request, reply) => {
      reply.header('x-request-id', requestIdOf(request))
      if (!throttle(request.ip)) return tooMany(reply)
    })
    mount(api, deps)
    done()
  })
}

const tooMany = (reply: FastifyReply): FastifyReply =>
  sendJson(reply.header('retry-after', '1'), 503, {
    detail: 'Too many requests from your address: send fewer a second.',
  })

function mount(api: FastifyInstance, deps: CapacityStatusDeps): void {
  const guarded = guardOf(deps)
  const { db, clock } = deps
  const document = capacityApiDocument(deps.baseUrl)
  api.get(`${BASE}apidoc/`, (_request, reply) => sendJson(reply, 200, document))

  api.get(
    STATUS,
    guarded((_asked, request) => readService(db.pool, uidOf(request), clock.now())),
  )
  api.put(
    STATUS,
    { bodyLimit: ONE_BODY_BYTES },
    guarded(async (asked, request) => {
      const answered = await setOne(deps, asked, uidOf(request), () => readJson(request))
      logUsage(request.log, usageOf(asked), answered)
      return answered
    }),
  )
  refuseOthers(api, deps, STATUS)

  api.get(
    `${BASE}services/`,
    guarded(({ account }, request) => readOwn(db.pool, account, request.query, clock.now())),
  )
  api.put(
    `${BASE}services/`,
    guarded(async (asked, request) => {
      const json = readJson(request)
      if (!json.ok) return { status: json.status, body: { detail: json.detail } }
      const many = await setMany(deps, asked, json.value)
      if (!many) return { status: 400, body: { detail: `Send a list of 1 to ${MOST_AT_ONCE} services.` } }
      for (const answer of many.answers) logUsage(request.log, usageOf(asked), answer)
      const results = many.answers.map(({ id, status, body }) =>
        status === 200 ? { code: status, ...(body as object) } : { code: status, id, errors: body },
      )
      return { status: many.answers.every(({ status }) => status === 200) ? 200 : 207, body: { results } }
    }),
  )
  refuseOthers(api, deps, `${BASE}services/`)

  api.get(
    `${BASE}pharmacies/:odsCode/`,
    guarded((_asked, request) => readPharmacy(db.pool, parsePharmacyCode(partOf(request, 'odsCode')), clock.now())),
  )
  api.get(
    `${BASE}services/:uid/history/`,
    guarded((_asked, request) => readHistory(db.pool, uidOf(request), request.query, clock.now())),
  )
}

const partOf = ({ params }: FastifyRequest, name: 'uid' | 'odsCode'): string =>
  (params as Readonly<Record<string, string>>)[name] ?? ''
const uidOf = (request: FastifyRequest): number | undefined => parseUid(partOf(request, 'uid'))

/** A request of an account that may ask. */
type Asked = {
  readonly account: ApiAccount
  readonly facts: RequestFacts
  readonly now: Date
  /** On the clock of `performance`. */
  readonly started: number
}

const usageOf = ({ account, facts, now, started }: Asked) => ({
  ...{ account, facts, now },
  executionMs: performance.now() - started,
})

type Handler = (asked: Asked, request: FastifyRequest) => Promise<Answered>

/** Lets accounts in: nobody without a token, nobody who was shut out, and nobody over the limit of their account. */
function guardOf({ accounts, clock }: CapacityStatusDeps) {
  return (handler: Handler) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const started = performance.now()
      const who = await identify(accounts, { header: request.headers.authorization, address: request.ip })
      if (!who.ok) return refuseStranger(reply, who.detail)
      const now = clock.now()
      if (!accounts.admit(who.account)) return overLimit(reply, now)
      const asked = { account: who.account, facts: requestFactsOf(request), now, started }
      const { status, body } = await handler(asked, request)
      return sendJson(reply, status, body)
    }
}

function refuseStranger(reply: FastifyReply, detail: string | null): FastifyReply {
  reply.header('www-authenticate', 'Token')
  const { status, body } = refusedWith(REFUSALS.inactiveUser)
  return detail === null ? sendJson(reply, status, body) : sendJson(reply, 401, { detail })
}

function overLimit(reply: FastifyReply, now: Date): FastifyReply {
  const seconds = Math.ceil((MINUTE_MS - (now.getTime() % MINUTE_MS)) / 1000)
  const detail = `Request was throttled. Expected available in ${seconds} seconds.`
  return sendJson(reply.header('retry-after', String(seconds)), 429, { detail })
}

/** The other methods of an address. Who asks is looked at first, as for those that it answers. */
function refuseOthers(api: FastifyInstance, deps: CapacityStatusDeps, url: string): void {
  const guarded = guardOf(deps)
  const refuse = guarded(async (_asked, request) => ({
    status: 405,
    body: { detail: `Method "${request.method}" not allowed. Please use "PUT" instead.` },
  }))
  api.route({
    method: ['POST', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'],
    url,
    handler: (request, reply) => refuse(request, reply.header('allow', 'GET, HEAD, PUT')),
  })
}
