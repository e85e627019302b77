/** Load on a server from another process, and the two servers that are compared under it. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { type Child, startChild } from '#test/support/child-process.ts'
import type { DatabaseAddress } from '#test/support/databases.ts'

/** A GET without headers, but for what is given. */
export type LoadRequest = {
  readonly path: string
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export type LoadPlan = {
  readonly baseUrl: string
  /** Sent in turn by every connection. */
  readonly requests: readonly LoadRequest[]
  readonly connections: number
  readonly seconds: number
}

export type LoadResult = {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly failures: number
  /** Headers included. */
  readonly bytesPerAnswer: number
}

export type RunningServer = { readonly baseUrl: string; readonly child: Child; readonly readyMs: number }

/** Warms up for three seconds, then measures. */
export async function putUnderLoad(plan: LoadPlan): Promise<LoadResult> {
  const child = startChild('bench/load-process.ts')
  child.process.stdin?.end(JSON.stringify(plan))
  const result = JSON.parse(await child.line()) as LoadResult
  await child.ended
  return result
}

/** What `npm start` tells Node. */
function startOptions(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } }
  const options = /^exec node (.+) src\/main\.ts$/.exec(scripts.start)?.[1]
  assert.ok(options, 'npm start must start src/main.ts with node')
  return options.split(' ')
}

/** The real product as a process of its own, without limits on requests; ready when it says so. */
export async function startProduct(
  address: DatabaseAddress,
  settings: Readonly<Record<string, string>> = {},
): Promise<RunningServer> {
  const port = await freePort()
  const started = performance.now()
  const env = {
    PORT: String(port),
    DATA_DIR: address.dataDir,
    ...(address.databaseUrl ? { DATABASE_URL: address.databaseUrl } : {}),
    DEMO: 'off',
    DEMO_NHSMAIL_PORT: String(await freePort()),
    LOG_LEVEL: 'error',
    RATE_LIMIT_OPEN_DATA: '0',
    RATE_LIMIT_SIGN_IN: '0',
    ...settings,
  }
  const child = startChild('../src/main.ts', [], env, startOptions())
  let line = ''
  while (!line.startsWith('Signpost is ready')) line = await child.line()
  return { baseUrl: `http://127.0.0.1:${port}`, child, readyMs: performance.now() - started }
}

/** A bare Fastify route at the same address that always answers with the same `bytes` bytes. */
export async function startBareRoute(bytes: number): Promise<RunningServer> {
  const started = performance.now()
  const child = startChild('bench/bare-route.ts', [String(bytes)])
  return { baseUrl: await child.line(), child, readyMs: performance.now() - started }
}

/** The body sizes of the answers to a sample of requests, on average. */
export async function averageBody(baseUrl: string, requests: readonly LoadRequest[]): Promise<number> {
  let bytes = 0
  for (const { path, ...request } of requests) {
    const answer = await fetch(`${baseUrl}${path}`, request)
    assert.equal(answer.status, 200, path)
    bytes += (await answer.arrayBuffer()).byteLength
  }
  return Math.round(bytes / requests.length)
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
