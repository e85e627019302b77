/** `/workspace/quality/:rule/owner`: who looks after a rule in an area. View: owner.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { auditNameOf } from '#src/accounts/actor.ts'
import { icbsOf, type Reach } from '#src/directory/area.ts'
import { type Fields, fieldsOf, lineIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { areaInWords, knownAreaName } from '#src/rules/area-names.ts'
import type { Problem } from '#src/rules/problems.ts'
import { parseOwner } from '../decision.form.ts'
import { ENGLAND_OWNER, loadOwners, type RuleOwner, saveOwner } from '../owners.ts'
import { deciderOf, QUALITY_PATH, type QualityDeps, ruleIn } from './quality-visit.ts'

type View = {
  readonly title: string
  readonly rule: string
  readonly path: string
  readonly back: string
  readonly areas: readonly { readonly value: string; readonly text: string; readonly selected: boolean }[]
  readonly chosen: string
  readonly areaName: string
  readonly version: number
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const MEANWHILE = {
  field: 'owner',
  code: 'changed-meanwhile',
  message: 'Somebody else named another owner. Check who it is now, and save again if it is wrong',
}
const render = template<View>('data-quality/pages/owner.njk')

/** Mounts the form. */
export function ownerPages(app: FastifyInstance, deps: QualityDeps): void {
  const path = `${QUALITY_PATH}/:rule/owner`
  type Shown = { readonly area: string; readonly problems?: readonly Problem[]; readonly typed?: Fields }
  const show = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { areas, area, problems = [], typed }: Shown & { readonly areas: readonly string[] },
  ) => {
    const rule = ruleIn(request)
    const owners = await loadOwners(deps.db.pool, { areaCodes: [area], rule: rule.key })
    const stored = ownIn(owners, area)
    return render(reply, {
      title: 'Who looks after this?',
      rule: rule.name,
      path: `${QUALITY_PATH}/${rule.key}/owner`,
      back: `${QUALITY_PATH}/${rule.key}`,
      areas: areas.map((value) => ({ value, text: nameOf(value), selected: value === area })),
      chosen: area,
      areaName: nameOf(area),
      version: stored?.version ?? 0,
      fields: typed ?? { owner: stored?.owner ?? '' },
      problems,
    })
  }

  app.get(path, async (request, reply) => {
    const { reach } = deciderOf(request)
    const areas = await areasOf(deps, reach)
    return show(request, reply, { areas, area: areaIn(fieldsOf(request.query), areas) })
  })
  app.post(path, async (request, reply) => {
    const { actor, reach } = deciderOf(request)
    const rule = ruleIn(request)
    const areas = await areasOf(deps, reach)
    const fields = fieldsOf(request.body)
    const area = areaIn(fields, areas)
    // An area that is not theirs: the form is shown again for one that is.
    if (area !== lineIn(fields, 'area')) return show(request, reply.code(422), { areas, area })
    const parsed = parseOwner(fields)
    if (!parsed.ok) return show(request, reply.code(422), { areas, area, problems: parsed.problems, typed: fields })
    const version = lineIn(fields, 'version')
    const naming = {
      ...{ rule: rule.key, areaCode: area, owner: parsed.value },
      expectedVersion: /^\d{1,9}$/.test(version) ? Number(version) : -1,
    }
    const saved = await saveOwner(deps.db, naming, { actor: auditNameOf(actor), now: deps.clock.now() })
    if (saved === 'conflict') return show(request, reply.code(409), { areas, area, problems: [MEANWHILE] })
    const query = area === ENGLAND_OWNER ? '' : `?${new URLSearchParams({ area })}`
    return reply.redirect(`${QUALITY_PATH}/${rule.key}${query}`, 303)
  })
}

const nameOf = (code: string): string =>
  code === ENGLAND_OWNER ? 'All of England, where an area names nobody' : areaInWords(code, () => knownAreaName(code))

const ownIn = (owners: readonly RuleOwner[], area: string): RuleOwner | undefined =>
  owners.find(({ areaCode }) => areaCode === area)

/** The areas that somebody may name owners for: England's for those who reach all of it. */
async function areasOf({ db }: QualityDeps, reach: Reach): Promise<readonly string[]> {
  if (reach.everywhere) return [ENGLAND_OWNER, ...(await icbsOf(db.pool, reach))]
  return reach.icbCodes.toSorted()
}

/** The area that was chosen, of those there are; else the first. */
function areaIn(fields: Fields, areas: readonly string[]): string {
  const asked = lineIn(fields, 'area')
  return areas.find((code) => code === asked) ?? areas[0] ?? ENGLAND_OWNER
}
