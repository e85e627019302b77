/** The workspace of the directory team: every page under `/workspace`. */
import type { FastifyInstance } from 'fastify'
import type { AccessDeps } from '#src/access/access-deps.ts'
import { accessRequestsPages } from './access-requests.ts'
import { workspacePage } from './workspace.ts'

export type WorkspaceDeps = AccessDeps

/** Mounts the pages, in a scope that only signed-in people reach. */
export function workspacePages(app: FastifyInstance, deps: WorkspaceDeps): void {
  workspacePage(app, deps)
  accessRequestsPages(app, deps)
}
