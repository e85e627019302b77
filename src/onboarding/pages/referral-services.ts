/** `/manage/:odsCode/referral-services`: sign up to services that NHS 111 and others refer to, check the entry, say whether a test came. Views: referral-services.njk, referral-service.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { NotFound } from '#src/platform/errors.ts'
import { fieldsOf, lineIn, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { loadServicesOf } from '#src/profiles/load-profiles.ts'
import { type ManageDeps, type Visit, visit } from '#src/profiles/visit.ts'
import { REFERRAL_SERVICES } from '#src/rules/onboarding-steps.ts'
import type { Problem } from '#src/rules/problems.ts'
import type { OnboardingDeps } from '../onboarding-deps.ts'
import { loadOnboarding, loadOnboardingsOf, type Onboarding } from '../onboarding-records.ts'
import { cannotHave, liveEntry } from '../prepared-entry.ts'
import { signUp } from '../sign-up.ts'
import { takeStep } from '../take-step.ts'
import { type OneView, type Shown, viewOne, waitsWords } from './one-onboarding.ts'
import { idIn, parseStep, standingTag } from './step.form.ts'

export type ReferralPagesDeps = OnboardingDeps & ManageDeps

type Row = {
  readonly code: string
  readonly label: string
  readonly line: string
  readonly tag: { readonly text: string; readonly colour: string } | null
  readonly text: string
  /** Where it is followed; null: nothing is under way. */
  readonly address: string | null
  readonly maySignUp: boolean
}
type ListView = {
  readonly title: string
  readonly pharmacy: string
  readonly odsCode: string
  readonly rows: readonly Row[]
  readonly problems: readonly Problem[]
}

const renderList = template<ListView>('onboarding/pages/referral-services.njk')
const renderOne = template<OneView & { readonly banner: string | null }>('onboarding/pages/referral-service.njk')

/** Mounts the pages of the pharmacy's side, in a scope that only signed-in people reach. */
export function referralServicesPages(app: FastifyInstance, deps: ReferralPagesDeps): void {
  const path = '/manage/:odsCode/referral-services'

  app.get(path, async (request, reply) => {
    return showList(deps, reply, await visit(deps, request, 'request-service'), [])
  })

  app.post(path, async (request, reply) => {
    const seen = await visit(deps, request, 'request-service')
    const { odsCode, actor } = seen
    const serviceCode = lineIn(fieldsOf(request.body), 'service')
    const outcome = await signUp(deps, actor, { odsCode, serviceCode })
    if (outcome.outcome === 'signed-up') {
      return reply.redirect(`/manage/${odsCode}/referral-services/${outcome.id}?done=sign-up`, 303)
    }
    if (outcome.outcome === 'there-already') return reply.redirect(`/manage/${odsCode}/referral-services`, 303)
    const problem = { field: 'service', code: 'refused', message: outcome.message }
    return showList(deps, reply.code(422), seen, [problem])
  })

  app.get(`${path}/:id`, async (request, reply) => {
    const { seen, row } = await open(deps, request)
    const banner = BANNERS[rawIn(fieldsOf(request.query), 'done')] ?? null
    return showOne(deps, reply, { seen, row, banner, ...UNTOUCHED })
  })

  app.post(`${path}/:id`, async (request, reply) => {
    const { seen, row } = await open(deps, request)
    const fields = fieldsOf(request.body)
    const command = parseStep(fields, 'pharmacy')
    const again = { seen, row, banner: null, fields, problems: [], notice: null }
    if (!command.ok) return showOne(deps, reply.code(422), { ...again, problems: command.problems })
    const whose = { odsCode: seen.odsCode }
    const asked = { ...command.value, id: row.id, whose, side: 'pharmacy' } as const
    const outcome = await takeStep(deps, seen.actor, asked)
    if (outcome.outcome === 'taken') {
      await deps.follower.reached(outcome.seq)
      return reply.redirect(`/manage/${seen.odsCode}/referral-services/${row.id}?done=${asked.step}`, 303)
    }
    const now = (await open(deps, request)).row
    if (outcome.outcome === 'stale') return showOne(deps, reply.code(409), { ...again, row: now, notice: STALE })
    const problems = [{ field: 'step', code: 'refused', message: outcome.message }]
    return showOne(deps, reply.code(422), { ...again, row: now, problems })
  })
}

/** For the second of two people. */
export const STALE =
  'Somebody else did something while you were reading. What you see is how it stands now. Nothing you sent was saved.'

export const UNTOUCHED = { fields: {}, problems: [], notice: null } as const

const BANNERS: Readonly<Record<string, string>> = {
  'sign-up': 'You have signed up. The directory team prepares your entry and we tell you by email.',
  agree: 'Thank you. The directory team sends a test referral next.',
  dispute: 'Thank you. The directory team corrects the entry, and you check it again.',
  'pass-test': 'Thank you. The directory team makes the service live next.',
  'fail-test': 'Thank you. The directory team finds out why and tries again.',
  pause: 'Paused. Nothing happens until somebody carries on.',
  resume: 'Carried on.',
  withdraw: 'Withdrawn. Nothing goes live.',
}

type Open = { readonly seen: Visit; readonly row: Onboarding }

async function open(deps: ReferralPagesDeps, request: FastifyRequest): Promise<Open> {
  const seen = await visit(deps, request, 'request-service')
  const id = idIn(request.params)
  const row = id === undefined ? undefined : await loadOnboarding(deps.db.pool, id, { odsCode: seen.odsCode })
  if (!row) throw new NotFound(`Pharmacy ${seen.odsCode} has no such sign-up`)
  return { seen, row }
}

async function showOne(
  deps: ReferralPagesDeps,
  reply: FastifyReply,
  {
    seen,
    row,
    banner,
    fields,
    problems,
    notice,
  }: Open & Pick<Shown, 'fields' | 'problems' | 'notice'> & { banner: string | null },
): Promise<FastifyReply> {
  const action = `/manage/${seen.odsCode}/referral-services/${row.id}`
  const { now, holidays } = seen
  const { view } = await viewOne(deps.db.pool, row, {
    side: 'pharmacy',
    now,
    holidays,
    action,
    fields,
    problems,
    notice,
  })
  return renderOne(reply, { ...view, banner })
}

async function showList(deps: ReferralPagesDeps, reply: FastifyReply, seen: Visit, problems: readonly Problem[]) {
  const { odsCode, stored } = seen
  const known = await loadOnboardingsOf(deps.db.pool, odsCode)
  const records = (await loadServicesOf(deps.db.pool, odsCode)).map(({ record }) => record)
  const rows = REFERRAL_SERVICES.map((kind): Row => {
    const { code, label, line } = kind
    const row = known.find(({ serviceCode }) => serviceCode === code)
    const address = row ? `/manage/${odsCode}/referral-services/${row.id}` : null
    const shown = { code, label, line, address }
    if (row && row.endedAt === null) {
      return { ...shown, tag: standingTag(row), text: waitsWords(row, 'pharmacy'), maySignUp: false }
    }
    if (liveEntry(records, kind)) {
      const text = 'NHS 111 and others can refer people to you.'
      return { ...shown, tag: { text: 'Live', colour: 'green' }, text, maySignUp: false }
    }
    const reason = cannotHave(stored.profile, code)
    return { ...shown, tag: null, text: reason ? `${reason}.` : 'You have not signed up.', maySignUp: !reason }
  })
  return renderList(reply, { title: 'Referral services', pharmacy: stored.profile.name, odsCode, rows, problems })
}
