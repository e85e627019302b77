/**
 * A stand-in for the provider of road distances, so that a first start can show them: straight lines made longer by a
 * fifth to three fifths, the same each time, and no way across the Thames estuary.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { z } from 'zod'
import { distanceMetres, type Position } from '#src/rules/distance.ts'

export type StartedRoads = {
  readonly url: string
  close(): Promise<void>
}

const place = z.object({
  reference: z.string().regex(/^[A-Za-z0-9_ .-]{1,150}$/),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
})
const question = z.object({
  transactionid: z.string().min(1),
  origin: place,
  destinations: z.array(place).min(1).max(3000),
})

/** Starts it on this machine's loopback, at any free port. */
export async function startRoadSimulator(): Promise<StartedRoads> {
  const server = createServer((request, response) => void answer(request, response))
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(0, '127.0.0.1', resolve)
  await promise
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, close: () => close(server) }
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const read = request.method === 'POST' ? question.safeParse(await json(request).catch(() => undefined)) : undefined
  if (!read?.success) {
    send(response, 400, { status: 400, message: 'Validation error' })
    return
  }
  const { transactionid, origin, destinations } = read.data
  const reachable = destinations.filter((destination) => !isAcrossTheEstuary(origin, destination))
  send(response, 200, {
    status: 200,
    message: '',
    transactionid,
    destinations: Object.fromEntries(reachable.map((to) => [to.reference, roadMetres(origin, to)])),
    unreachable: destinations.filter((to) => !reachable.includes(to)).map(({ reference }) => reference),
  })
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

/** East of Gravesend the river is as wide as a sea. */
const ESTUARY = { latitude: 51.48, from: 0.45 }

export function isAcrossTheEstuary(a: Position, b: Position): boolean {
  const bothByTheSea = a.longitude > ESTUARY.from && b.longitude > ESTUARY.from
  return bothByTheSea && a.latitude > ESTUARY.latitude !== b.latitude > ESTUARY.latitude
}

/** Whole metres, the same there and back. */
export const roadMetres = (a: Position, b: Position): number =>
  Math.round(distanceMetres(a, b) * (1.2 + (0.4 * (noise(a) ^ noise(b))) / 0xff))

/** A number from 0 to 255 that a place always has. */
const noise = ({ latitude, longitude }: Position): number => {
  const mixed = Math.imul(Math.round(latitude * 1e5), 0x9e3779b1) ^ Math.imul(Math.round(longitude * 1e5), 0x85ebca6b)
  return (mixed ^ (mixed >>> 15)) & 0xff
}

async function close(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  server.closeAllConnections()
  await promise
}
