/** `/workspace/access-requests`: who waits for access to a pharmacy, and since when. View: access-requests.njk */
import type { FastifyInstance } from 'fastify'
import { loadAccessQueue, REQUESTS_A_PAGE, type WaitingRequest } from '#src/access/access-queue.ts'
import { requestPage } from '#src/access/request-page.ts'
import { scopeOf } from '#src/accounts/can.ts'
import type { ChosenArea } from '#src/directory/area-choices.ts'
import { fieldsOf, lineIn, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { narrowScope } from '#src/profiles/narrow-scope.ts'
import { formatDate, formatTime } from '#src/rules/clock-time.ts'
import { dateOf, MINUTES_PER_DAY, toLondon } from '#src/rules/london-time.ts'
import { roleInSentence } from '#src/rules/pharmacy-roles.ts'
import { workspaceActor } from './workspace.ts'
import type { WorkspaceDeps } from './workspace-pages.ts'

type Row = {
  readonly id: number
  readonly title: string
  readonly lines: readonly string[]
  readonly isLate: boolean
}
type View = {
  readonly title: string
  readonly banner: string | null
  readonly chosen: ChosenArea
  readonly atMailbox: boolean
  readonly queueAddress: string
  readonly mailboxAddress: string
  readonly rows: readonly Row[]
  readonly waiting: number
  readonly late: number
  readonly atMailboxCount: number
  readonly previous: string | null
  readonly next: string | null
}

const PATH = '/workspace/access-requests'
const render = template<View>('directory-workspace/pages/access-requests.njk')

/** Mounts the list and the page of one request. */
export function accessRequestsPages(app: FastifyInstance, deps: WorkspaceDeps): void {
  app.get(PATH, async (request, reply) => {
    const actor = workspaceActor(request)
    const query = fieldsOf(request.query)
    const atMailbox = rawIn(query, 'show') === 'mailbox'
    const page = /^[1-9]\d{0,4}$/.test(rawIn(query, 'page')) ? Number(rawIn(query, 'page')) : 1
    const now = deps.clock.now()
    const { chosen, scope } = await narrowScope(deps.db.pool, scopeOf(actor, 'decide-access'), lineIn(query, 'area'))
    const queue = await loadAccessQueue(deps.db.pool, {
      scope,
      now,
      holidays: deps.holidays(),
      page,
      atMailbox,
    })
    const total = atMailbox ? queue.atMailbox : queue.waiting
    return render(reply, {
      title: 'Requests for access',
      banner: BANNERS[rawIn(query, 'decided')] ?? null,
      chosen,
      atMailbox,
      queueAddress: address(false, 1, chosen.area),
      mailboxAddress: address(true, 1, chosen.area),
      rows: queue.requests.map(rowOf),
      waiting: queue.waiting,
      late: queue.late,
      atMailboxCount: queue.atMailbox,
      previous: page > 1 ? address(atMailbox, page - 1, chosen.area) : null,
      next: page * REQUESTS_A_PAGE < total ? address(atMailbox, page + 1, chosen.area) : null,
    })
  })

  requestPage(app, deps, {
    path: `${PATH}/:requestId`,
    back: () => ({ href: PATH, text: 'Requests for access' }),
    afterwards: () => PATH,
    isFor: () => true,
  })
}

const BANNERS: Readonly<Record<string, string>> = {
  yes: 'They have access now. We have told them by email.',
  no: 'You said no. We have told them by email.',
}

function address(atMailbox: boolean, page: number, area: string | undefined): string {
  const query = new URLSearchParams(area === undefined ? {} : { area })
  if (atMailbox) query.set('show', 'mailbox')
  if (page > 1) query.set('page', String(page))
  const asked = query.toString()
  return asked ? `${PATH}?${asked}` : PATH
}

const rowOf = ({ id, odsCode, pharmacy, email, role, askedAt, dueAt, isLate }: WaitingRequest): Row => ({
  id,
  title: `${pharmacy} (${odsCode})`,
  lines: [`${email} asks to be ${roleInSentence(role)}`, `Asked on ${words(new Date(askedAt))}`, dueWords(dueAt)],
  isLate,
})

/** A day that is wholly left to decide ends at midnight: "by the end of Monday". */
function dueWords(dueAt: Date): string {
  const { day, minute } = toLondon(dueAt)
  if (minute % MINUTES_PER_DAY === 0) return `Decide by the end of ${formatDate(dateOf(day - 1))}`
  return `Decide by ${words(dueAt)}`
}

function words(instant: Date): string {
  const { day, minute } = toLondon(instant)
  return `${formatDate(dateOf(day))} at ${formatTime(minute)}`
}
