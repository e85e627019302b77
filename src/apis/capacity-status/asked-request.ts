/** What a request brings besides its token: the numbers that programs follow it by, and its body. */
import { isIP } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** For the audit and the usage log. What is absent or unreadable is left out. */
export type RequestFacts = {
  readonly requestId: string
  readonly clientIp?: string
  /** UTC ISO text: when the proxy of the program took it. */
  readonly requestReceived?: string
}

/** `X-Request-ID` as it came, or our own; `X-Client-IP` and `X-Request-Received` where they can be read. */
export function requestFactsOf(request: FastifyRequest): RequestFacts {
  const clientIp = headerOf(request, 'x-client-ip')
  const received = new Date(headerOf(request, 'x-request-received') ?? Number.NaN)
  return {
    requestId: requestIdOf(request),
    ...(clientIp !== undefined && isIP(clientIp) > 0 && { clientIp }),
    ...(!Number.isNaN(received.getTime()) && { requestReceived: received.toISOString() }),
  }
}

/** Letters, digits and signs, 100 at most: what anyone may send back in a header. */
export function requestIdOf(request: FastifyRequest): string {
  const given = headerOf(request, 'x-request-id')
  return given !== undefined && /^[\x21-\x7e]{1,100}$/.test(given) ? given : request.id
}

function headerOf({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' && value.length <= 200 ? value : undefined
}

export type ReadBody =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly status: number; readonly detail: string }

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** The JSON of a body. An empty one is an empty object, whatever its type. */
export function readJson({ body, headers }: FastifyRequest): ReadBody {
  if (!Buffer.isBuffer(body) || body.length === 0) return { ok: true, value: {} }
  const type = headers['content-type']
  if (type !== undefined && !/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(type)) {
    const shown = JSON.stringify(type.slice(0, 100))
    return { ok: false, status: 415, detail: `Unsupported media type ${shown} in request.` }
  }
  try {
    return { ok: true, value: JSON.parse(utf8.decode(body)) }
  } catch {
    return { ok: false, status: 400, detail: 'JSON parse error - the body is not JSON in UTF-8.' }
  }
}

/** Sends JSON. Nothing may keep an answer. */
export const sendJson = (reply: FastifyReply, status: number, body: unknown): FastifyReply =>
  reply
    .code(status)
    .header('cache-control', 'no-store')
    .header('content-type', 'application/json')
    .send(JSON.stringify(body))
