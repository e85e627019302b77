/** The bare HTTP server: ids, limits, the log and the one error handler. Pages and APIs are scopes inside it. */
import { randomUUID } from 'node:crypto'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Log } from '../log.ts'
import type { MapTiles } from '../map/map-tiles.ts'
import { type AllowedMethods, collectAllowedMethods } from './allowed-methods.ts'
import { MAX_HEADER_BYTES, refuseBare } from './bare-refusals.ts'
import { answerError, type ErrorForm } from './errors.ts'
import { requestLog } from './request-log.ts'
import type { RequestMetrics } from './request-metrics.ts'
import { type SecuritySettings, secureAnswer } from './security-headers.ts'

const BODY_LIMIT_BYTES = 1_048_576
const REQUEST_TIMEOUT_MS = 30_000
/** The longest value of one path parameter; longer ones are not found. */
const MAX_PARAM_LENGTH = 200

export type Link = { readonly href: string; readonly text: string }

/** What the layout needs to know about the product as a whole. */
export type Shell = {
  readonly security: SecuritySettings
  readonly navigation: readonly Link[]
  readonly footer: readonly Link[]
  /** Shown above every page; null for none. */
  readonly notice: string | null
  /** File name to address, with the version that lets browsers keep it. */
  readonly assets: Readonly<Record<string, string>>
  /** Pictures under maps; undefined where there are none. */
  readonly mapTiles?: MapTiles | undefined
}

declare module 'fastify' {
  interface FastifyInstance {
    shell: Shell
    allowedMethods: AllowedMethods
    /** By how the addresses begin that they are for; see `answerErrorsIn`. */
    errorForms: Map<string, ErrorForm>
  }
  interface FastifyReply {
    /** The status that metrics and log see, where the wire format demands another: a fault of the caller is none of ours. */
    countsAs: number | null
  }
  interface FastifyContextConfig {
    /** Only asks, whatever its method says: logged as plain reads are. */
    isRead?: boolean
  }
  interface FastifyRequest {
    /** Who is signed in, as the header shows them; null on open routes and for visitors. */
    signedInAs: { readonly name: string } | null
    /** What the navigation has for whoever asks, beside what it has for everybody; null for nothing. */
    moreNavigation: readonly Link[] | null
    /** Shown above the pages of this request, in place of the notice of all pages; null for none. */
    ownNotice: string | null
    /** For whom the person who is signed in acts, shown above every page; null: for nobody but themselves. */
    actingFor: { readonly text: string; readonly reason: string; readonly href: string } | null
  }
}

/**
 * A server with nothing mounted. `trustedProxies` is how many proxies in front of us add to X-Forwarded-For: with 0 a
 * client cannot choose the address that rate limits see.
 */
export function createServer(options: {
  readonly log: Log
  readonly trustedProxies: number
  readonly shell: Shell
  readonly requests: RequestMetrics
}): FastifyInstance {
  const app = Fastify({
    loggerInstance: requestLog(options.log),
    logController: new Fastify.LogController({ disableRequestLogging: true }),
    trustProxy: (_address, hop) => hop < options.trustedProxies,
    bodyLimit: BODY_LIMIT_BYTES,
    http: { maxHeaderSize: MAX_HEADER_BYTES },
    clientErrorHandler: refuseBare(options.shell, options.log),
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH, ignoreTrailingSlash: true },
    genReqId: () => randomUUID(),
    frameworkErrors: (error, request, reply) => {
      answerError(error, request as FastifyRequest, reply as FastifyReply)
    },
    forceCloseConnections: 'idle',
  })
  app.decorate('shell', options.shell)
  app.decorate('allowedMethods', collectAllowedMethods(app))
  app.decorate('errorForms', new Map<string, ErrorForm>())
  app.decorateRequest('signedInAs', null)
  app.decorateRequest('moreNavigation', null)
  app.decorateRequest('ownNotice', null)
  app.decorateRequest('actingFor', null)
  app.decorateReply('countsAs', null)
  app.addHook('onRequest', (_request, reply, done) => {
    secureAnswer(reply)
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    // Put together anew whenever it is asked for.
    const { url: route = 'none', config } = request.routeOptions
    const answer = {
      method: request.method,
      route,
      status: reply.countsAs ?? reply.statusCode,
      durationMs: Math.round(reply.elapsedTime * 10) / 10,
    }
    options.requests.observe(answer)
    logAnswer(request.log, answer, config.isRead ?? isReading(request.method))
    done()
  })
  app.setErrorHandler(answerError)
  return app
}

/** Writes and failures are worth a line; plain reads only when someone looks for them. Patterns, never addresses. */
function logAnswer(
  log: FastifyBaseLogger,
  answer: { method: string; route: string; status: number; durationMs: number },
  isRead: boolean,
): void {
  if (isRead && answer.status < 500) log.debug(answer, 'answered')
  else log.info(answer, 'answered')
}

const isReading = (method: string): boolean => method === 'GET' || method === 'HEAD'
