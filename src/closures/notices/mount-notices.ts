/** Everything that people open about notices of closures. */
import type { FastifyInstance } from 'fastify'
import { type DoorNoticeDeps, doorNoticePages } from './door-notice-pages.ts'
import { noticePages } from './notice-pages.ts'
import { whoIsToldPages } from './who-is-told.ts'

/** Mounts the pages for those who are signed in; `closureEmailsPages` is for everybody. */
export function closureNoticePages(app: FastifyInstance, deps: DoorNoticeDeps): void {
  noticePages(app, deps)
  doorNoticePages(app, deps)
  whoIsToldPages(app, deps)
}
