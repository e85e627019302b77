/** `/on-call/script`: what callers hear, for recording, and what whoever answers asks and says. View: script.njk */
import type { FastifyInstance } from 'fastify'
import { template } from '#src/platform/views.ts'
import { type DeskDeps, deskActor, toolAddress } from '../desk-deps.ts'
import { loadOnCall, loadShifts } from '../rota-records.ts'
import { callSteps, MESSAGES_AHEAD_DAYS, type Message, recordedMessages, type Step } from '../script-words.ts'

type View = {
  readonly title: string
  readonly onCallNumber: string | null
  readonly messages: readonly Message[]
  readonly steps: readonly Step[]
}

const DAY_MS = 86_400_000
const render = template<View>('emergency-desk/pages/script.njk')

/** Mounts the page, in a scope that only signed-in people reach. */
export function scriptPage(app: FastifyInstance, { db, clock, holidays, baseUrl, numbers }: DeskDeps): void {
  app.get('/on-call/script', async (request, reply) => {
    deskActor(request)
    const now = clock.now()
    const ahead = { startsAt: now.getTime(), endsAt: now.getTime() + MESSAGES_AHEAD_DAYS * DAY_MS }
    const tool = toolAddress(baseUrl).replace(/^https?:\/\//, '')
    const facts = { now, holidays: holidays(), numbers, tool }
    return render(reply, {
      title: 'What callers hear, and the call script',
      onCallNumber: numbers.onCall,
      messages: recordedMessages({ ...facts, shifts: await loadShifts(db.pool, ahead) }),
      steps: callSteps(facts, await loadOnCall(db.pool, now.getTime())),
    })
  })
}
