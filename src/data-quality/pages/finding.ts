/** One finding: what it says, and accepting it for a time. View: finding.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import type { Reach } from '#src/directory/area.ts'
import { NotFound } from '#src/platform/errors.ts'
import { type Fields, fieldsOf, lineIn, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { formatMomentIn, loadNames } from '#src/profiles/names-and-moments.ts'
import { formatDateShort } from '#src/rules/clock-time.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import type { Problem } from '#src/rules/problems.ts'
import { qualityRule } from '#src/rules/quality-rules.ts'
import { askAddress, proposeAddress } from '../ask-about.ts'
import { parseExemption } from '../decision.form.ts'
import { endExemption, exempt } from '../exemptions.ts'
import { type Finding, loadFinding } from '../findings.ts'
import {
  deciderOf,
  QUALITY_PATH,
  type QualityDeps,
  type QualityVisit,
  qualityVisit,
  reachWith,
} from './quality-visit.ts'
import { byWords, type FindingRow, findingRow, severityTag, type Tag } from './quality-words.ts'

type View = {
  readonly title: string
  readonly banner: string | null
  readonly rule: { readonly name: string; readonly address: string; readonly why: string; readonly fix: string }
  readonly severity: Tag
  readonly by: string
  readonly row: FindingRow
  readonly isOpen: boolean
  readonly exemption: { readonly until: string; readonly reason: string; readonly by: string } | null
  /** What whoever decides has read: the number of the exemption; empty for none. */
  readonly expected: string
  readonly mayDecide: boolean
  /** Where the pharmacy is asked; null where there is nobody or nothing to ask. */
  readonly askAddress: string | null
  /** Where what the other side says is proposed to it; null where that is nothing to propose. */
  readonly proposeAddress: string | null
  readonly qualityAddress: string | null
  readonly path: string
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

/** As large as ids get in the database. */
const ID = /^[1-9]\d{0,14}$/
const BANNERS: Readonly<Record<string, string>> = {
  exempt: 'The finding is exempt until its last day.',
  ended: 'The exemption has ended. The finding counts again.',
}
const MEANWHILE = {
  field: 'reason',
  code: 'changed-meanwhile',
  message: 'Somebody else decided about this finding. Check what it says now',
}
const GONE = { field: 'reason', code: 'gone', message: 'This finding is gone: somebody put it right' }
const render = template<View>('data-quality/pages/finding.njk')

/** Mounts the page and its decisions. */
export function findingPages(app: FastifyInstance, deps: QualityDeps): void {
  const path = `${QUALITY_PATH}/findings/:findingId`
  type Told = { readonly problems?: readonly Problem[]; readonly fields?: Fields }
  const show = async (
    reply: FastifyReply,
    visit: QualityVisit,
    finding: Finding,
    { problems = [], fields = {} }: Told = {},
  ) => {
    const { banner, ...view } = await viewOf(deps, visit, finding)
    return render(reply, { ...view, problems, fields, banner: problems.length > 0 ? null : banner(reply.request) })
  }
  app.get(path, async (request, reply) => {
    const visit = await qualityVisit(deps, request)
    return show(reply, visit, await findingIn(deps, request, reachWith(visit.actor, 'see-quality')))
  })

  app.post(`${path}/exempt`, async (request, reply) => {
    const { actor, reach } = deciderOf(request)
    const visit = await qualityVisit(deps, request)
    const finding = await findingIn(deps, request, reach)
    const fields = fieldsOf(request.body)
    const parsed = parseExemption(fields, visit.today)
    if (!parsed.ok) return show(reply.code(422), visit, finding, { problems: parsed.problems, fields })
    const exempting = { findingId: finding.id, expected: expectedIn(fields), ...parsed.value }
    const outcome = await exempt(deps.db, exempting, deciding(deps, actor, reach))
    if (outcome === 'done') return reply.redirect(`${QUALITY_PATH}/findings/${finding.id}?done=exempt`, 303)
    const now = await findingIn(deps, request, reach)
    return show(reply.code(409), visit, now, { problems: [outcome === 'closed' ? GONE : MEANWHILE], fields })
  })

  app.post(`${path}/end-exemption`, async (request, reply) => {
    const { actor, reach } = deciderOf(request)
    const visit = await qualityVisit(deps, request)
    const finding = await findingIn(deps, request, reach)
    const ending = { findingId: finding.id, expected: expectedIn(fieldsOf(request.body)) }
    const outcome = await endExemption(deps.db, ending, deciding(deps, actor, reach))
    if (outcome === 'done') return reply.redirect(`${QUALITY_PATH}/findings/${finding.id}?done=ended`, 303)
    return show(reply.code(409), visit, await findingIn(deps, request, reach), { problems: [MEANWHILE] })
  })
}

const deciding = ({ clock }: QualityDeps, actor: Actor, reach: Reach) => ({
  actor: auditNameOf(actor),
  now: clock.now(),
  where: { reach },
})

/** The exemption that was read; a number that is none is one that never is. */
function expectedIn(fields: Fields): number | null {
  const text = lineIn(fields, 'expected')
  if (text === '') return null
  return ID.test(text) ? Number(text) : -1
}

async function findingIn({ db, clock }: QualityDeps, request: FastifyRequest, reach: Reach): Promise<Finding> {
  const { findingId } = request.params as { readonly findingId: string }
  const today = londonDateOf(clock.now())
  const found = ID.test(findingId) && (await loadFinding(db.pool, { id: Number(findingId), where: { reach }, today }))
  if (!found || !qualityRule(found.rule)) throw new NotFound('There is no such finding in your areas')
  return found
}

async function viewOf({ db }: QualityDeps, visit: QualityVisit, finding: Finding) {
  const rule = qualityRule(finding.rule)
  if (!rule) throw new NotFound('There is no such rule any more')
  const { exemption, odsCode } = finding
  const nameOf = await loadNames(db.pool, exemption ? [exemption.madeBy] : [])
  const row = findingRow(finding, visit.mayOpenRecords)
  return {
    title: row.title,
    banner: (request: FastifyRequest) => BANNERS[rawIn(fieldsOf(request.query), 'done')] ?? null,
    rule: { name: rule.name, address: `${QUALITY_PATH}/${rule.key}`, why: rule.why, fix: rule.fix },
    severity: severityTag(rule),
    by: byWords(rule),
    row,
    isOpen: finding.closedOn === null,
    exemption: exemption && {
      until: formatDateShort(exemption.endsOn),
      reason: exemption.reason,
      by: `${nameOf(exemption.madeBy)}, ${formatMomentIn(exemption.madeAt)}`,
    },
    expected: exemption === null ? '' : String(exemption.id),
    mayDecide: visit.mayDecide,
    askAddress: odsCode !== null && visit.mayDecide ? askAddress(odsCode, finding) : null,
    proposeAddress: odsCode !== null && visit.mayDecide ? proposeAddress(odsCode, finding) : null,
    qualityAddress: odsCode === null ? null : `/manage/${odsCode}/quality`,
    path: `${QUALITY_PATH}/findings/${finding.id}`,
  }
}
