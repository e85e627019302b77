/** GET /demo/mailbox, every email that would have left if a mail server were set; `?to=` for one address. View: mailbox.njk */
import type { FastifyInstance } from 'fastify'
import type { Db } from '#src/platform/db/db.ts'
import { fieldsOf, lineIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { formatDate, formatTime } from '#src/rules/clock-time.ts'
import { dateOf, toLondon } from '#src/rules/london-time.ts'

const MOST_SHOWN = 100

type ShownLine = { readonly text: string; readonly href: string | null }
type ShownEmail = {
  readonly subject: string
  readonly recipient: string
  readonly sentOn: string
  /** Paragraphs of lines. */
  readonly paragraphs: readonly (readonly ShownLine[])[]
}

const render = template<{ emails: readonly ShownEmail[]; mostShown: number; to: string }>('demo/mailbox.njk')

/** Mounts the page. Only where no mail server is set: there it would show real people's email to anyone. */
export function mailboxPages(pages: FastifyInstance, { db }: { readonly db: Db }): void {
  pages.get('/demo/mailbox', async (request, reply) => {
    const to = lineIn(fieldsOf(request.query), 'to').toLowerCase()
    const all = db.pool.selectFrom('email_sent').selectAll()
    const rows = await (to === '' ? all : all.where('recipient', '=', to))
      .orderBy('sent_at', 'desc')
      .orderBy('event')
      .limit(MOST_SHOWN)
      .execute()
    const emails = rows.map(({ subject, recipient, sent_at, body }) => ({
      subject,
      recipient,
      sentOn: inWords(sent_at),
      paragraphs: paragraphsOf(body),
    }))
    return render(reply, { emails, mostShown: MOST_SHOWN, to })
  })
}

function inWords(instant: string): string {
  const { day, minute } = toLondon(new Date(instant))
  return `${formatDate(dateOf(day))}, ${formatTime(minute)}`
}

/** A text as paragraphs of lines; a line that is nothing but an address can be followed. */
function paragraphsOf(text: string): ShownLine[][] {
  const paragraphs = text.trim().split(/\n{2,}/)
  return paragraphs.map((paragraph) =>
    paragraph.split('\n').map((line) => ({ text: line, href: /^https?:\/\/\S+$/.test(line) ? line : null })),
  )
}
