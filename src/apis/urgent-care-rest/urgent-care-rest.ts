/**
 * The Directory of Services over REST v1.0, for pharmacy finders, electronic prescriptions and apps that know it: four
 * endpoints, HTTP Basic, JSON with the quirks of the service that this one replaces.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ApiAccount, ApiAccounts } from '#src/accounts/api-accounts.ts'
import type { TriageIndex } from '#src/directory/triage/triage-index.ts'
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import type { UrgentCareService } from '#src/directory/triage/urgent-care-service.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { answerErrorsIn } from '#src/platform/http/errors.ts'
import type { Gazetteer } from '#src/reference-data/gazetteer.ts'
import { isShownTo } from '#src/rules/service-filters.ts'
import { kindOf, type SearchAudit } from '#src/urgent-care/search-audit.ts'
import { basicCredentials } from './basic-credentials.ts'
import { writeDetails } from './detail-answer.ts'
import { messageOf, sendAnswer, sendError } from './envelope.ts'
import { findServices } from './find-services.ts'
import { type Asked, type ReadDeps, readRestRequest, type Written } from './rest-request.ts'
import { type SearchAnswers, searchAnswers } from './search-answer.ts'
import { loadServiceHistory } from './service-history.ts'

export type UrgentCareRestDeps = {
  readonly db: Pick<Db, 'pool'>
  readonly accounts: Pick<ApiAccounts, 'known' | 'authenticate' | 'admit'>
  readonly index: TriageIndex
  readonly reference: () => TriageReference
  readonly gazetteer: Pick<Gazetteer, 'find'>
  readonly audit: Pick<SearchAudit, 'record'>
  readonly clock: Clock
  readonly settings: { readonly missingPostcode: 'error' | 'empty'; readonly rag24Hours: boolean }
}

/** Errors of all addresses that look like the API's are in its form. */
const FAMILY = '/app/controllers/'
const BASE = '/app/controllers/api/v1.0/services/'
const API = 'urgent-care'
const UNAUTHORIZED = 'Unauthorized: You are not authorized to access this resource.'
const MINUTE_MS = 60_000

/** Mounts the API. Register it outside the scope of the pages. */
export function urgentCareRest(app: FastifyInstance, deps: UrgentCareRestDeps): void {
  const { reference, settings, accounts } = deps
  const context: Context = {
    ...deps,
    reading: { ...deps, missingPostcode: settings.missingPostcode },
    answers: searchAnswers({ reference, onlyRecentCapacity: settings.rag24Hours }),
  }
  answerErrorsIn(app, FAMILY, (reply, { status, detail, reference: id }) =>
    sendError(reply, status, messageOf(status, detail, id)),
  )
  const handle = (request: FastifyRequest, reply: FastifyReply): Answer => {
    const credentials = basicCredentials(request.headers.authorization)
    if (!credentials) return refuseStranger(reply)
    const { username, password } = credentials
    const known = accounts.known(API, username, password)
    if (known) return answer(request, reply, known, context)
    return accounts
      .authenticate(API, username, password, request.ip)
      .then((account) => (account ? answer(request, reply, account, context) : refuseStranger(reply)))
  }
  app.get(BASE, handle)
  app.get(`${BASE}*`, handle)
}

type Context = UrgentCareRestDeps & { readonly reading: ReadDeps; readonly answers: SearchAnswers }
type Answer = FastifyReply | Promise<FastifyReply>

const refuseStranger = (reply: FastifyReply): FastifyReply =>
  sendError(reply.header('www-authenticate', 'Basic realm="Directory of Services", charset="UTF-8"'), 401, UNAUTHORIZED)

function answer(request: FastifyRequest, reply: FastifyReply, account: ApiAccount, context: Context): Answer {
  const now = context.clock.now()
  if (!context.accounts.admit(account)) {
    const seconds = Math.ceil((MINUTE_MS - (now.getTime() % MINUTE_MS)) / 1000)
    reply.header('retry-after', String(seconds))
    return sendError(reply, 429, `Too Many Requests: Wait ${seconds} seconds, then ask again`)
  }
  const started = performance.now()
  const read = readRestRequest(pathOf(request), context.reading)
  const { written, operation = 'unknown' } = read
  const search: Search = { account, operation, written, transactionId: request.id.toUpperCase(), now, started }
  if (!read.ok) {
    record(search, String(read.status), [], context)
    return sendError(reply, read.status, read.message)
  }
  const { asked } = read
  if (!('search' in asked)) return answerDetails(reply, search, asked, context)
  const found = findServices(asked.search, account.role, context.index)
  const body = context.answers.write(found, search.transactionId, now)
  record(search, 'ok', found, context)
  return sendAnswer(reply, body)
}

type Search = {
  readonly account: ApiAccount
  readonly operation: string
  readonly written: Written
  readonly transactionId: string
  readonly now: Date
  /** On the clock of `performance`. */
  readonly started: number
}

/** What follows the base, as it was sent; empty when the address was spelled in a way that hides the base. */
function pathOf({ raw }: FastifyRequest): string {
  const { url = '' } = raw
  const base = url.indexOf(BASE)
  const end = url.indexOf('?')
  return base < 0 ? '' : url.slice(base + BASE.length, end < 0 ? undefined : end)
}

async function answerDetails(
  reply: FastifyReply,
  search: Search,
  asked: Asked,
  context: Context,
): Promise<FastifyReply> {
  const services = servicesOf(asked, context.index).filter((service) => isShownTo(service, search.account.role))
  const found = await Promise.all(
    services.map(async (service) => ({ service, history: await loadServiceHistory(context.db.pool, service.uid) })),
  )
  const { index, reference, settings } = context
  const details = { index, reference, onlyRecentCapacity: settings.rag24Hours }
  const body = writeDetails(found, search.transactionId, search.now, details)
  record(search, 'ok', found, context)
  return sendAnswer(reply, body)
}

function servicesOf(asked: Asked, index: TriageIndex): readonly UrgentCareService[] {
  if ('odsCode' in asked) return index.byOdsCode(asked.odsCode)
  const service = 'uid' in asked ? index.service(asked.uid) : undefined
  return service ? [service] : []
}

function record(
  { account, operation, written, transactionId, now, started }: Search,
  outcome: string,
  found: readonly { readonly service: UrgentCareService }[],
  { audit }: Context,
): void {
  const { caseId, postcodeSector, parameters } = written
  audit.record({
    at: now.toISOString(),
    username: account.username,
    api: 'rest',
    version: '1.0',
    operation,
    transactionId,
    caseRef: null,
    caseId,
    kind: kindOf(caseId, false),
    postcodeSector,
    parameters,
    outcome,
    uids: found.map(({ service }) => service.uid),
    durationMicros: Math.round((performance.now() - started) * 1000),
  })
}
