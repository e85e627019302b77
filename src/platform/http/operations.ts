/** For whoever runs Signpost: is it alive, may it be sent requests, and how is it doing. */
import type { FastifyInstance } from 'fastify'
import { Unavailable } from '../errors.ts'
import type { RequestMetrics } from './request-metrics.ts'

/** One number of `/metrics`. Never about a person, never a value that is not public. */
export type Gauge = { readonly name: string; readonly help: string; readonly value: number }

export type OperationsParts = {
  readonly requests: RequestMetrics
  /** Why requests should not be sent here now; empty when they may be. */
  readonly notReady: () => readonly string[]
  readonly gauges: () => Promise<readonly Gauge[]>
}

/** Mounts `/health/live`, `/health/ready` and `/metrics`. */
export function operationsRoutes(app: FastifyInstance, { requests, notReady, gauges }: OperationsParts): void {
  app.get('/health/live', (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'live' }))
  app.get('/health/ready', (_request, reply) => {
    const reasons = notReady()
    if (reasons.length > 0) throw new Unavailable(reasons.join('; '))
    return reply.header('cache-control', 'no-store').send({ status: 'ready' })
  })
  app.get('/metrics', async (_request, reply) => {
    const all = [...processGauges(), ...(await gauges())]
    return reply
      .header('cache-control', 'no-store')
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(`${requests.render()}${all.map(renderGauge).join('')}`)
  })
}

function processGauges(): readonly Gauge[] {
  const { rss, heapUsed } = process.memoryUsage()
  return [
    { name: 'process_resident_memory_bytes', help: 'Memory the process holds.', value: rss },
    { name: 'signpost_heap_used_bytes', help: 'Memory in use by JavaScript objects.', value: heapUsed },
    { name: 'signpost_uptime_seconds', help: 'Time since the start.', value: Math.round(process.uptime()) },
  ]
}

const renderGauge = ({ name, help, value }: Gauge): string =>
  `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${value}\n`
