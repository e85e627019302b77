/** `/workspace/quality/league`: how areas stand, and which pharmacies need help first. View: league.njk */
import type { FastifyInstance } from 'fastify'
import { EVERYWHERE } from '#src/directory/area.ts'
import type { ChosenArea } from '#src/directory/area-choices.ts'
import { template } from '#src/platform/views.ts'
import { areaInWords } from '#src/rules/area-names.ts'
import { POINTS, type Severity } from '#src/rules/quality-rules.ts'
import { type AreaScore, loadAreaScores, loadLowest, RANKED_A_PAGE } from '../scores.ts'
import { pageIn, pagesAround, QUALITY_PATH, type QualityDeps, qualityVisit } from './quality-visit.ts'
import { countWords } from './quality-words.ts'

type View = {
  readonly title: string
  readonly chosen: ChosenArea
  readonly points: Readonly<Record<Severity, number>>
  /** The mean of all of England, for comparison; null where there is nothing to compare. */
  readonly england: string | null
  readonly areas: readonly {
    readonly name: string
    readonly mean: string
    readonly pharmacies: number
    readonly good: number
    readonly poor: number
  }[]
  readonly heading: string
  readonly pharmacies: readonly { readonly title: string; readonly address: string; readonly score: number }[]
  readonly previous: string | null
  readonly next: string | null
  readonly back: string
}

const PATH = `${QUALITY_PATH}/league`
const render = template<View>('data-quality/pages/league.njk')

/** Mounts the page. */
export function leaguePage(app: FastifyInstance, deps: QualityDeps): void {
  app.get(PATH, async (request, reply) => {
    const visit = await qualityVisit(deps, request)
    const { where } = visit
    const page = pageIn(request)
    const areas = await loadAreaScores(deps.db.pool, where)
    const isAll = where.reach.everywhere && where.area === undefined
    const england = isAll ? areas : await loadAreaScores(deps.db.pool, { reach: EVERYWHERE })
    const { pharmacies, total } = await loadLowest(deps.db.pool, { where, page })
    // As the choice of an area says them: an import may bring names that are in no table.
    const choices = visit.chosen.groups.flatMap((group) => group.choices)
    const nameOf = new Map(choices.map(({ value, text }) => [value, text]))
    return render(reply, {
      title: 'Scores by area and by pharmacy',
      chosen: visit.chosen,
      points: POINTS,
      england: meanOf(england),
      areas: areas.map(({ icb, mean, ...counts }) => ({
        ...counts,
        name: icb === null ? 'No ICB known' : (nameOf.get(icb) ?? areaInWords(icb)),
        mean: mean.toFixed(1),
      })),
      heading: `${countWords(total, 'pharmacy', 'pharmacies')}, the lowest score first`,
      pharmacies: pharmacies.map(({ odsCode, name, score }) => ({
        title: `${name} (${odsCode})`,
        address: `/manage/${odsCode}/quality`,
        score,
      })),
      ...pagesAround(page, RANKED_A_PAGE, total, (each) => visit.address(PATH, each > 1 ? { page: String(each) } : {})),
      back: visit.address(QUALITY_PATH),
    })
  })
}

/** Of all pharmacies, not of the areas: a large one counts for more. */
function meanOf(areas: readonly AreaScore[]): string | null {
  const pharmacies = areas.reduce((sum, each) => sum + each.pharmacies, 0)
  if (pharmacies === 0) return null
  return (areas.reduce((sum, each) => sum + each.mean * each.pharmacies, 0) / pharmacies).toFixed(1)
}
