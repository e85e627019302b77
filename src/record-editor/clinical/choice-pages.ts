/** The short lists of a clinical profile, ticked on one page each: genders, referral roles, returned only if open. View: choices.njk */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import { type Fields, fieldsOf, rawIn, tickIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { type ProfileFields, RETURN_IF_OPEN } from '#src/rules/clinical-profile.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import type { EditorDeps } from '../pages/subject.ts'
import type { ServicePatch } from '../service-edit.ts'
import { type ClinicalFrame, type ClinicalSubject, frameOf, loadClinical, saveClinical } from './clinical-subject.ts'
import { GENDER_NAMES, roleId } from './clinical-topics.ts'

type Choice = { readonly value: string; readonly text: string; readonly note: string | null; readonly checked: boolean }

type Topic = {
  readonly slug: string
  readonly title: string
  readonly hint: string
  /** Whether several may be chosen. */
  readonly several: boolean
  choices(profile: ProfileFields, reference: TriageReference): readonly Choice[]
  read(fields: Fields, profile: ProfileFields, reference: TriageReference): Result<ServicePatch>
}

type View = ClinicalFrame & {
  readonly title: string
  readonly hint: string
  readonly action: string
  readonly several: boolean
  readonly choices: readonly Choice[]
  readonly problems: readonly Problem[]
}

const render = template<View>('record-editor/clinical/choices.njk')
const ticked = (fields: Fields, value: string): boolean => tickIn(fields, `choice-${value.toLowerCase()}`) === true

const GENDERS: Topic = {
  slug: 'genders',
  title: 'Genders',
  hint: 'Whom the service sees. With none ticked no search returns it.',
  several: true,
  choices: ({ genders }) =>
    GENDER_NAMES.map(([value, text]) => ({ value, text, note: null, checked: (genders ?? []).includes(value) })),
  read: (fields) => accepted({ genders: GENDER_NAMES.map(([code]) => code).filter((code) => ticked(fields, code)) }),
}

/** Roles that the catalogue does not know stay until somebody unticks them. */
const ROLES: Topic = {
  slug: 'roles',
  title: 'Referral roles',
  hint: 'Which kinds of caller are told of the service. With none ticked no search returns it.',
  several: true,
  choices({ roles }, reference) {
    const has = new Set((roles ?? []).map(roleId))
    const unknown = [...has].filter((id) => !reference.roles.has(id))
    return [...reference.roles.keys(), ...unknown]
      .sort((a, b) => a - b)
      .map((id) => {
        const name = reference.roles.get(id)
        const note = reference.roles.has(id) ? null : 'Not in the reference'
        return { value: String(id), text: name ? `${id} ${name}` : String(id), note, checked: has.has(id) }
      })
  },
  read(fields, { roles }, reference) {
    const before = roles ?? []
    const kept = before.filter((role) => ticked(fields, String(roleId(role))))
    const has = new Set(before.map(roleId))
    const added = [...reference.roles.keys()].filter((id) => !has.has(id) && ticked(fields, String(id)))
    return accepted({ roles: [...kept, ...added] as NonNullable<ServicePatch['roles']> })
  },
}

const RETURNED: Topic = {
  slug: 'return-if-open',
  title: 'Returned only if open',
  hint: 'Most services are returned if they are open in the time that the patient has. Some are of use only when the door is open now.',
  several: false,
  choices: ({ returnIfOpenMinutes }) => [
    { value: 'no', text: 'No, whenever it is open in time', note: null, checked: returnIfOpenMinutes === null },
    ...RETURN_IF_OPEN.map((minutes) => ({
      value: String(minutes),
      text: `Only when open, or opening within ${minutes} minutes`,
      note: null,
      checked: returnIfOpenMinutes === minutes,
    })),
  ],
  read(fields) {
    const answer = rawIn(fields, 'choice')
    if (answer === 'no') return accepted({ returnIfOpenMinutes: null })
    const minutes = RETURN_IF_OPEN.find((known) => String(known) === answer)
    if (minutes !== undefined) return accepted({ returnIfOpenMinutes: minutes })
    return refused({ field: 'choice', code: 'missing', message: 'Choose when the service is returned' })
  },
}

/** Mounts the pages. */
export function clinicalChoices(app: FastifyInstance, deps: EditorDeps): void {
  for (const topic of [GENDERS, ROLES, RETURNED]) {
    const path = `/workspace/services/:uid/clinical/${topic.slug}`
    const show = (reply: FastifyReply, subject: ClinicalSubject, problems: readonly Problem[] = []) => {
      const frame = frameOf(subject)
      const choices = topic.choices(subject.profile, deps.reference())
      const { title, hint, several } = topic
      return render(reply, {
        ...frame,
        title,
        hint,
        several,
        action: `${frame.clinical}/${topic.slug}`,
        choices,
        problems,
      })
    }
    app.get(path, async (request, reply) => show(reply, await loadClinical(deps, request)))
    app.post(path, async (request, reply) => {
      const subject = await loadClinical(deps, request)
      const read = topic.read(fieldsOf(request.body), subject.profile, deps.reference())
      const problems = read.ok ? await saveClinical(deps, subject, read.value, 'choice') : read.problems
      if (problems) return show(reply.code(422), subject, problems)
      return reply.redirect(`${frameOf(subject).clinical}?done=saved`, 303)
    })
  }
}
