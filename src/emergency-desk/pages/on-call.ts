/** `/on-call`: which line answers, who is on call, what waits. View: on-call.njk */
import type { FastifyInstance } from 'fastify'
import { auditNameOf } from '#src/accounts/actor.ts'
import { scopeOf } from '#src/accounts/can.ts'
import { template } from '#src/platform/views.ts'
import { formatMomentIn, loadNames } from '#src/profiles/names-and-moments.ts'
import { toLondon } from '#src/rules/london-time.ts'
import { lineAt, lineChangesAfter } from '#src/rules/on-call.ts'
import { loadDueReviews, loadOpenCalls } from '../call-store.ts'
import { type CallRow, rowOf } from '../call-words.ts'
import { type DeskDeps, type DeskNumbers, deskActor, handsOver, takesCalls } from '../desk-deps.ts'
import { spellWords, telOf, untilWords } from '../desk-words.ts'
import { loadNotes, loadOnCall, loadShifts, type StoredShift } from '../rota-records.ts'
import { faultsAhead, WEEKS_AHEAD } from './rota.ts'

type OnCallPerson = { readonly place: string; readonly name: string; readonly phone: string; readonly tel: string }
type View = {
  readonly title: string
  readonly mayTake: boolean
  readonly isDesk: boolean
  readonly until: string
  readonly numbers: DeskNumbers
  readonly deskTel: string
  readonly people: readonly OnCallPerson[]
  readonly gaps: readonly string[]
  readonly note: { readonly by: string; readonly words: string } | null
  readonly reviews: readonly (CallRow & { readonly due: string })[]
  readonly calls: readonly CallRow[]
}

const DAY_MS = 86_400_000
const render = template<View>('emergency-desk/pages/on-call.njk')

/** Mounts the page, in a scope that only signed-in people reach. */
export function onCallPage(app: FastifyInstance, { db, clock, holidays, numbers }: DeskDeps): void {
  app.get('/on-call', async (request, reply) => {
    const actor = deskActor(request)
    const now = clock.now()
    const time = toLondon(now)
    const ahead = { startsAt: now.getTime(), endsAt: now.getTime() + WEEKS_AHEAD * 7 * DAY_MS }
    const faults = faultsAhead(await loadShifts(db.pool, ahead), now, holidays())
    const { first, second } = await loadOnCall(db.pool, now.getTime())
    const scope = scopeOf(actor, 'see-on-call')
    const me = auditNameOf(actor)
    const notes = handsOver(actor) ? await loadNotes(db.pool, 5) : []
    const unread = notes.find(
      ({ writtenBy, readBy }) => writtenBy !== me && !readBy.some(({ person }) => person === me),
    )
    const nameOf = await loadNames(db.pool, [unread?.writtenBy ?? null])
    return render(reply, {
      title: 'Emergency desk',
      mayTake: takesCalls(actor),
      isDesk: lineAt(time, holidays()) === 'service-desk',
      until: untilWords(lineChangesAfter(time, holidays()), time.day),
      numbers,
      deskTel: telOf(numbers.serviceDesk ?? ''),
      people: [...personOf('First', first), ...personOf('Second', second)],
      gaps: faults.filter(({ what }) => what === 'gap').map(spellWords),
      note: unread
        ? { by: `${nameOf(unread.writtenBy)}, ${formatMomentIn(unread.writtenAt)}`, words: unread.words }
        : null,
      reviews: (await loadDueReviews(db.pool, scope, now)).map((call) => ({
        ...rowOf(call),
        due: `Due ${formatMomentIn(call.reviewAt ?? call.openedAt)}`,
      })),
      calls: (await loadOpenCalls(db.pool, scope)).map(rowOf),
    })
  })
}

const personOf = (place: string, shift: StoredShift | undefined): readonly OnCallPerson[] =>
  shift ? [{ place, name: shift.name, phone: shift.phone, tel: telOf(shift.phone) }] : []
