/**
 * Sends requests as fast as they are answered, from a process of its own so that it does not share a thread with what it
 * measures. Usage: node test/bench/load-process.ts, with `LoadPlan` as JSON on standard input; prints `LoadResult`.
 */
import { text } from 'node:stream/consumers'
import autocannon from 'autocannon'
import type { LoadPlan, LoadResult } from './load.ts'

const plan = JSON.parse(await text(process.stdin)) as LoadPlan
const { baseUrl, connections, seconds } = plan
const requests = plan.requests.map((request) => ({ method: 'GET' as const, ...request }))
const run = (duration: number) => autocannon({ url: baseUrl, connections, duration, requests })
await run(Math.min(3, seconds))
const result = await run(seconds)
const answer: LoadResult = {
  perSecond: result.requests.average,
  p50Ms: result.latency.p50,
  p99Ms: result.latency.p99,
  failures: result.non2xx + result.errors + result.timeouts,
  bytesPerAnswer: result.throughput.total / result.requests.total,
}
process.stdout.write(`${JSON.stringify(answer)}\n`)
