/** `/workspace/quality`: every rule, what it found in one's area, who looks after it and how it goes. View: quality.njk */
import type { FastifyInstance } from 'fastify'
import type { ChosenArea } from '#src/directory/area-choices.ts'
import { template } from '#src/platform/views.ts'
import { formatMomentIn } from '#src/profiles/names-and-moments.ts'
import { dateOf, dayOf } from '#src/rules/london-time.ts'
import { POINTS, QUALITY_RULES, type QualityRule } from '#src/rules/quality-rules.ts'
import { countByRule, type RuleCount } from '../findings.ts'
import { ENGLAND_OWNER, loadOwners, ownerIn } from '../owners.ts'
import { lastCheckedAt, loadTrends } from '../quality-days.ts'
import { QUALITY_PATH, type QualityDeps, type QualityVisit, qualityVisit } from './quality-visit.ts'
import { countWords, severityTag, type Tag, type Trend, trendOf } from './quality-words.ts'

type RuleRow = {
  readonly name: string
  readonly address: string
  readonly tag: Tag
  readonly count: string
  /** What is set apart, in words; empty: nothing. */
  readonly apart: string
  readonly owner: string | null
  readonly trend: Trend | null
}
type View = {
  readonly title: string
  readonly chosen: ChosenArea
  readonly checked: string | null
  readonly total: string
  readonly broken: readonly RuleRow[]
  readonly kept: readonly { readonly name: string; readonly address: string }[]
  readonly driftAddress: string
  readonly drift: string
  readonly leagueAddress: string
  readonly seesWorkspace: boolean
}

/** How far back trends are shown. */
export const TREND_DAYS = 90

const render = template<View>('data-quality/pages/quality.njk')

/** Mounts the page. */
export function qualityPage(app: FastifyInstance, deps: QualityDeps): void {
  app.get(QUALITY_PATH, async (request, reply) => {
    const visit = await qualityVisit(deps, request)
    const counts = await countByRule(deps.db.pool, visit)
    const rowOf = await rowsFor(deps, visit, counts)
    const openOf = ({ key }: QualityRule) => counts.get(key)?.open ?? 0
    const apartOf = ({ key }: QualityRule) => (counts.get(key)?.exempt ?? 0) + (counts.get(key)?.first ?? 0)
    const isKept = (rule: QualityRule) => openOf(rule) === 0 && apartOf(rule) === 0
    const checkedAt = await lastCheckedAt(deps.db.pool)
    const drift = QUALITY_RULES.filter(({ kind }) => kind === 'drift')
    return render(reply, {
      title: 'Data quality',
      chosen: visit.chosen,
      checked: checkedAt === undefined ? null : formatMomentIn(checkedAt),
      total: countWords(sumOf(QUALITY_RULES.map(openOf)), 'thing to put right', 'things to put right'),
      broken: QUALITY_RULES.filter((rule) => !isKept(rule))
        .toSorted((one, other) => POINTS[other.severity] - POINTS[one.severity])
        .map(rowOf),
      kept: QUALITY_RULES.filter(isKept).map(({ name, key }) => ({
        name,
        address: visit.address(`${QUALITY_PATH}/${key}`),
      })),
      driftAddress: visit.address(`${QUALITY_PATH}/drift`),
      drift: countWords(sumOf(drift.map(openOf)), 'new difference', 'new differences'),
      leagueAddress: visit.address(`${QUALITY_PATH}/league`),
      seesWorkspace: visit.mayDecide,
    })
  })
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0)

async function rowsFor({ db }: QualityDeps, visit: QualityVisit, counts: ReadonlyMap<string, RuleCount>) {
  const area = areaOfOwners(visit)
  const owners = await loadOwners(db.pool, { areaCodes: [area] })
  const since = dateOf(dayOf(visit.today) - TREND_DAYS)
  const trends = visit.trend ? await loadTrends(db.pool, { ...visit.trend, since }) : new Map()
  return (rule: QualityRule): RuleRow => {
    const { open = 0, exempt = 0, first = 0 } = counts.get(rule.key) ?? {}
    const apart = [
      ...(exempt > 0 ? [`${exempt.toLocaleString('en-GB')} exempt`] : []),
      ...(first > 0 ? [`${first.toLocaleString('en-GB')} from before the first comparison`] : []),
    ]
    return {
      name: rule.name,
      address: visit.address(`${QUALITY_PATH}/${rule.key}`),
      tag: severityTag(rule),
      count: countWords(open, 'finding', 'findings'),
      apart: apart.join(', '),
      owner: ownerIn(owners, rule.key, area),
      trend: trendOf(trends.get(rule.key) ?? []),
    }
  }
}

/** The area whose owners are meant: the chosen one, the only one somebody has, else England. */
export function areaOfOwners({ where }: Pick<QualityVisit, 'where'>): string {
  if (where.area !== undefined) return where.area
  if (where.reach.everywhere) return ENGLAND_OWNER
  return where.reach.icbCodes.length === 1 ? (where.reach.icbCodes[0] ?? ENGLAND_OWNER) : ENGLAND_OWNER
}
