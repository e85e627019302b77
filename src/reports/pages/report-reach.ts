/** Whose reports somebody may see, and which area they chose. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { requireActor } from '#src/accounts/actor.ts'
import { can, scopeOf } from '#src/accounts/can.ts'
import type { Reach, Where } from '#src/directory/area.ts'
import { type ChosenArea, chooseArea } from '#src/directory/area-choices.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { Forbidden } from '#src/platform/errors.ts'
import { fieldsOf, lineIn } from '#src/platform/http/form-fields.ts'

export type ReportDeps = { readonly db: Db; readonly clock: Clock; readonly baseUrl: string }

/** Values that are not public are in the daily changes, and in no other report. */
export type ReportAction = 'see-reports' | 'see-daily-changes'

/** How far the reports of this person reach. Throws `Forbidden` for those who see none. */
export function reachOf(request: FastifyRequest, action: ReportAction = 'see-reports'): Reach {
  const actor = requireActor(request)
  if (!can(actor, action)) throw new Forbidden('Reports are for the teams that look after the directory')
  const { everywhere, icbCodes } = scopeOf(actor, action)
  return everywhere ? { everywhere } : { everywhere: false, icbCodes }
}

/** The area that was asked for, within the person's reach. One that is not theirs, or is unknown, is told and left out. */
export async function whereOf(
  { db }: ReportDeps,
  request: FastifyRequest,
  action: ReportAction = 'see-reports',
): Promise<{ readonly where: Where; readonly chosen: ChosenArea }> {
  const reach = reachOf(request, action)
  const chosen = await chooseArea(db.pool, reach, lineIn(fieldsOf(request.query), 'area'))
  return { where: { reach, area: chosen.area }, chosen }
}

/** Why there is no file of what was asked: a file of something else would be believed. */
export const refuseFile = (reply: FastifyReply, messages: readonly string[]): FastifyReply =>
  reply
    .code(400)
    .type('text/plain; charset=utf-8')
    .send(`${messages.join('. ')}\n`)

/** What to say of an area that is none, in the order in which people ask themselves. */
export const unknownAreaMessage = (code: string): string =>
  `There is no area with the code ${code} among those that you may see`
