/** The routes of every edit: form, check, save, conflict. See `editing.ts` for the steps. */
import type { FastifyInstance } from 'fastify'
import type { ManageDeps } from '#src/profiles/visit.ts'
import { checkStep } from './check-step.ts'
import { conflictStep } from './conflict-step.ts'
import type { Editor } from './editing.ts'
import { formStep } from './form-step.ts'

/** Mounts the steps of one form. */
export function editingPages<Command>(app: FastifyInstance, deps: ManageDeps, editor: Editor<Command>): void {
  formStep(app, deps, editor)
  checkStep(app, deps, editor)
  conflictStep(app, deps, editor)
}
