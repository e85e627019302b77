/** What a GET of the web services' address is answered: the description of a version, or how to find it. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { TRIAGE_VERSIONS } from '#src/urgent-care/triage-request.ts'
import { wsdl } from './wsdl.ts'

const CACHING = 'public, max-age=300'

/** `address` is where the web services are called. `?wsdl` without a version describes the newest. */
export function answerGet(request: FastifyRequest, reply: FastifyReply, address: string): FastifyReply {
  const query = request.query as Readonly<Record<string, string | readonly string[]>>
  const name = Object.keys(query).find((key) => key.toLowerCase() === 'wsdl')
  const asked = name === undefined ? undefined : query[name] || TRIAGE_VERSIONS[0]
  const version = TRIAGE_VERSIONS.find((one) => one === asked)
  if (version) {
    return reply.header('cache-control', CACHING).type('text/xml; charset=utf-8').send(wsdl(version, address))
  }
  const descriptions = TRIAGE_VERSIONS.map((one) => `  ${address}?wsdl=${one}\n`).join('')
  const help =
    asked === undefined
      ? 'This address takes envelopes of SOAP 1.2, sent with POST. They are described at\n'
      : 'There is no such version of these web services. These are described at\n'
  return reply
    .code(asked === undefined ? 400 : 404)
    .type('text/plain; charset=utf-8')
    .send(help + descriptions)
}
