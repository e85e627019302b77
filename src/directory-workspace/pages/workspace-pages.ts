/** The workspace of the directory team: every page under `/workspace`. */
import type { FastifyInstance } from 'fastify'
import type { AccessDeps } from '#src/access/access-deps.ts'
import type { CountRed } from '../figures.ts'
import { accessRequestsPages } from './access-requests.ts'
import { changesPage } from './changes.ts'
import { closuresPage } from './closures.ts'
import { workspacePage } from './workspace.ts'

export type WorkspaceDeps = AccessDeps & { readonly countRed: CountRed }

/** Mounts the pages, in a scope that only signed-in people reach. */
export function workspacePages(app: FastifyInstance, deps: WorkspaceDeps): void {
  workspacePage(app, deps)
  accessRequestsPages(app, deps)
  closuresPage(app, deps)
  changesPage(app, deps)
}
