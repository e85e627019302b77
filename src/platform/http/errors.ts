/**
 * The one place where what was thrown becomes an answer: a page for people, problem JSON (RFC 9457) under the APIs, or
 * the form that an API of older standing brings for its own addresses.
 */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Forbidden } from '../errors.ts'
import { template } from '../views.ts'

type ErrorPage = {
  readonly title: string
  readonly paragraphs: readonly string[]
  readonly searchAgain: boolean
  readonly askForAccess?: boolean
}

/** Writes an error the way an API's clients know it. The status is set already; it may be set anew. */
export type ErrorForm = (
  reply: FastifyReply,
  error: { readonly status: number; readonly detail: string; readonly reference: string | null },
) => FastifyReply

const render = template<ErrorPage & { reference: string | null }>('platform/http/error.njk')

const API_ADDRESS = /^\/(api|v1|health|metrics)(\/|\?|$)/
const RETRY_AFTER_SECONDS = '10'

const PAGES: Readonly<Record<number, ErrorPage>> = {
  400: {
    title: 'We could not read that request',
    paragraphs: ['Check the address, or go back to the page you came from and try again.'],
    searchAgain: true,
  },
  403: {
    title: 'You cannot see this page',
    paragraphs: ['The address you signed in with has not been given access to it.'],
    searchAgain: false,
    askForAccess: true,
  },
  404: {
    title: 'Page not found',
    paragraphs: [
      'If you typed the address, check that it is right. If you pasted it, check that you copied all of it.',
    ],
    searchAgain: true,
  },
  405: {
    title: 'This page cannot be used that way',
    paragraphs: ['Go back to the page you came from and try again.'],
    searchAgain: false,
  },
  409: {
    title: 'Somebody else changed this while you were working',
    paragraphs: [
      'Nothing of theirs was lost and nothing of yours was saved. Go back, look at what changed, and save again.',
    ],
    searchAgain: false,
  },
  413: {
    title: 'That was too much to send at once',
    paragraphs: ['Go back, shorten what you entered, and try again.'],
    searchAgain: false,
  },
  415: {
    title: 'We cannot read that kind of content',
    paragraphs: ['Send the form from the page itself.'],
    searchAgain: false,
  },
  429: {
    title: 'Too many requests',
    paragraphs: ['Wait a minute, then try again.'],
    searchAgain: false,
  },
  500: {
    title: 'Sorry, there is a problem with the service',
    paragraphs: ['Nothing that you saved before is lost. Try again in a few minutes.'],
    searchAgain: false,
  },
  503: {
    title: 'Sorry, the service is not available for a moment',
    paragraphs: ['Nothing that you saved before is lost. Try again in a minute.'],
    searchAgain: false,
  },
}

const EXPIRED_FORM: ErrorPage = {
  title: 'This form is too old to be sent',
  paragraphs: [
    'To keep your changes safe, a form can be sent only from the browser that opened it, while its cookies are kept.',
    'Go back, reload the page, and send it again.',
  ],
  searchAgain: false,
}

/** Gives the addresses that begin with `path` a form of their own for errors, unknown addresses and methods included. */
export function answerErrorsIn(app: FastifyInstance, path: string, form: ErrorForm): void {
  app.errorForms.set(path, form)
}

/** Answers whatever a handler threw. Never shows a stack trace; our own faults are logged with the reference shown. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = statusOf(error)
  logFault(error, status, request)
  if (status === 503 && !reply.hasHeader('retry-after')) reply.header('retry-after', RETRY_AFTER_SECONDS)
  const page = error.code?.startsWith('FST_CSRF_') ? EXPIRED_FORM : (whoMayPage(error) ?? pageOf(status))
  return answer(request, reply, status, page, detailOf(error, status, page))
}

/** Somebody else may: asking for access would not help. */
const whoMayPage = (error: Error): ErrorPage | undefined =>
  error instanceof Forbidden && error.whoMay !== undefined
    ? { title: 'You cannot change this', paragraphs: [error.whoMay], searchAgain: false }
    : undefined

/** Answers an address that nothing is mounted at, or not for this method. */
export function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const allowed = request.server.allowedMethods.of(request.url.split('?', 1)[0] ?? '/')
  if (allowed === undefined) return answer(request, reply, 404, pageOf(404), 'Nothing is at this address.')
  reply.header('allow', allowed)
  return answer(request, reply, 405, pageOf(405), `This address answers ${allowed} only.`)
}

/** A dependency that is down is news, not a fault of ours. */
function logFault(error: FastifyError, status: number, request: FastifyRequest): void {
  const facts = { err: error, route: request.routeOptions.url }
  if (status === 503) request.log.warn(facts, 'request refused for now')
  else if (status >= 500) request.log.error(facts, 'request failed')
}

/** What a program is told. Faults of ours and of what we depend on are not described: their words may not be public. */
function detailOf(error: FastifyError, status: number, page: ErrorPage): string {
  return status < 500 ? error.message : page.paragraphs.join(' ')
}

function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  page: ErrorPage,
  detail: string,
): FastifyReply {
  reply.code(status)
  const reference = status === 500 ? request.id : null
  for (const [path, form] of request.server.errorForms) {
    if (request.url.startsWith(path)) return form(reply, { status, detail, reference })
  }
  if (!API_ADDRESS.test(request.url)) return sendPage(request, reply, page, reference)
  const problem = { type: 'about:blank', title: page.title, status, detail }
  return reply
    .type('application/problem+json')
    .send(JSON.stringify(reference === null ? problem : { ...problem, reference }))
}

/** When even this page cannot be made, plain words must do. */
function sendPage(request: FastifyRequest, reply: FastifyReply, page: ErrorPage, reference: string | null) {
  try {
    return render(reply, { ...page, reference })
  } catch (error) {
    request.log.error({ err: error }, 'the page of an error failed')
    return reply.type('text/plain; charset=utf-8').send(`${page.title}. ${page.paragraphs.join(' ')}`)
  }
}

/** The status of an error; anything that does not name a client's fault is ours. */
function statusOf(error: FastifyError): number {
  const status = error.statusCode ?? 500
  return status >= 400 && status <= 599 ? status : 500
}

const pageOf = (status: number): ErrorPage => PAGES[status] ?? PAGES[status < 500 ? 400 : 500] ?? EXPIRED_FORM
