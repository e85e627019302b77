/**
 * The open-data API: public facts for anyone, without a key. A lean scope: no cookies, sessions or page helpers, and
 * every answer may be used by any website.
 */
import { hash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { pharmacyOf, publicJsonOf } from '#src/directory/indexed-service.ts'
import type { Found, ServiceIndex } from '#src/directory/service-index.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { byteText, sendByteText } from '#src/platform/http/byte-text.ts'
import { isHeld } from '#src/platform/http/held-copy.ts'
import type { ProfileIndex } from '#src/profiles/profile-index.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import type { Position } from '#src/rules/distance.ts'
import { type LondonTime, toLondon } from '#src/rules/london-time.ts'
import { parsePharmacyCode } from '#src/rules/ods-code.ts'
import { changesAnswer, readChangesRequest } from './changes.ts'
import { openApiDocument } from './open-api.ts'
import { openStateJson, writeOpenState } from './open-state-json.ts'
import { noParameters, readParameters } from './parameters.ts'
import { pharmacyAnswer, serviceStateOf } from './pharmacy-answer.ts'
import { sendBadRequest, sendProblem } from './problem.ts'
import { createRateLimit, type RateLimit } from './rate-limit.ts'
import { readServicesRequest, type ServicesRequest } from './services-request.ts'

export type OpenDataDeps = {
  readonly db: Pick<Db, 'pool'>
  readonly services: Pick<ServiceIndex, 'nearest' | 'byPharmacy'>
  readonly profiles: Pick<ProfileIndex, 'find'>
  /** Where a postcode is; undefined when nobody knows. */
  readonly gazetteer: { find(postcode: string): Position | undefined }
  readonly holidays: HolidayCalendar
  readonly clock: Clock
  readonly baseUrl: string
  /** For each address; 0 is no limit. */
  readonly requestsPerMinute: number
}

const SERVICES = '/api/v1/services'
const PHARMACY = '/api/v1/pharmacies/:odsCode'
const CHANGES = '/api/v1/changes'
const OPEN_API = '/api/v1/openapi.json'
/** Ask again each time: a change must be seen at once. */
const CACHING = 'no-cache'
const DOCUMENT_CACHING = 'public, max-age=300'

/** Mounts the open-data API. Register it outside the scope of the pages. */
export function openDataApi(app: FastifyInstance, deps: OpenDataDeps): void {
  const limit = deps.requestsPerMinute === 0 ? undefined : createRateLimit(deps.requestsPerMinute, deps.clock)
  const get = (url: string, answer: (request: FastifyRequest, reply: FastifyReply) => Answer) => {
    app.get(url, (request, reply) => {
      reply.header('access-control-allow-origin', '*')
      return !limit || mayAsk(limit, request, reply) ? answer(request, reply) : reply
    })
    app.options(url, (_request, reply) =>
      reply
        .code(204)
        .headers({
          'access-control-allow-origin': '*',
          'access-control-allow-methods': 'GET, HEAD',
          'access-control-allow-headers': 'if-none-match',
          'access-control-max-age': '86400',
        })
        .send(),
    )
  }
  const document = JSON.stringify(openApiDocument(deps.baseUrl))
  get(SERVICES, (request, reply) => answerServices(request, reply, deps))
  get(PHARMACY, (request, reply) => answerPharmacy(request, reply, deps))
  get(CHANGES, (request, reply) => answerChanges(request, reply, deps))
  get(OPEN_API, (_request, reply) => sendTagged(reply, document, DOCUMENT_CACHING))
}

type Answer = FastifyReply | Promise<FastifyReply>

function mayAsk(limit: RateLimit, { ip }: FastifyRequest, reply: FastifyReply): boolean {
  const waitSeconds = limit(ip)
  if (waitSeconds === 0) return true
  reply.header('retry-after', String(waitSeconds))
  sendProblem(reply, 429, `Too many requests from your address: wait ${waitSeconds} seconds, then ask again`)
  return false
}

function answerServices(request: FastifyRequest, reply: FastifyReply, deps: OpenDataDeps): FastifyReply {
  const read = readServicesRequest(request.query)
  if (!read.ok) return sendBadRequest(reply, read.problems)
  const { place, typeIds, onlyOpen, limit } = read.value
  const from = positionOf(place, deps)
  if (!from) return answerUnknownPostcode(reply, place)
  const at = read.value.at ?? toLondon(deps.clock.now())
  const { latitude, longitude } = from
  const found = deps.services.nearest({ latitude, longitude, typeIds, at, onlyOpen, limit })
  return sendByteText(describeJson(reply, CACHING), byteText(servicesJson(found, at, deps.profiles)))
}

const positionOf = (place: ServicesRequest['place'], { gazetteer }: OpenDataDeps): Position | undefined =>
  'postcode' in place ? gazetteer.find(place.postcode) : place

function answerUnknownPostcode(reply: FastifyReply, place: ServicesRequest['place']): FastifyReply {
  const given = 'postcode' in place ? place.postcode : ''
  const message = `We do not know the postcode ${given}: check it, or give latitude and longitude`
  return sendProblem(reply, 404, message, [{ field: 'postcode', code: 'unknown', message }])
}

/** The results as JSON text: the prepared part of each service, then its distance and open state. */
export function servicesJson(found: readonly Found[], at: LondonTime, profiles: Pick<ProfileIndex, 'find'>): string {
  let json = '{"results":['
  for (let index = 0; index < found.length; index++) {
    const { service, distanceMetres } = found[index] as Found
    json += `${index === 0 ? '' : ','}${publicJsonOf(service)},"distanceMetres":${distanceMetres},"openState":`
    json += `${openStateText(service, at, profiles)}}`
  }
  return `${json}]}`
}

/** Few pharmacies have closures; of theirs the end counts, which hours cannot tell when nobody knows it. */
function openStateText(service: Found['service'], at: LondonTime, profiles: Pick<ProfileIndex, 'find'>): string {
  const odsCode = pharmacyOf(service)
  const closures = (odsCode && profiles.find(odsCode)?.closures) || []
  return closures.length === 0
    ? openStateJson(service.hours, at)
    : writeOpenState(serviceStateOf(service, { closures }, at))
}

function answerPharmacy(request: FastifyRequest, reply: FastifyReply, deps: OpenDataDeps): FastifyReply {
  const read = readParameters(noParameters, request.query)
  if (!read.ok) return sendBadRequest(reply, read.problems)
  const { odsCode: given } = request.params as { odsCode: string }
  const odsCode = parsePharmacyCode(given)
  const profile = odsCode && deps.profiles.find(odsCode)
  if (!profile || profile.status === 'hidden') {
    return sendProblem(reply, 404, 'No pharmacy has this ODS code: give the five letters and digits, such as FA002')
  }
  const { holidays } = deps
  const at = toLondon(deps.clock.now())
  const body = pharmacyAnswer({ profile, services: deps.services.byPharmacy(odsCode), holidays, at })
  return sendTagged(reply, JSON.stringify(body), CACHING)
}

async function answerChanges(
  request: FastifyRequest,
  reply: FastifyReply,
  { db }: OpenDataDeps,
): Promise<FastifyReply> {
  const read = readChangesRequest(request.query)
  if (!read.ok) return sendBadRequest(reply, read.problems)
  const answer = await changesAnswer(db.pool, read.value)
  return answer.ok ? sendJson(reply, answer.value, CACHING) : sendBadRequest(reply, answer.problems)
}

const describeJson = (reply: FastifyReply, caching: string): FastifyReply =>
  reply.header('cache-control', caching).header('content-type', 'application/json; charset=utf-8')

const sendJson = (reply: FastifyReply, body: string, caching: string): FastifyReply =>
  describeJson(reply, caching).send(body)

/** Sends the body, or only says that it is still the one the client holds. */
function sendTagged(reply: FastifyReply, body: string, caching: string): FastifyReply {
  const etag = `"${hash('sha256', body, 'base64url').slice(0, 22)}"`
  reply.header('etag', etag)
  return isHeld(reply, etag) ? reply.code(304).header('cache-control', caching).send() : sendJson(reply, body, caching)
}
