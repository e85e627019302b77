/** "One is missing" and "My pharmacy is missing": forms that become requests. Views: missing-service.njk, missing-pharmacy.njk */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { requireActor } from '#src/accounts/actor.ts'
import { can } from '#src/accounts/can.ts'
import { Forbidden } from '#src/platform/errors.ts'
import { template } from '#src/platform/views.ts'
import { type RequestDeps, saveRequest } from '#src/profiles/save-request.ts'
import { type ManageDeps, type Visit, visit } from '#src/profiles/visit.ts'
import type { Problem } from '#src/rules/problems.ts'
import { askedKind } from './directory-effects.ts'
import { type Fields, fieldsOf } from './fields.ts'
import { MISSING_KINDS, parseMissingPharmacyForm, parseMissingServiceForm } from './requests.form.ts'

type FormView = { readonly title: string; readonly fields: Fields; readonly problems: readonly Problem[] }
type ServiceView = FormView & {
  readonly odsCode: string
  readonly pharmacy: string
  readonly kinds: readonly string[]
  readonly back: string
}

const renderService = template<ServiceView>('profiles/pages/missing-service.njk')
const renderPharmacy = template<FormView>('profiles/pages/missing-pharmacy.njk')

/** Mounts both forms. */
export function requestPages(app: FastifyInstance, deps: ManageDeps & RequestDeps): void {
  missingServicePages(app, deps)
  missingPharmacyPages(app, deps)
}

function missingServicePages(app: FastifyInstance, deps: ManageDeps & RequestDeps): void {
  const path = '/manage/:odsCode/missing-service'
  const show = (reply: FastifyReply, { odsCode, stored }: Visit, fields: Fields, problems: readonly Problem[]) =>
    renderService(reply, {
      title: 'Tell us which service is missing',
      odsCode,
      pharmacy: stored.profile.name,
      kinds: MISSING_KINDS,
      back: `/manage/${odsCode}`,
      fields,
      problems,
    })

  app.get(path, async (request, reply) =>
    show(reply, await visit(deps, request, 'request-service'), { kind: askedKind(request.query) }, []),
  )
  app.post(path, async (request, reply) => {
    const seen = await visit(deps, request, 'request-service')
    const fields = fieldsOf(request.body)
    const message = parseMissingServiceForm(fields)
    if (!message.ok) return show(reply.code(422), seen, fields, message.problems)
    const { odsCode, stored, actor } = seen
    const { name: pharmacyName } = stored.profile
    await saveRequest(deps, actor, { kind: 'missing-service', odsCode, pharmacyName, message: message.value })
    return reply.redirect(`/manage/${odsCode}?requested=yes`, 303)
  })
}

function missingPharmacyPages(app: FastifyInstance, deps: ManageDeps & RequestDeps): void {
  const path = '/manage/missing-pharmacy'
  const show = (reply: FastifyReply, fields: Fields, problems: readonly Problem[]) =>
    renderPharmacy(reply, { title: 'Tell us which pharmacy is missing', fields, problems })
  const guard = (actor: ReturnType<typeof requireActor>) => {
    if (!can(actor, 'report-missing-pharmacy')) throw new Forbidden('You cannot report a missing pharmacy')
    return actor
  }

  app.get(path, (request, reply) => {
    guard(requireActor(request))
    return show(reply, {}, [])
  })
  app.post(path, async (request, reply) => {
    const actor = guard(requireActor(request))
    const fields = fieldsOf(request.body)
    const asked = parseMissingPharmacyForm(fields)
    if (!asked.ok) return show(reply.code(422), fields, asked.problems)
    const { odsCode, name, message } = asked.value
    await saveRequest(deps, actor, { kind: 'missing-pharmacy', odsCode, pharmacyName: name, message })
    return reply.redirect('/manage?requested=yes', 303)
  })
}
