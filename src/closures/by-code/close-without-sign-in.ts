/** Closing a pharmacy without signing in: every page of it. */
import type { FastifyInstance } from 'fastify'
import type { ByCodeDeps } from './by-code-deps.ts'
import { closingPages } from './closing-pages.ts'
import { codePages } from './code-pages.ts'
import { doorNoticeFile } from './door-notice-file.ts'

/** Mounts the pages, in a scope that needs no sign-in. */
export function closeWithoutSignIn(pages: FastifyInstance, deps: ByCodeDeps): void {
  pages.register(codePages, deps)
  closingPages(pages, deps)
  doorNoticeFile(pages, deps)
}
