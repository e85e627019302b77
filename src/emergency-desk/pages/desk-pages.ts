/** Every page of the emergency desk: all of `/on-call`. */
import type { FastifyInstance } from 'fastify'
import type { DeskDeps } from '../desk-deps.ts'
import { actPages } from './act.ts'
import { callPages } from './call.ts'
import { historyPage } from './history.ts'
import { newCallPages } from './new-call.ts'
import { noticePages } from './notice.ts'
import { onCallPage } from './on-call.ts'
import { rotaPages } from './rota.ts'
import { scriptPage } from './script.ts'

/** Mounts the pages, in a scope that only signed-in people reach. */
export function deskPages(app: FastifyInstance, deps: DeskDeps): void {
  onCallPage(app, deps)
  newCallPages(app, deps)
  callPages(app, deps)
  actPages(app, deps)
  noticePages(app, deps)
  historyPage(app, deps)
  rotaPages(app, deps)
  scriptPage(app, deps)
}
