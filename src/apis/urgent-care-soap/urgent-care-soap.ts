/** The SOAP web services of the Directory of Services, as NHS 111 and others call them: one address, three operations. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ApiAccount, ApiAccounts } from '#src/accounts/api-accounts.ts'
import type { TriageIndex } from '#src/directory/triage/triage-index.ts'
import { detailsOf } from '#src/directory/triage/urgent-care-service.ts'
import { sendByteText } from '#src/platform/http/byte-text.ts'
import { answerErrorsIn } from '#src/platform/http/errors.ts'
import { type AskTriageDeps, askTriage, type TriageReply } from '#src/urgent-care/ask-triage.ts'
import type { GapCounter } from '#src/urgent-care/gaps.ts'
import { kindOf, type SearchAudit } from '#src/urgent-care/search-audit.ts'
import { TRIAGE_VERSIONS, type TriageVersion } from '#src/urgent-care/triage-request.ts'
import { type Asked, auditedRequest, type Outcome } from './audited-request.ts'
import { envelopeText } from './envelope-text.ts'
import { type ServiceWriter, serviceWriter } from './service-xml.ts'
import { detailsXml, scoresXml, summaryXml } from './soap-answers.ts'
import { countedStatus, faultOf, faultXml, type PrivilegeFault, type SoapProblem } from './soap-faults.ts'
import { readSoapRequest, type SoapRequest } from './soap-request.ts'
import { answerGet } from './wsdl-answer.ts'

export type UrgentCareSoapDeps = AskTriageDeps & {
  readonly triage: Pick<TriageIndex, 'service' | 'byOdsCode' | 'ofTypes'>
  readonly accounts: Pick<ApiAccounts, 'known' | 'authenticate' | 'admit'>
  readonly audit: Pick<SearchAudit, 'record'>
  readonly gaps: Pick<GapCounter, 'note'>
  readonly baseUrl: string
  readonly soap: { readonly defaultVersion: TriageVersion | null; readonly privilegeFault: PrivilegeFault }
  /** After so long a request that waits for something is given up. */
  readonly timeoutMs?: number
}

export const SOAP_ADDRESS = '/app/api/webservices'
const API = 'urgent-care'
const PERMISSION = 'webService'
/** Shorter than what the most impatient of the engines that call us waits between two bytes. */
const TIMEOUT_MS = 9000
const RETRY_AFTER_SECONDS = '60'

/** Mounts the web services. Register them outside the scope of the pages. */
export function urgentCareSoap(app: FastifyInstance, deps: UrgentCareSoapDeps): void {
  const context: Context = { ...deps, writers: { '1.5': serviceWriter('1.5'), '1.3': serviceWriter('1.3') } }
  // Whatever goes wrong before or beside a handler, a client that posts an envelope can read faults only.
  answerErrorsIn(app, SOAP_ADDRESS, (reply, { status, detail }) =>
    reply.request.method === 'POST'
      ? sendFault(reply, { code: status < 500 ? 'xml' : 'internal' }, '1.5', context)
      : reply.type('text/plain; charset=utf-8').send(`${detail}\n`),
  )
  app.register((scope, _options, mounted) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    scope.get(SOAP_ADDRESS, (request, reply) => answerGet(request, reply, `${deps.baseUrl}${SOAP_ADDRESS}`))
    scope.post(SOAP_ADDRESS, { config: { isRead: true } }, (request, reply) => answerPost(request, reply, context))
    mounted()
  })
}

type Context = UrgentCareSoapDeps & { readonly writers: Readonly<Record<TriageVersion, ServiceWriter>> }
type Answer = FastifyReply | Promise<FastifyReply>

function answerPost(request: FastifyRequest, reply: FastifyReply, context: Context): Answer {
  const started = performance.now()
  const contentType = request.headers['content-type'] ?? ''
  if (!mediaTypeOf(contentType)) return sendFault(reply, { code: 'soap-version' }, '1.5', context)
  const text = Buffer.isBuffer(request.body) ? envelopeText(request.body, contentType) : undefined
  const read = text === undefined ? ({ ok: false, code: 'xml' } as const) : readSoapRequest(text)
  if (!read.ok) return sendFault(reply, read, '1.5', context)
  const version = versionOf(read.request, context)
  const { username, password } = read.request
  if (username === null || password === null) {
    return sendFault(reply, { code: 'credentials-missing' }, version.number, context)
  }
  const answer = (account: ApiAccount): Answer => {
    const transactionId = request.id.toUpperCase()
    const asked = { account, request: read.request, version: version.number, transactionId, started }
    return answerAccount(reply, asked, version.problem, context)
  }
  const known = context.accounts.known(API, username, password)
  if (known) return answer(known)
  return signIn(request, { username, password }, context).then((result) =>
    'account' in result ? answer(result.account) : sendFault(reply, result, version.number, context),
  )
}

/** The version that a request is answered in; where none can be, 1.5 gives the number of the fault. */
function versionOf(
  { version }: SoapRequest,
  { soap }: Context,
): { readonly number: TriageVersion; readonly problem: SoapProblem | undefined } {
  const asked = version ?? soap.defaultVersion
  const known = TRIAGE_VERSIONS.find((one) => one === asked)
  if (known) return { number: known, problem: undefined }
  return { number: '1.5', problem: { code: version === null ? 'version-missing' : 'version' } }
}

/** Who asks, found out the slow way: the first time that a process meets an account, or with a wrong password. */
async function signIn(
  request: FastifyRequest,
  { username, password }: { readonly username: string; readonly password: string },
  { accounts, timeoutMs = TIMEOUT_MS }: Context,
): Promise<SoapProblem | { readonly account: ApiAccount }> {
  try {
    const account = await inTime(accounts.authenticate(API, username, password, request.ip), timeoutMs)
    if (account === TOO_LATE) return { code: 'timeout' }
    return account ? { account } : { code: 'credentials' }
  } catch (error) {
    request.log.error({ err: error }, 'an account could not be looked up')
    return { code: 'login' }
  }
}

const TOO_LATE = Symbol('too late')

/** What a promise comes to, unless that takes longer. */
async function inTime<Value>(promise: Promise<Value>, timeoutMs: number): Promise<Value | typeof TOO_LATE> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<typeof TOO_LATE>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, TOO_LATE)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

function answerAccount(reply: FastifyReply, asked: Asked, problem: SoapProblem | undefined, context: Context): Answer {
  const { account, request } = asked
  const refuse = (refusal: SoapProblem): FastifyReply => sendRefusal(reply, asked, { problem: refusal }, context)
  if (!account.permissions.includes(PERMISSION)) return refuse({ code: 'privileges' })
  if (!context.accounts.admit(account)) {
    reply.header('retry-after', RETRY_AFTER_SECONDS)
    return refuse({ code: 'login' })
  }
  if (problem) return refuse(problem)
  if (request.operation === 'CheckCapacitySummary') return answerSummary(reply, asked, context)
  if (request.operation === 'ServiceDetailsById') return answerDetails(reply, asked, context)
  if (request.operation === 'GetHospitalScores') return answerScores(reply, asked, context)
  return refuse({ code: 'xml' })
}

function answerSummary(reply: FastifyReply, asked: Asked, context: Context): Answer {
  const fail = (error: unknown): FastifyReply => {
    reply.log.error({ err: error }, 'a triage search failed')
    return sendRefusal(reply, asked, { problem: { code: 'search' } }, context)
  }
  let found: ReturnType<typeof askTriage>
  try {
    found = askTriage(context, asked.account, { ...asked.request.case, version: asked.version })
  } catch (error) {
    return fail(error)
  }
  if (!(found instanceof Promise)) return sendSummary(reply, asked, found, context)
  return inTime(found, context.timeoutMs ?? TIMEOUT_MS).then(
    (inTimeOrNot) =>
      inTimeOrNot === TOO_LATE
        ? sendRefusal(reply, asked, { problem: { code: 'timeout' } }, context)
        : sendSummary(reply, asked, inTimeOrNot, context),
    fail,
  )
}

function sendSummary(reply: FastifyReply, asked: Asked, found: TriageReply, context: Context): FastifyReply {
  noteGaps(asked, found, context)
  if (!found.ok) return sendRefusal(reply, asked, { problem: found.problem, reply: found }, context)
  const { version, transactionId } = asked
  const writer = context.writers[version]
  writer.refresh(context.reference(), found.meta.requestedAt)
  sendByteText(describeXml(reply), summaryXml(found, version, { transactionId, writer }))
  const { services, isCatchAll } = found.answer
  const uids = services.map(({ service }) => service.uid)
  record(asked, { outcome: isCatchAll ? 'catch-all' : 'ok', uids, reply: found }, context)
  return reply
}

/** Near misses matter only where a patient waits. */
function noteGaps({ request }: Asked, { meta }: TriageReply, { gaps }: Context): void {
  const { caseId, searchDateTime } = request.case
  if (meta && kindOf(caseId, searchDateTime !== null) === 'live') gaps.note(meta.question)
}

/** By the number of a service or an ODS code; services that are not Active take no messages. */
function answerDetails(reply: FastifyReply, asked: Asked, context: Context): FastifyReply {
  const { serviceId } = asked.request
  const one = serviceId !== null && /^\d{1,10}$/.test(serviceId) ? context.triage.service(Number(serviceId)) : undefined
  const services = one?.isActive ? [one] : serviceId === null ? [] : context.triage.byOdsCode(serviceId)
  if (services.length === 0) return sendRefusal(reply, asked, { problem: { code: 'no-service' } }, context)
  sendXml(reply, detailsXml(services, asked.version))
  record(asked, { outcome: 'ok', uids: services.map(({ uid }) => uid) }, context)
  return reply
}

/** Emergency departments, wherever they are. */
const SCORED_TYPES = [40, 105] as const
const EVERYWHERE = { origin: { easting: 350_000, northing: 500_000 }, distanceKm: 2000 }

function answerScores(reply: FastifyReply, asked: Asked, context: Context): FastifyReply {
  const services = context.triage
    .ofTypes(SCORED_TYPES, EVERYWHERE)
    .map(({ service }) => service)
    .filter((service) => detailsOf(service).hospitalScore !== null)
    .sort((a, b) => a.uid - b.uid)
  sendXml(reply, scoresXml(services, asked.version))
  record(asked, { outcome: 'ok', uids: services.map(({ uid }) => uid) }, context)
  return reply
}

const record = (asked: Asked, outcome: Outcome, { audit, clock }: Context): void =>
  audit.record(auditedRequest(asked, outcome, clock.now()))

/** Sends the fault of a request whose account is known, and records it. */
function sendRefusal(
  reply: FastifyReply,
  asked: Asked,
  { problem, reply: found }: { readonly problem: SoapProblem; readonly reply?: TriageReply },
  context: Context,
): FastifyReply {
  sendFault(reply, problem, asked.version, context)
  const { number } = faultOf(problem, asked.version, context.soap.privilegeFault)
  const outcome = { outcome: String(number), uids: [] }
  record(asked, found ? { ...outcome, reply: found } : outcome, context)
  return reply
}

function sendFault(reply: FastifyReply, problem: SoapProblem, version: TriageVersion, { soap }: Context): FastifyReply {
  const fault = faultOf(problem, version, soap.privilegeFault)
  reply.countsAs = countedStatus(fault)
  return sendXml(reply.code(500), faultXml(fault))
}

/** The media types of SOAP 1.2 and of clients that call it plain XML: each is answered in its own. */
const MEDIA_TYPES = ['application/soap+xml', 'text/xml', 'application/xml']

const mediaTypeOf = (contentType: string): string | undefined => {
  const given = contentType.split(';', 1)[0]?.trim().toLowerCase()
  return MEDIA_TYPES.find((type) => type === given)
}

const sendXml = (reply: FastifyReply, xml: string): FastifyReply => describeXml(reply).send(xml)

const describeXml = (reply: FastifyReply): FastifyReply =>
  reply
    .header('cache-control', 'no-store')
    .header(
      'content-type',
      `${mediaTypeOf(reply.request.headers['content-type'] ?? '') ?? MEDIA_TYPES[0]}; charset=utf-8`,
    )
