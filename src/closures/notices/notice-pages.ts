/** `/manage/:odsCode/closures/:closureId/notice`: the notice to the ICB, every version of it, and its own words. Views: notice.njk, notice-edit.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { auditNameOf } from '#src/accounts/actor.ts'
import { NotFound } from '#src/platform/errors.ts'
import { type Fields, fieldsOf, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { loadNames } from '#src/profiles/names-and-moments.ts'
import type { ManageDeps } from '#src/profiles/visit.ts'
import { editableUntil, type NoticePolicy, USUAL_EDIT_DAYS } from '#src/rules/notice-policy.ts'
import type { Problem } from '#src/rules/problems.ts'
import { EDITABLE_FIELDS, missingFields, momentOf, NOTICE_FIELDS } from '#src/rules/suspension-notice.ts'
import type { StoredClosure } from '../closure-records.ts'
import { type ClosureVisit, visitClosure } from '../visit-closure.ts'
import { fieldName, parseNoticeForm } from './notice.form.ts'
import { type Delivery, loadDeliveries, overallDelivery, tryNoticeAgain } from './notice-delivery.ts'
import { loadNotices, loadPolicy, type NoticeVersion } from './notice-records.ts'
import {
  askedWords,
  type DeliveryWords,
  deliveryWords,
  fieldRows,
  noticeText,
  type VersionRow,
  versionRow,
} from './notice-view.ts'
import { editNotice } from './write-notice.ts'

type NoticeView = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly address: string
  readonly banner: string | null
  /** Null where no notice is written, as for the training pharmacy. */
  readonly shown: {
    readonly delivery: DeliveryWords
    readonly asked: readonly string[]
    readonly missing: readonly string[]
    readonly fields: VersionRow['fields']
    readonly versions: readonly VersionRow[]
    /** Until when its words may be changed, in a sentence. */
    readonly edit: { readonly may: boolean; readonly sentence: string }
    readonly mayTry: boolean
    readonly isOver: boolean
  } | null
}
type EditView = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly address: string
  readonly version: number
  readonly inputs: readonly { readonly name: string; readonly label: string; readonly isLong: boolean }[]
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const PATH = '/manage/:odsCode/closures/:closureId/notice'
const render = template<NoticeView>('closures/notices/notice.njk')
const renderEdit = template<EditView>('closures/notices/notice-edit.njk')

/** Mounts the page, its form and its text. */
export function noticePages(app: FastifyInstance, deps: ManageDeps): void {
  app.get(PATH, async (request, reply) => {
    const seen = await noticeOf(deps, request, 'view-profile')
    const view = await noticeView(deps, seen, rawIn(fieldsOf(request.query), 'done'))
    return render(reply.header('cache-control', 'private, no-cache'), view)
  })
  app.get(`${PATH}.txt`, async (request, reply) => {
    const { latest, odsCode } = await noticeOf(deps, request, 'view-profile')
    if (!latest) throw new NotFound('There is no such notice')
    return reply
      .type('text/plain; charset=utf-8')
      .header('cache-control', 'private, no-cache')
      .header(
        'content-disposition',
        `attachment; filename="suspension-notice-${odsCode}-version-${latest.version}.txt"`,
      )
      .send(noticeText(latest))
  })
  app.post(`${PATH}/try-again`, async (request, reply) => {
    const { odsCode, closure } = await noticeOf(deps, request, 'edit-changes')
    const tried = await tryNoticeAgain(deps, { odsCode, closureId: closure.id })
    return reply.redirect(`${addressOf(odsCode, closure)}/notice?done=${tried ? 'trying' : 'nothing'}`, 303)
  })
  editPages(app, deps)
}

function editPages(app: FastifyInstance, deps: ManageDeps): void {
  app.get(`${PATH}/edit`, async (request, reply) => {
    const seen = await noticeOf(deps, request, 'edit-changes')
    const { latest, odsCode, closure } = seen
    if (!latest || !editOf(seen).may) return reply.redirect(`${addressOf(odsCode, closure)}/notice`, 303)
    const fields = Object.fromEntries(EDITABLE_FIELDS.map((key) => [fieldName(key), latest.words[key]]))
    return showEdit(reply, seen, latest.version, fields, [])
  })
  app.post(`${PATH}/edit`, async (request, reply) => {
    const seen = await noticeOf(deps, request, 'edit-changes')
    const { latest, odsCode, closure, actor } = seen
    if (!latest) throw new NotFound('There is no such notice')
    const fields = fieldsOf(request.body)
    const version = rawIn(fields, 'version')
    const seenVersion = /^[1-9]\d{0,5}$/.test(version) ? Number(version) : latest.version
    const words = parseNoticeForm(fields)
    if (!words.ok) return showEdit(reply.code(422), seen, seenVersion, fields, words.problems)
    const by = auditNameOf(actor)
    const saved = await editNotice(deps, { odsCode, closureId: closure.id, actor: by, seenVersion, words: words.value })
    if (!saved.ok) return showEdit(reply.code(409), seen, seenVersion, fields, saved.problems)
    return reply.redirect(`${addressOf(odsCode, closure)}/notice?done=${saved.value ? 'edited' : 'same'}`, 303)
  })
}

const addressOf = (odsCode: string, { id }: StoredClosure): string => `/manage/${odsCode}/closures/${id}`

type Seen = ClosureVisit & {
  readonly versions: readonly NoticeVersion[]
  readonly latest: NoticeVersion | undefined
  readonly policy: NoticePolicy | undefined
}

async function noticeOf(
  deps: ManageDeps,
  request: FastifyRequest,
  permission: 'view-profile' | 'edit-changes',
): Promise<Seen> {
  const seen = await visitClosure(deps, request, permission)
  const versions = await loadNotices(deps.db.pool, seen.closure.id)
  const policy = await loadPolicy(deps.db.pool, seen.stored.profile.commissioning.icbCode)
  return { ...seen, versions, latest: versions.at(-1), policy }
}

const BANNERS: Readonly<Record<string, string>> = {
  edited: 'The notice is changed. We send the change to your ICB in the same conversation.',
  same: 'Nothing was changed, so nothing is sent.',
  trying: 'We are trying again now. Open this page again in a minute to see whether it has gone.',
  nothing: 'There is nothing to try: the notice has gone, or is being sent.',
}

async function noticeView({ db }: ManageDeps, seen: Seen, done: string): Promise<NoticeView> {
  const { odsCode, stored, closure, versions, latest } = seen
  return {
    title: 'Notice to your ICB',
    odsCode,
    pharmacy: stored.profile.name,
    address: addressOf(odsCode, closure),
    banner: BANNERS[done] ?? null,
    shown: latest ? await shownOf(db.pool, { ...seen, latest, versions }) : null,
  }
}

async function shownOf(
  db: Parameters<typeof loadDeliveries>[0],
  seen: Seen & { readonly latest: NoticeVersion },
): Promise<NonNullable<NoticeView['shown']>> {
  const { closure, versions, latest, policy, now, today } = seen
  const deliveries = await loadDeliveries(db, closure.id)
  const nameOf = await loadNames(
    db,
    versions.map(({ writtenBy }) => writtenBy),
  )
  const isOver = closure.end !== null
  const delivery = deliveryWords(overallDelivery(latest.version, deliveries), policy, { today, isOver })
  const nobody: Delivery = { state: 'nobody' }
  return {
    delivery,
    asked: isOver ? [] : askedWords(policy, closure, now.getTime()),
    missing: missingFields(latest.words),
    fields: fieldRows(latest),
    versions: versions
      .map((notice, index) =>
        versionRow(notice, versions[index - 1], { delivery: deliveries.get(notice.version) ?? nobody, nameOf }),
      )
      .reverse(),
    edit: editOf(seen),
    mayTry: delivery.mayTry && seen.may('edit-changes'),
    isOver,
  }
}

/** Whether this person may change the words now, and until when anybody may. */
function editOf({ closure, policy, now, may }: Seen): { readonly may: boolean; readonly sentence: string } {
  const days = policy?.editDays ?? USUAL_EDIT_DAYS
  const until = editableUntil(closure, days)
  const afterwards = days === 1 ? '1 day' : `${days} days`
  if (until === null) {
    return { may: may('edit-changes'), sentence: `It can be changed until ${afterwards} after the closure is over.` }
  }
  if (now.getTime() > until) return { may: false, sentence: `It could be changed until ${momentOf(until)}.` }
  return { may: may('edit-changes'), sentence: `It can be changed until ${momentOf(until)}.` }
}

const LONG_FROM = 500

function showEdit(
  reply: FastifyReply,
  { odsCode, stored, closure }: Seen,
  version: number,
  fields: Fields,
  problems: readonly Problem[],
): FastifyReply {
  return renderEdit(reply.header('cache-control', 'private, no-cache'), {
    title: 'Change the notice to your ICB',
    odsCode,
    pharmacy: stored.profile.name,
    address: addressOf(odsCode, closure),
    version,
    inputs: NOTICE_FIELDS.flatMap((field) =>
      'most' in field ? [{ name: fieldName(field.key), label: field.label, isLong: field.most > LONG_FROM }] : [],
    ),
    fields,
    problems,
  })
}
