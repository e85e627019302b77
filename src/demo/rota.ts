/** Who is on call in the fictitious directory: three weeks of a rota, so that the fourth shows what a gap looks like. */
import { addNote, addShifts, loadNotes, type NewShift } from '#src/emergency-desk/rota-records.ts'
import type { Db } from '#src/platform/db/db.ts'
import { instantOf, toLondon, weekdayIndex } from '#src/rules/london-time.ts'
import { PLACES } from '#src/rules/on-call.ts'

const WEEKS = 3
const EIGHT = 8 * 60
const BY = 'system:demo'
/** Numbers that are kept for drama. */
const PEOPLE = [
  { email: 'kofi.mensah@nhsmail.example', name: 'Kofi Mensah', phone: '07700 900 121' },
  { email: 'lena.fox@nhsmail.example', name: 'Lena Fox', phone: '07700 900 122' },
] as const

/** Stores the rota, from Monday 8am of this week on; a second time it adds nothing. */
export async function seedRota(db: Db, now: Date): Promise<void> {
  const today = toLondon(now).day
  const monday = today - weekdayIndex(today)
  const at = (day: number): number => instantOf({ day, minute: EIGHT }).getTime()
  const shifts = Array.from({ length: WEEKS + 1 }, (_, week): readonly NewShift[] =>
    PLACES.map((place, index) => {
      const { email, phone } = PEOPLE[(week + index) % 2] ?? PEOPLE[0]
      const from = monday + (week - 1) * 7
      return { email, phone, place, startsAt: at(from), endsAt: at(from + 7) }
    }),
  ).flat()
  await db.transact(async (tx) => {
    for (const { email, name } of PEOPLE) {
      await tx
        .insertInto('person')
        .values({ email, name, created_at: now.toISOString() })
        .onConflict((on) => on.doNothing())
        .execute()
    }
    const words =
      'The lines around Sale were down last night. If pharmacies there ring, ask whether their phones work again.'
    if ((await loadNotes(tx, 1)).length === 0) await addNote(tx, words, { by: `person:${PEOPLE[1].email}`, now })
    await addShifts(tx, shifts, { by: BY, now })
  })
}
