/** Every page of the emergency desk: all of `/on-call`. */
import type { FastifyInstance } from 'fastify'
import type { DeskDeps } from '../desk-deps.ts'
import { onCallPage } from './on-call.ts'
import { rotaPages } from './rota.ts'
import { scriptPage } from './script.ts'

/** Mounts the pages, in a scope that only signed-in people reach. */
export function deskPages(app: FastifyInstance, deps: DeskDeps): void {
  onCallPage(app, deps)
  rotaPages(app, deps)
  scriptPage(app, deps)
}
