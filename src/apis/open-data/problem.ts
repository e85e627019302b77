/** Errors of the open-data API: problem JSON (RFC 9457), with one entry in `errors` for each thing to put right. */
import type { FastifyReply } from 'fastify'
import type { Problem } from '#src/rules/problems.ts'

const TITLES = { 400: 'Bad Request', 404: 'Not Found', 429: 'Too Many Requests' } as const

/** Sends a problem. `detail` says what is wrong and what to do; `problems` name the parameters. */
export function sendProblem(
  reply: FastifyReply,
  status: keyof typeof TITLES,
  detail: string,
  problems: readonly Problem[] = [],
): FastifyReply {
  const errors = problems.map(({ field, message }) => ({ field, message }))
  const body = { type: 'about:blank', title: TITLES[status], status, detail, ...(errors.length > 0 ? { errors } : {}) }
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(body))
}

/** Sends what is wrong with the parameters of a request. */
export const sendBadRequest = (reply: FastifyReply, problems: readonly Problem[]): FastifyReply =>
  sendProblem(reply, 400, problems.map(({ message }) => message).join('. '), problems)
