/** What every answer of the REST API is wrapped in, and its errors. */
import type { FastifyReply } from 'fastify'
import { sendByteText } from '#src/platform/http/byte-text.ts'

/** Successful answers: the catch-all flag is text, and true when no service is returned (not the rule of triage). */
export const envelopeStart = (transactionId: string, count: number): string =>
  `{"success":{"code":200,"transactionId":"${transactionId}",` +
  `"servicesReturnedAreCatchAll":"${count === 0 ? 'TRUE' : 'FALSE'}","serviceCount":${count},"services":[`
export const ENVELOPE_END = ']}}'

/** Sends a successful answer, given as byte text. The contract of the API forbids keeping answers. */
export const sendAnswer = (reply: FastifyReply, body: string): FastifyReply =>
  sendByteText(
    reply.header('cache-control', 'no-store').header('content-type', 'application/json; charset=utf-8'),
    body,
  )

/** Sends an error with the status that it names. */
export const sendError = (reply: FastifyReply, status: number, message: string): FastifyReply =>
  reply
    .code(status)
    .header('cache-control', 'no-store')
    .header('content-type', 'application/json; charset=utf-8')
    .send(JSON.stringify({ error: { code: status, message } }))

const NAMES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

/** The message of an error that the server noticed rather than the API. */
export const messageOf = (status: number, detail: string, reference: string | null): string =>
  `${NAMES[status] ?? NAMES[status < 500 ? 400 : 500]}: ${detail}${reference === null ? '' : ` (${reference})`}`
