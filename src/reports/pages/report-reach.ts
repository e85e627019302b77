/** Whose reports somebody may see, and which area they chose. */
import type { FastifyRequest } from 'fastify'
import { requireActor } from '#src/accounts/actor.ts'
import { can, scopeOf } from '#src/accounts/can.ts'
import { icbsOf, type Reach, type Where } from '#src/directory/area.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { Forbidden } from '#src/platform/errors.ts'
import { fieldsOf, lineIn } from '#src/platform/http/form-fields.ts'

export type ReportDeps = { readonly db: Db; readonly clock: Clock }

/** Values that are not public are in the daily changes, and in no other report. */
export type ReportAction = 'see-reports' | 'see-daily-changes'

/** A choice of the area of a report; the empty value is all that the person may see. */
export type AreaChoice = { readonly value: string; readonly text: string; readonly selected: boolean }

/** How far the reports of this person reach. Throws `Forbidden` for those who see none. */
export function reachOf(request: FastifyRequest, action: ReportAction = 'see-reports'): Reach {
  const actor = requireActor(request)
  if (!can(actor, action)) throw new Forbidden('Reports are for the teams that look after the directory')
  const { everywhere, icbCodes } = scopeOf(actor, action)
  return everywhere ? { everywhere } : { everywhere: false, icbCodes }
}

/** The area that was asked for, within the person's reach; one that is not theirs, or is unknown, is left out. */
export async function whereOf(
  { db }: ReportDeps,
  request: FastifyRequest,
  action: ReportAction = 'see-reports',
): Promise<{ readonly where: Where; readonly areas: readonly AreaChoice[] }> {
  const reach = reachOf(request, action)
  const icbs = await icbsOf(db.pool, reach)
  const asked = lineIn(fieldsOf(request.query), 'area')
  const area = icbs.find((icb) => icb === asked)
  const all = reach.everywhere ? 'All of England' : 'All my areas'
  return {
    where: { reach, area },
    areas: ['', ...icbs].map((value) => ({ value, text: value || all, selected: value === (area ?? '') })),
  }
}
