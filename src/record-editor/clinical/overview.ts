/** The clinical profile of a service in one page: each topic in a line, and what keeps searches from returning it. View: overview.njk */
import type { FastifyInstance } from 'fastify'
import { fieldsOf, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { matchesNobodyBecause } from '#src/rules/clinical-profile.ts'
import { nameWithAliases } from '#src/rules/service-types.ts'
import { addressOf, type EditorDeps } from '../pages/subject.ts'
import { type ClinicalFrame, frameOf, loadClinical } from './clinical-subject.ts'
import { isTouched, TOPICS } from './clinical-topics.ts'

type Row = {
  readonly title: string
  readonly text: string
  readonly href: string
  readonly isChanged: boolean
}

type View = ClinicalFrame & {
  readonly title: string
  readonly banner: string | null
  /** The type, with the names it had before. */
  readonly type: string
  readonly rows: readonly Row[]
  /** What is missing for any search to return it. */
  readonly missing: readonly string[]
  readonly hasDraft: boolean
  readonly check: string
  readonly tryIt: string
}

const BANNERS: Readonly<Record<string, string>> = {
  saved: 'Your draft is saved. Nothing is published yet.',
  made: 'The service has its number. Say here whom it is for, then check and send it.',
}
const render = template<View>('record-editor/clinical/overview.njk')

/** Mounts the page. */
export function clinicalOverview(app: FastifyInstance, deps: EditorDeps): void {
  app.get('/workspace/services/:uid/clinical', async (request, reply) => {
    const subject = await loadClinical(deps, request)
    const { profile, edit, shown } = subject
    const reference = deps.reference()
    const frame = frameOf(subject)
    const type = reference.types.get(shown.typeId)?.name ?? (shown.typeId === 0 ? 'Not chosen' : `Type ${shown.typeId}`)
    return render(reply, {
      ...frame,
      title: 'Clinical profile',
      banner: BANNERS[rawIn(fieldsOf(request.query), 'done')] ?? null,
      type: nameWithAliases(type, shown.typeId),
      rows: TOPICS.map((topic) => ({
        title: topic.title,
        text: topic.say(profile, reference),
        href: `${frame.clinical}/${topic.slug}`,
        isChanged: isTouched(topic, edit?.proposed),
      })),
      missing: matchesNobodyBecause(profile),
      hasDraft: edit?.state === 'draft',
      check: addressOf(subject, 'check'),
      tryIt: addressOf(subject, 'try'),
    })
  })
}
