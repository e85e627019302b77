/** Tickets, page feedback and wishes of the invented directory, so that the desk's lists have something in them. */
import { sql } from 'kysely'
import { actAsDesk } from '#src/help-desk/act-on-ticket.ts'
import type { HelpDeskDeps } from '#src/help-desk/desk-deps.ts'
import { saveFeedback } from '#src/help-desk/page-feedback.ts'
import { type AskedTicket, raiseTicket } from '#src/help-desk/raise-ticket.ts'
import { loadTicket } from '#src/help-desk/ticket-records.ts'
import { decideWish, loadWishesForDesk, suggest } from '#src/help-desk/wishes.ts'
import type { Clock } from '#src/platform/clock.ts'

const MINUTE_MS = 60_000
const HERE = '127.0.0.1'
const DESK = 'person:fiona.walsh@nhsmail.example'

const TICKETS: readonly (Omit<AskedTicket, 'channel' | 'requester' | 'address'> & { readonly hoursAgo: number })[] = [
  {
    hoursAgo: 30,
    category: 'not-published',
    about: 'FZ0D1',
    words: 'We changed our Saturday hours on Monday.\n\nOur own page shows them, and a sat nav still says closed.',
    name: 'Rosa Whitlock',
    email: 'rosa.whitlock@pharmacy.example',
  },
  {
    hoursAgo: 2,
    category: 'access',
    about: '',
    words: 'I am the new locum manager. Who gives me access?',
    name: 'Idris Calloway',
    email: 'idris.calloway@pharmacy.example',
  },
]
const WISHES = [
  {
    title: 'Show whether there is step-free access',
    words: 'So that people with a pram or a wheelchair need not ring.',
  },
  { title: 'A text when a bank holiday has no answer', words: 'An email is easily missed.' },
] as const

/** Writes them once; a second start finds them there. */
export async function seedHelpDesk(given: Omit<HelpDeskDeps, 'limits' | 'ticketAddress' | 'keptDays'>): Promise<void> {
  const there = await sql`select 1 from ticket limit 1`.execute(given.db.pool)
  if (there.rows.length > 0) return
  const now = given.clock.now()
  const at = (minutesAgo: number): Clock => ({
    ...given.clock,
    now: () => new Date(now.getTime() - minutesAgo * MINUTE_MS),
  })
  const limits = { networkHour: 0, networkDay: 0, mailboxDay: 0 }
  const deps = { ...given, limits, ticketAddress: null, keptDays: 365 }
  const numbers: number[] = []
  for (const { hoursAgo, ...ticket } of TICKETS) {
    const asked = { ...ticket, channel: 'form', requester: null, address: HERE } as const
    const raised = await raiseTicket({ ...deps, clock: at(hoursAgo * 60) }, asked)
    if (typeof raised !== 'string') numbers.push(raised.number)
  }
  const [first = 0] = numbers
  const ticket = await loadTicket(given.db.pool, first)
  if (ticket) {
    const act = { act: 'note', words: 'The hours are right with us since Monday. Ask which sat nav.' } as const
    await actAsDesk(deps, { number: first, expectedVersion: ticket.version, act }, { actor: DESK, now })
  }
  await saveFeedback(deps, { page: '/pharmacies/FZ0D1', words: 'The map pin is behind the shop.', address: HERE })
  for (const wish of WISHES) await suggest(deps, { ...wish, address: HERE })
  const [wish] = await loadWishesForDesk(given.db.pool)
  if (!wish) return
  const decision = { state: 'planned', answer: 'We plan it for the spring.' } as const
  await decideWish(
    given.db,
    { id: wish.id, expectedVersion: wish.version, title: wish.title, words: wish.words, ...decision },
    { actor: DESK, now },
  )
}
