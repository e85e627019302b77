/** `/on-call/history`: all calls, found by pharmacy and date. View: history.njk */
import type { FastifyInstance } from 'fastify'
import { scopeOf } from '#src/accounts/can.ts'
import { parseDateFields } from '#src/platform/http/date-fields.ts'
import { type Fields, fieldsOf, lineIn, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { dayOf, instantOf, type LocalDate } from '#src/rules/london-time.ts'
import type { Problem } from '#src/rules/problems.ts'
import { CALLS_A_PAGE, findCalls } from '../call-store.ts'
import { type CallRow, rowOf } from '../call-words.ts'
import { type DeskDeps, deskActor } from '../desk-deps.ts'

type View = {
  readonly title: string
  readonly calls: readonly CallRow[]
  readonly matching: number
  readonly previous: string | null
  readonly next: string | null
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const PATH = '/on-call/history'
const FIELDS = ['pharmacy', 'from-day', 'from-month', 'from-year', 'to-day', 'to-month', 'to-year']
const render = template<View>('emergency-desk/pages/history.njk')

/** Mounts the page, in a scope that only signed-in people reach. */
export function historyPage(app: FastifyInstance, { db }: DeskDeps): void {
  app.get(PATH, async (request, reply) => {
    const actor = deskActor(request)
    const fields = fieldsOf(request.query)
    const from = parseDateFields(fields, 'from', 'The first day')
    const to = parseDateFields(fields, 'to', 'The last day')
    const problems = [from, to].flatMap((date) => (date && !date.ok ? date.problems : []))
    const page = /^[1-9]\d{0,4}$/.test(rawIn(fields, 'page')) ? Number(rawIn(fields, 'page')) : 1
    const { calls, matching } = await findCalls(db.pool, {
      scope: scopeOf(actor, 'see-on-call'),
      text: lineIn(fields, 'pharmacy').slice(0, 100),
      from: from?.ok ? midnightOf(from.value, 0) : null,
      to: to?.ok ? midnightOf(to.value, 1) : null,
      page,
    })
    return render(reply, {
      title: 'All calls',
      calls: calls.map(rowOf),
      matching,
      previous: page > 1 ? address(fields, page - 1) : null,
      next: page * CALLS_A_PAGE < matching ? address(fields, page + 1) : null,
      fields,
      problems,
    })
  })
}

const midnightOf = (date: LocalDate, later: number): Date => instantOf({ day: dayOf(date) + later, minute: 0 })

function address(fields: Fields, page: number): string {
  const query = new URLSearchParams()
  for (const name of FIELDS) if (rawIn(fields, name)) query.set(name, rawIn(fields, name))
  query.set('page', String(page))
  return `${PATH}?${query}`
}
