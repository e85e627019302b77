/** `/workspace/quality/:rule`: one rule, its trend and what it found. View: rule.njk */
import type { FastifyInstance } from 'fastify'
import type { ChosenArea } from '#src/directory/area-choices.ts'
import { template } from '#src/platform/views.ts'
import { dateOf, dayOf } from '#src/rules/london-time.ts'
import { loadOwners, ownerIn } from '../owners.ts'
import { loadTrends } from '../quality-days.ts'
import { type FindingList, findingList, sendCsv } from './finding-lists.ts'
import { areaOfOwners, TREND_DAYS } from './quality.ts'
import { QUALITY_PATH, type QualityDeps, qualityVisit, ruleIn } from './quality-visit.ts'
import { byWords, pointsWords, severityTag, type Tag, type Trend, trendOf } from './quality-words.ts'

type View = {
  readonly title: string
  readonly path: string
  readonly severity: Tag
  readonly why: string
  readonly fix: string
  readonly by: string
  readonly points: string
  readonly version: number
  readonly owner: string
  readonly ownerAddress: string | null
  readonly chosen: ChosenArea
  readonly trend: Trend | null
  readonly list: FindingList
  readonly back: string
}

const render = template<View>('data-quality/pages/rule.njk')

/** Mounts the page and its file. */
export function rulePage(app: FastifyInstance, deps: QualityDeps): void {
  const path = `${QUALITY_PATH}/:rule`
  app.get(path, async (request, reply) => {
    const visit = await qualityVisit(deps, request)
    const rule = ruleIn(request)
    const here = `${QUALITY_PATH}/${rule.key}`
    const area = areaOfOwners(visit)
    const owners = await loadOwners(deps.db.pool, { areaCodes: [area], rule: rule.key })
    const since = dateOf(dayOf(visit.today) - TREND_DAYS)
    const trends = visit.trend && (await loadTrends(deps.db.pool, { ...visit.trend, since, rule: rule.key }))
    return render(reply, {
      title: rule.name,
      path: here,
      severity: severityTag(rule),
      why: rule.why,
      fix: rule.fix,
      by: byWords(rule),
      points: pointsWords(rule),
      version: rule.version,
      owner: ownerIn(owners, rule.key, area) ?? 'Nobody yet',
      ownerAddress: visit.mayDecide ? visit.address(`${here}/owner`) : null,
      chosen: visit.chosen,
      trend: trendOf(trends?.get(rule.key) ?? []),
      list: await findingList(deps, request, visit, {
        ...{ path: here, csv: `${here}/findings.csv`, rules: [rule.key], hasFirst: rule.source !== null },
      }),
      back: visit.address(QUALITY_PATH),
    })
  })
  app.get(`${path}/findings.csv`, async (request, reply) => {
    const visit = await qualityVisit(deps, request)
    const { key } = ruleIn(request)
    return sendCsv(deps, request, reply, { visit, rules: [key], name: key })
  })
}
