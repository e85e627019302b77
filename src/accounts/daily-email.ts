/** `/account/daily-email`: whether and when the changes of one's area come by email. View: daily-email.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { Forbidden } from '#src/platform/errors.ts'
import { fieldsOf, lineIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import type { Problem } from '#src/rules/problems.ts'
import { type Actor, requireActor } from './actor.ts'
import { can } from './can.ts'
import { DAILY_EMAIL_DAYS, loadDailyEmailDays, saveDailyEmailDays } from './daily-email-choice.ts'

type Choice = { readonly value: string; readonly text: string; readonly hint?: string; readonly checked: boolean }

const PATH = '/account/daily-email'
const render = template<{ title: string; choices: readonly Choice[]; problems: readonly Problem[] }>(
  'accounts/daily-email.njk',
)
const WORDS = {
  'all-days': { text: 'Every day', hint: 'Nothing is sent for a day off on which nothing changed' },
  'working-days': {
    text: 'Working days only',
    hint: 'After a weekend or bank holiday one email covers the days between as well',
  },
  none: { text: 'Do not send it' },
} as const

/** Mounts the page and its form. */
export function dailyEmailPages(signedIn: FastifyInstance, deps: { readonly db: Db; readonly clock: Clock }): void {
  const show = async (reply: FastifyReply, actor: Actor, problems: readonly Problem[] = []) => {
    const now = await loadDailyEmailDays(deps.db.pool, actor)
    const choices = DAILY_EMAIL_DAYS.map((value) => ({ value, ...WORDS[value], checked: value === now }))
    return render(reply, { title: 'Daily changes by email', choices, problems })
  }

  signedIn.get(PATH, (request, reply) => show(reply, readerIn(request)))
  signedIn.post(PATH, async (request, reply) => {
    const actor = readerIn(request)
    const sent = lineIn(fieldsOf(request.body), 'days')
    const days = DAILY_EMAIL_DAYS.find((each) => each === sent)
    if (!days) {
      const message = 'Select whether you want the email'
      return show(reply.code(422), actor, [{ field: 'days', code: 'missing', message }])
    }
    await saveDailyEmailDays(deps.db, actor, days, deps.clock.now())
    return reply.redirect('/account?done=daily-email', 303)
  })
}

function readerIn(request: FastifyRequest): Actor {
  const actor = requireActor(request)
  if (!can(actor, 'see-daily-changes')) throw new Forbidden('Reports are for the teams that look after the directory')
  return actor
}
