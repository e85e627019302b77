/** GET /demo/phone, every text message and call that would have been made if a provider were set. View: phone.njk */
import type { FastifyInstance } from 'fastify'
import type { Db } from '#src/platform/db/db.ts'
import { template } from '#src/platform/views.ts'
import { formatDate, formatTime } from '#src/rules/clock-time.ts'
import { dateOf, toLondon } from '#src/rules/london-time.ts'

const MOST_SHOWN = 100

type ShownMessage = {
  readonly way: string
  readonly recipient: string
  readonly words: string
  readonly sentOn: string
}

const render = template<{ messages: readonly ShownMessage[]; mostShown: number }>('demo/phone.njk')

/** Mounts the page. Only where the phone is simulated: there it would show real people's codes to anyone. */
export function phonePage(pages: FastifyInstance, { db }: { readonly db: Db }): void {
  pages.get('/demo/phone', async (_request, reply) => {
    const rows = await db.pool
      .selectFrom('phone_simulated')
      .selectAll()
      .orderBy('sent_at', 'desc')
      .orderBy('id')
      .limit(MOST_SHOWN)
      .execute()
    const messages = rows.map(({ way, recipient, words, sent_at }) => ({
      way,
      recipient,
      words,
      sentOn: inWords(sent_at),
    }))
    return render(reply, { messages, mostShown: MOST_SHOWN })
  })
}

function inWords(instant: string): string {
  const { day, minute } = toLondon(new Date(instant))
  return `${formatDate(dateOf(day))}, ${formatTime(minute)}`
}
