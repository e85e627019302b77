/** The figures of an area, counted by the database: each opens the list that it counts. */
import type { Actor } from '#src/accounts/actor.ts'
import { type Action, type Scope, scopeOf } from '#src/accounts/can.ts'
import { countFlags } from '#src/data-quality/findings.ts'
import type { Reach } from '#src/directory/area.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { countChangedServices, countIncomplete } from '#src/reports/report-counts.ts'
import { quarterOf } from '#src/rules/financial-quarter.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { countClosuresNow } from './closures-in-area.ts'

/** `value` in digits, `3,081`; `No` for none. */
export type Figure = { readonly title: string; readonly address: string; readonly value: string; readonly unit: string }

/** How many services of a scope, or of an area of it, are Red, closed ones apart. */
export type CountRed = (asked: {
  readonly scope: Scope
  readonly area: string | null
  readonly now: Date
}) => Promise<number>

export type FiguresAsked = {
  readonly actor: Actor
  /** A region, ICB or local authority within their reach, by its code; undefined: all of it. */
  readonly area: string | undefined
  readonly now: Date
  readonly countRed: CountRed
}

/** What is going on in the area of this person now. Each figure reaches as far as the list that it opens. */
export async function loadFigures(
  db: Queryable,
  { actor, area, now, countRed }: FiguresAsked,
): Promise<readonly Figure[]> {
  const today = londonDateOf(now)
  const reports = { reach: reachFor(actor, 'see-reports'), area }
  const [changed, incomplete, closed, red, flags] = await Promise.all([
    countChangedServices(db, { reach: reachFor(actor, 'see-daily-changes'), area, date: today }),
    countIncomplete(db, { ...reports, quarter: quarterOf(today) }),
    countClosuresNow(db, { reach: reachFor(actor, 'see-workspace'), area }, now),
    countRed({ scope: scopeOf(actor, 'see-capacity'), area: area ?? null, now }),
    countFlags(db, { reach: reachFor(actor, 'see-quality'), area }, today),
  ])
  const figure = (title: string, address: string, value: number, [one, more]: readonly [string, string]): Figure => ({
    title,
    value: value === 0 ? 'No' : value.toLocaleString('en-GB'),
    address: addressIn(address, area),
    unit: value === 1 ? one : more,
  })
  return [
    figure('Changes today', '/reports/daily-changes', changed, ['service changed', 'services changed']),
    figure('Not verified this quarter', '/reports/verification', incomplete, [
      'pharmacy with something left to check',
      'pharmacies with something left to check',
    ]),
    figure('Closures now', '/workspace/closures', closed, ['closure', 'closures']),
    figure('Quality flags', '/workspace/quality', flags, ['thing to put right', 'things to put right']),
    figure('Red now', '/capacity?show=red', red, ['service', 'services']),
  ]
}

/** The address of a list, for an area of it. */
export const addressIn = (address: string, area: string | undefined): string =>
  area === undefined ? address : `${address}${address.includes('?') ? '&' : '?'}${new URLSearchParams({ area })}`

/** How far somebody may do something, as queries take it. */
export function reachFor(actor: Actor, action: Action): Reach {
  const { everywhere, icbCodes } = scopeOf(actor, action)
  return everywhere ? { everywhere } : { everywhere: false, icbCodes }
}
