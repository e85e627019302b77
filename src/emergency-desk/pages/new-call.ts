/** `/on-call/new`: who rings, about which pharmacy. In office hours the caller is sent to the service desk. View: new-call.njk */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { auditNameOf } from '#src/accounts/actor.ts'
import { type Fields, fieldsOf, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import type { StoredProfile } from '#src/profiles/profile.ts'
import { toLondon } from '#src/rules/london-time.ts'
import { lineAt, lineChangesAfter } from '#src/rules/on-call.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { insertCall } from '../call-store.ts'
import { callTaker, type DeskDeps } from '../desk-deps.ts'
import { telOf, untilWords } from '../desk-words.ts'
import { findCalledPharmacy, mayActFor } from '../find-called-pharmacy.ts'
import { parseNewCall } from './call.form.ts'

type Choice = { readonly value: string; readonly text: string; readonly hint: { readonly text: string } }
type View = {
  readonly title: string
  /** Office hours: until when, and where callers are sent. */
  readonly desk: { readonly until: string; readonly phone: string | null; readonly tel: string } | null
  readonly picks: readonly Choice[]
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const PATH = '/on-call/new'
const render = template<View>('emergency-desk/pages/new-call.njk')

/** Mounts the pages, in a scope that only signed-in people reach. */
export function newCallPages(app: FastifyInstance, deps: DeskDeps): void {
  app.get(PATH, (request, reply) => {
    callTaker(request)
    return show(reply, deps, { fields: {}, problems: [], picks: [] })
  })

  app.post(PATH, async (request, reply) => {
    const actor = callTaker(request)
    const fields = fieldsOf(request.body)
    const now = deps.clock.now()
    const inHours = lineAt(toLondon(now), deps.holidays()) === 'service-desk'
    const asked = parseNewCall(fields, inHours)
    if (!asked.ok) return show(reply.code(422), deps, { fields, problems: asked.problems, picks: [] })
    const found = await pharmacyOf(deps, asked.value.pharmacy)
    if (!found.ok) return show(reply.code(422), deps, { fields, problems: found.problems, picks: [] })
    if (Array.isArray(found.value)) return show(reply, deps, { fields, problems: [], picks: picksOf(found.value) })
    const stored = found.value as StoredProfile
    if (!mayActFor(actor, stored)) {
      const problems = [
        problem('pharmacy', `${stored.profile.name} has closed for good. Nobody can act for it any more`),
      ]
      return show(reply.code(422), deps, { fields, problems, picks: [] })
    }
    const { callerName, callback, overrideReason, isSent } = asked.value
    const call = { openedAt: now.toISOString(), openedBy: auditNameOf(actor), odsCode: stored.profile.odsCode }
    const id = await deps.db.transact((tx) =>
      insertCall(tx, { ...call, callerName, callback, inHours, overrideReason }, isSent ? 'sent-to-desk' : null),
    )
    return reply.redirect(`/on-call/calls/${id}`, 303)
  })
}

/** The pharmacy, or those that it may be. */
async function pharmacyOf({ db }: DeskDeps, text: string): Promise<Result<StoredProfile | readonly StoredProfile[]>> {
  const found = await findCalledPharmacy(db.pool, text)
  if (found.what === 'one') return accepted(found.stored)
  if (found.what === 'several') return accepted(found.pharmacies)
  const message =
    found.what === 'none'
      ? 'No pharmacy has this ODS code, name or postcode. Ask again, or try a part of the name'
      : 'Too many pharmacies have this name. Enter the ODS code or the postcode'
  return refused(problem('pharmacy', message))
}

const picksOf = (pharmacies: readonly StoredProfile[]): readonly Choice[] =>
  pharmacies.map(({ profile }) => ({
    value: profile.odsCode,
    text: `${profile.name} (${profile.odsCode})`,
    hint: { text: [...profile.address.lines, profile.address.postcode].join(', ') },
  }))

function show(
  reply: FastifyReply,
  { clock, holidays, numbers }: DeskDeps,
  given: Pick<View, 'fields' | 'problems' | 'picks'>,
): FastifyReply {
  const now = toLondon(clock.now())
  const isDesk = lineAt(now, holidays()) === 'service-desk'
  const until = untilWords(lineChangesAfter(now, holidays()), now.day)
  const phone = numbers.serviceDesk
  const fields = { ...given.fields, pick: rawIn(given.fields, 'pick') }
  return render(reply, {
    title: 'Take a call',
    desk: isDesk ? { until, phone, tel: telOf(phone ?? '') } : null,
    ...given,
    fields,
  })
}

const problem = (field: string, message: string): Problem => ({ field, code: 'invalid', message })
