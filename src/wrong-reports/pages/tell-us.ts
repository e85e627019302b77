/** `/pharmacies/:odsCode/wrong`: anybody says what is wrong with a pharmacy's page. View: tell-us.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { NotFound } from '#src/platform/errors.ts'
import { type Fields, fieldsOf } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { isRemoteOnly } from '#src/profiles/kind-words.ts'
import type { ProfileIndex, PublicProfileView } from '#src/profiles/profile-index.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { parsePharmacyCode } from '#src/rules/ods-code.ts'
import type { Problem } from '#src/rules/problems.ts'
import { WRONG_THINGS } from '#src/rules/wrong-reports.ts'
import { isProgram, LONGEST_WORDS, parseReport } from '../report.form.ts'
import { type ReportDeps, WRONG_WORDS } from '../report-deps.ts'
import { tellWrong } from '../tell-wrong.ts'

export type TellUsDeps = ReportDeps & { readonly profiles: Pick<ProfileIndex, 'find'> }

type View = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  /** The form was sent: only thanks are left to say. */
  readonly isSent: boolean
  readonly isVisited: boolean
  readonly things: readonly { readonly value: string; readonly text: string }[]
  readonly longest: number
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const PATH = '/pharmacies/:odsCode/wrong'
const render = template<View>('wrong-reports/pages/tell-us.njk')
const things = WRONG_THINGS.map((value) => ({ value, text: WRONG_WORDS[value] }))

const TOO_MANY: Problem = {
  field: 'what',
  code: 'too-many',
  message:
    'We have had many reports from your internet connection today, and have them all. Phone the pharmacy, or try again tomorrow',
}

/** Mounts the form. It needs no session. */
export function tellUsPage(app: FastifyInstance, deps: TellUsDeps): void {
  const profileIn = (request: FastifyRequest): PublicProfileView => {
    const odsCode = parsePharmacyCode((request.params as { readonly odsCode: string }).odsCode)
    const profile = odsCode && deps.profiles.find(odsCode)
    if (!profile || profile.status === 'hidden' || profile.status === 'closed') {
      throw new NotFound('There is no page of a pharmacy under this address that could be wrong')
    }
    return profile
  }
  const show = (
    reply: FastifyReply,
    { odsCode, name, kind }: PublicProfileView,
    more: Partial<Pick<View, 'isSent' | 'fields' | 'problems'>> = {},
  ) =>
    render(reply, {
      title: more.isSent ? 'Thank you' : 'Tell us what is wrong',
      ...{ odsCode, pharmacy: name, isVisited: !isRemoteOnly(kind), things, longest: LONGEST_WORDS },
      ...{ isSent: false, fields: {}, problems: [], ...more },
    })

  app.get(PATH, (request, reply) =>
    show(reply, profileIn(request), { isSent: fieldsOf(request.query)['done'] === 'sent' }),
  )
  app.post(PATH, async (request, reply) => {
    const profile = profileIn(request)
    const { odsCode } = profile
    const fields = fieldsOf(request.body)
    const read = parseReport(fields, londonDateOf(deps.clock.now()), { isVisited: !isRemoteOnly(profile.kind) })
    if (!read.ok) return show(reply.code(422), profile, { fields, problems: read.problems })
    const done = `/pharmacies/${odsCode}/wrong?done=sent`
    if (isProgram(fields)) return reply.redirect(done, 303)
    const told = await tellWrong(deps, { ...read.value, odsCode, address: request.ip })
    if (told === 'limit') return show(reply.code(429), profile, { fields, problems: [TOO_MANY] })
    return reply.redirect(done, 303)
  })
}
