/** `/manage/:odsCode/wrong-reports`: what people say is wrong, answered with one press. View: pharmacy-reports.njk */
import type { FastifyInstance } from 'fastify'
import { auditNameOf } from '#src/accounts/actor.ts'
import { NotFound } from '#src/platform/errors.ts'
import { fieldsOf, lineIn, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { loadNames } from '#src/profiles/names-and-moments.ts'
import { sectionAddress } from '#src/profiles/section-pages.ts'
import { visit } from '#src/profiles/visit.ts'
import type { WrongThing } from '#src/rules/wrong-reports.ts'
import { answerReport } from '../answer-report.ts'
import type { ReportDeps } from '../report-deps.ts'
import { loadReportsOf } from '../report-records.ts'
import { type ReportRow, reportRow } from './report-words.ts'

type View = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly banner: string | null
  /** The banner tells of something that was done. */
  readonly isDone: boolean
  /** Each with where it is put right. */
  readonly open: readonly (ReportRow & { readonly fixAddress: string })[]
  readonly answered: readonly ReportRow[]
}

const PATH = '/manage/:odsCode/wrong-reports'
/** As large as ids get in the database. */
const ID = /^[1-9]\d{0,14}$/
const render = template<View>('wrong-reports/pages/pharmacy-reports.njk')

const BANNERS: Readonly<Record<string, string>> = {
  corrected: 'Thank you. If whoever told us gave an email address, we tell them that it is put right.',
  right: 'Thank you. If whoever told us gave an email address, we tell them that the page is right.',
  before: 'Somebody has answered this already.',
}

/** Where what is wrong is put right. */
function fixAddress(odsCode: string, what: WrongThing): string {
  switch (what) {
    case 'closed':
      return sectionAddress(odsCode, 'changes')
    case 'hours':
      return sectionAddress(odsCode, 'hours')
    case 'phone':
      return sectionAddress(odsCode, 'contact')
    case 'access':
      return sectionAddress(odsCode, 'facilities')
    case 'service':
      return sectionAddress(odsCode, 'services')
    case 'moved':
      return `/manage/${odsCode}/address-and-name`
  }
}

/** Mounts the page, for those who answer for the pharmacy. */
export function pharmacyReportsPage(app: FastifyInstance, deps: ReportDeps): void {
  const { db } = deps
  app.get(PATH, async (request, reply) => {
    const { odsCode, stored, now } = await visit(deps, request, 'answer-query')
    const { open, answered } = await loadReportsOf(db.pool, odsCode)
    const nameOf = await loadNames(
      db.pool,
      answered.map(({ answeredBy }) => answeredBy),
    )
    const done = rawIn(fieldsOf(request.query), 'done')
    return render(reply, {
      title: 'What people say is wrong',
      ...{ odsCode, pharmacy: stored.profile.name },
      banner: BANNERS[done] ?? null,
      isDone: done !== 'before',
      open: open.map((each) => ({ ...reportRow(each, now, nameOf), fixAddress: fixAddress(odsCode, each.what) })),
      answered: answered.map((each) => reportRow(each, now, nameOf)),
    })
  })

  app.post(`${PATH}/:id`, async (request, reply) => {
    const { odsCode, actor, now } = await visit(deps, request, 'answer-query')
    const { id } = request.params as { readonly id: string }
    const act = lineIn(fieldsOf(request.body), 'do') === 'stand' ? 'stand' : 'correct'
    const scope = { everywhere: false, odsCodes: [odsCode], parentCodes: [], icbCodes: [] }
    const answered =
      ID.test(id) &&
      (await answerReport(db, { id: Number(id), act, answer: null, actor: auditNameOf(actor), scope, now }))
    if (!answered) throw new NotFound('Nobody told this pharmacy that')
    return reply.redirect(`/manage/${odsCode}/wrong-reports?done=${answered.ok ? answered.value : 'before'}`, 303)
  })
}
