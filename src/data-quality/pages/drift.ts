/** `/workspace/quality/drift`: where profiles and the NHS's own files disagree, field by field. View: drift.njk */
import type { FastifyInstance } from 'fastify'
import type { ChosenArea } from '#src/directory/area-choices.ts'
import { template } from '#src/platform/views.ts'
import { QUALITY_RULES } from '#src/rules/quality-rules.ts'
import { rulesOf } from '../findings.ts'
import { type FindingList, findingList, sendCsv } from './finding-lists.ts'
import { QUALITY_PATH, type QualityDeps, qualityVisit } from './quality-visit.ts'

type View = {
  readonly title: string
  readonly chosen: ChosenArea
  readonly rules: readonly { readonly name: string; readonly address: string }[]
  readonly list: FindingList
  readonly back: string
}

const PATH = `${QUALITY_PATH}/drift`
const render = template<View>('data-quality/pages/drift.njk')

/** Mounts the page and its file. */
export function driftPage(app: FastifyInstance, deps: QualityDeps): void {
  const rules = rulesOf('drift')
  app.get(PATH, async (request, reply) => {
    const visit = await qualityVisit(deps, request)
    return render(reply, {
      title: 'Differences from the NHS’s own files',
      chosen: visit.chosen,
      rules: QUALITY_RULES.filter(({ kind }) => kind === 'drift').map(({ name, key }) => ({
        name,
        address: visit.address(`${QUALITY_PATH}/${key}`),
      })),
      list: await findingList(deps, request, visit, { path: PATH, csv: `${PATH}.csv`, rules, hasFirst: true }),
      back: visit.address(QUALITY_PATH),
    })
  })
  app.get(`${PATH}.csv`, async (request, reply) =>
    sendCsv(deps, request, reply, { visit: await qualityVisit(deps, request), rules, name: 'drift' }),
  )
}
