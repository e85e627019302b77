/** Whom a service sees by age: ranges in days, entered as people say them. View: ages.njk */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Fields, fieldsOf, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { ageWords, type ProfiledAges } from '#src/rules/clinical-profile.ts'
import type { Problem } from '#src/rules/problems.ts'
import type { EditorDeps } from '../pages/subject.ts'
import { parseAgesForm, USUAL_AGES } from './ages.form.ts'
import { type ClinicalFrame, type ClinicalSubject, frameOf, loadClinical, saveClinical } from './clinical-subject.ts'

type View = ClinicalFrame & {
  readonly title: string
  readonly action: string
  /** As people say them, and in days. */
  readonly ranges: readonly { readonly words: string; readonly days: string; readonly key: string }[]
  readonly usual: readonly { readonly value: string; readonly text: string }[]
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const render = template<View>('record-editor/clinical/ages.njk')
const keyOf = ([from, to]: ProfiledAges): string => `${from}-${to}`

/** Mounts the page. */
export function clinicalAges(app: FastifyInstance, deps: EditorDeps): void {
  const path = '/workspace/services/:uid/clinical/ages'
  const show = (
    reply: FastifyReply,
    subject: ClinicalSubject,
    fields: Fields = {},
    problems: readonly Problem[] = [],
  ) => {
    const frame = frameOf(subject)
    const ranges = (subject.profile.ages ?? []).map((range) => ({
      words: capital(ageWords(range)),
      days: `${range[0]} to ${range[1]} days`,
      key: keyOf(range),
    }))
    return render(reply, {
      ...frame,
      title: 'Ages',
      action: `${frame.clinical}/ages`,
      ranges,
      usual: USUAL_AGES,
      fields: { 'from-unit': 'years', 'to-unit': 'years', ...fields },
      problems,
    })
  }
  app.get(path, async (request, reply) => show(reply, await loadClinical(deps, request)))
  app.post(path, async (request, reply) => {
    const subject = await loadClinical(deps, request)
    const fields = fieldsOf(request.body)
    const there = subject.profile.ages ?? []
    const removed = rawIn(fields, 'remove')
    const parsed = removed === '' ? parseAgesForm(fields) : undefined
    if (parsed && !parsed.ok) return show(reply.code(422), subject, fields, parsed.problems)
    const ages = parsed
      ? [...there, parsed.value].toSorted((a, b) => a[0] - b[0])
      : there.filter((range) => keyOf(range) !== removed)
    const problems = await saveClinical(deps, subject, { ages }, 'from')
    if (problems) return show(reply.code(422), subject, fields, problems.slice(0, 1))
    return reply.redirect(path.replace(':uid', subject.key), 303)
  })
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)
