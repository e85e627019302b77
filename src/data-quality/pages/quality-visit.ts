/** Who sees the quality of what, and what its pages are built from. */
import type { FastifyRequest } from 'fastify'
import { type Actor, requireActor } from '#src/accounts/actor.ts'
import { can, type GeneralAction, scopeOf } from '#src/accounts/can.ts'
import type { Reach, Where } from '#src/directory/area.ts'
import { AREA_KIND_WORDS, type ChosenArea, chooseArea } from '#src/directory/area-choices.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { Forbidden, NotFound } from '#src/platform/errors.ts'
import { fieldsOf, lineIn } from '#src/platform/http/form-fields.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { type LocalDate, londonDateOf } from '#src/rules/london-time.ts'
import { type QualityRule, qualityRule } from '#src/rules/quality-rules.ts'

export type QualityDeps = { readonly db: Db; readonly clock: Clock; readonly holidays: () => HolidayCalendar }

export const QUALITY_PATH = '/workspace/quality'

/** One request of somebody who may see what the rules found. */
export type QualityVisit = {
  readonly actor: Actor
  readonly where: Where
  readonly chosen: ChosenArea
  readonly today: LocalDate
  /** Where the trend is asked of; undefined: of a part of a local authority none is kept. */
  readonly trend: { readonly reach: Reach; readonly area: string | undefined } | undefined
  /** Whether they may name owners and exempt; where is another question. */
  readonly mayDecide: boolean
  /** Whether they may open the record of a service. */
  readonly mayOpenRecords: boolean
  /** An address with the area that they chose. */
  address(path: string, more?: Readonly<Record<string, string>>): string
}

/** How far somebody reaches with an action. */
export function reachWith(actor: Actor, action: GeneralAction): Reach {
  const { everywhere, icbCodes } = scopeOf(actor, action)
  return everywhere ? { everywhere } : { everywhere: false, icbCodes }
}

/** The person, their reach and the area they chose of it. Throws `Forbidden` for those who see no quality. */
export async function qualityVisit({ db, clock }: QualityDeps, request: FastifyRequest): Promise<QualityVisit> {
  const actor = requireActor(request)
  if (!can(actor, 'see-quality')) throw new Forbidden('Data quality is for the teams that look after the directory')
  const reach = reachWith(actor, 'see-quality')
  const chosen = await chooseArea(db.pool, reach, lineIn(fieldsOf(request.query), 'area'))
  const { area } = chosen
  return {
    ...{ actor, chosen, where: { reach, area }, today: londonDateOf(clock.now()) },
    // A local authority may lie in the areas of several ICBs, and is counted whole.
    trend: area === undefined || reach.everywhere || isBoard(chosen) ? { reach, area } : undefined,
    mayDecide: can(actor, 'decide-quality'),
    mayOpenRecords: can(actor, 'edit-records'),
    address: (path, more = {}) => {
      const query = new URLSearchParams({ ...(area === undefined ? {} : { area }), ...more })
      return query.size === 0 ? path : `${path}?${query}`
    },
  }
}

const isBoard = ({ groups }: ChosenArea): boolean =>
  groups.some(({ heading, choices }) => heading === AREA_KIND_WORDS.icb && choices.some(({ selected }) => selected))

/** Somebody who decides, and how far. Throws `Forbidden` for the others. */
export function deciderOf(request: FastifyRequest): { readonly actor: Actor; readonly reach: Reach } {
  const actor = requireActor(request)
  if (!can(actor, 'decide-quality')) throw new Forbidden('Those who look after the directory of an area decide this')
  return { actor, reach: reachWith(actor, 'decide-quality') }
}

/** The rule of the address. Throws `NotFound`. */
export function ruleIn(request: FastifyRequest): QualityRule {
  const rule = qualityRule((request.params as { readonly rule: string }).rule)
  if (!rule) throw new NotFound('There is no quality rule with this name')
  return rule
}

/** The page that was asked for; the first for anything that is none. */
export function pageIn(request: FastifyRequest): number {
  const page = lineIn(fieldsOf(request.query), 'page')
  return /^[1-9]\d{0,3}$/.test(page) ? Number(page) : 1
}

/** The pages before and after. */
export const pagesAround = (page: number, aPage: number, total: number, addressOf: (page: number) => string) => ({
  previous: page > 1 ? addressOf(page - 1) : null,
  next: page * aPage < total ? addressOf(page + 1) : null,
})
