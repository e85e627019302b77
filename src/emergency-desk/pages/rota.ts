/** `/on-call/rota`: who is on call in the next weeks, what lacks, and what one tells the next. Views: rota.njk, add-shift.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { auditNameOf } from '#src/accounts/actor.ts'
import { can } from '#src/accounts/can.ts'
import { Forbidden, NotFound } from '#src/platform/errors.ts'
import { dateFields } from '#src/platform/http/date-fields.ts'
import { type Fields, fieldsOf, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { formatMomentIn, loadNames } from '#src/profiles/names-and-moments.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { formatDate, formatTime } from '#src/rules/clock-time.ts'
import { dateOf, instantOf, toLondon, weekdayIndex } from '#src/rules/london-time.ts'
import { desksDaysOff, type RotaFault, rotaFaults, type Spell } from '#src/rules/on-call.ts'
import type { Problem } from '#src/rules/problems.ts'
import { type DeskDeps, deskActor, handsOver, rotaEditor } from '../desk-deps.ts'
import { PLACE_WORDS, spellWords, telOf } from '../desk-words.ts'
import {
  addNote,
  addShifts,
  copyAWeekOn,
  loadNotes,
  loadRotaPeople,
  loadShifts,
  markRead,
  removeShift,
  type StoredShift,
} from '../rota-records.ts'
import { parseNoteForm, parseShiftForm } from './rota.form.ts'

/** How far ahead the rota is looked at for gaps. */
export const WEEKS_AHEAD = 4
const NOTES_SHOWN = 10
const DAY_MS = 86_400_000
const PATH = '/on-call/rota'

type ShiftRow = {
  readonly id: number
  readonly when: string
  readonly place: string
  readonly name: string
  readonly phone: string
  readonly tel: string
  readonly isNow: boolean
}
type Week = {
  readonly title: string
  /** Its Monday, for the form that copies it. */
  readonly monday: string
  readonly holidays: readonly string[]
  readonly shifts: readonly ShiftRow[]
}
type NoteRow = {
  readonly id: number
  readonly by: string
  readonly words: string
  readonly readBy: readonly string[]
  readonly isRead: boolean
}
type View = {
  readonly title: string
  readonly banner: string | null
  readonly mayEdit: boolean
  readonly mayHandOver: boolean
  readonly faults: readonly { readonly title: string; readonly spells: readonly string[] }[]
  readonly weeks: readonly Week[]
  readonly notes: readonly NoteRow[]
  readonly fields: Fields
  readonly problems: readonly Problem[]
}
type AddView = {
  readonly title: string
  readonly people: readonly { readonly value: string; readonly text: string; readonly selected: boolean }[]
  readonly place: string
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const render = template<View>('emergency-desk/pages/rota.njk')
const renderAdd = template<AddView>('emergency-desk/pages/add-shift.njk')

/** Mounts the pages, in a scope that only signed-in people reach. */
export function rotaPages(app: FastifyInstance, deps: DeskDeps): void {
  const { db, clock } = deps

  app.get(PATH, (request, reply) => show(request, reply, deps, {}, []))

  app.get(`${PATH}/add`, async (request, reply) => {
    rotaEditor(request)
    const today = toLondon(clock.now()).day
    const fields = { ...dateFields('from', dateOf(today)), ...dateFields('to', dateOf(today + 1)) }
    return await showAdd(reply, deps, { ...fields, 'from-time': '5pm', 'to-time': '8am' }, [])
  })

  app.post(`${PATH}/add`, async (request, reply) => {
    const actor = rotaEditor(request)
    const fields = fieldsOf(request.body)
    const now = clock.now()
    const people = await loadRotaPeople(db.pool, now)
    const shift = parseShiftForm(
      fields,
      people.map(({ email }) => email),
      now,
    )
    if (!shift.ok) return await showAdd(reply.code(422), deps, fields, shift.problems)
    await db.transact((tx) => addShifts(tx, [shift.value], { by: auditNameOf(actor), now }))
    return reply.redirect(`${PATH}?saved=added`, 303)
  })

  app.post(`${PATH}/shifts/:shiftId/remove`, async (request, reply) => {
    const actor = rotaEditor(request)
    const id = idIn(request, 'shiftId')
    const gone = await db.transact((tx) => removeShift(tx, id, { by: auditNameOf(actor), now: clock.now() }))
    if (!gone) throw new NotFound('There is no such shift')
    return reply.redirect(`${PATH}?saved=removed`, 303)
  })

  app.post(`${PATH}/copy`, async (request, reply) => {
    const actor = rotaEditor(request)
    const week = weekFrom(rawIn(fieldsOf(request.body), 'monday'))
    if (!week) throw new NotFound('There is no such week')
    await db.transact((tx) => copyAWeekOn(tx, week, { by: auditNameOf(actor), now: clock.now() }))
    return reply.redirect(`${PATH}?saved=copied`, 303)
  })

  app.post(`${PATH}/notes`, async (request, reply) => {
    const actor = deskActor(request)
    if (!handsOver(actor)) throw new Forbidden('Only people on the rota hand over')
    const fields = fieldsOf(request.body)
    const note = parseNoteForm(fields)
    if (!note.ok) return await show(request, reply.code(422), deps, fields, note.problems)
    await db.transact((tx) => addNote(tx, note.value, { by: auditNameOf(actor), now: clock.now() }))
    return reply.redirect(`${PATH}?saved=note`, 303)
  })

  app.post(`${PATH}/notes/:noteId/read`, async (request, reply) => {
    const actor = deskActor(request)
    if (!handsOver(actor)) throw new Forbidden('Only people on the rota read what is handed over')
    const id = idIn(request, 'noteId')
    const known = await db.transact((tx) => markRead(tx, id, { by: auditNameOf(actor), now: clock.now() }))
    if (!known) throw new NotFound('There is no such note')
    return reply.redirect(`${PATH}?saved=read`, 303)
  })
}

const BANNERS: Readonly<Record<string, string>> = {
  added: 'The shift is on the rota.',
  removed: 'The shift is off the rota.',
  copied: 'The week was copied to the week after.',
  note: 'The next on call will see your note.',
  read: 'Noted that you have read it.',
}

async function show(
  request: FastifyRequest,
  reply: FastifyReply,
  { db, clock, holidays }: DeskDeps,
  fields: Fields,
  problems: readonly Problem[],
): Promise<FastifyReply> {
  const actor = deskActor(request)
  const now = clock.now()
  const monday = mondayOf(now)
  const shifts = await loadShifts(db.pool, {
    startsAt: now.getTime(),
    endsAt: instantOf({ day: monday + (WEEKS_AHEAD + 1) * 7, minute: 0 }).getTime(),
  })
  const notes = await loadNotes(db.pool, NOTES_SHOWN)
  const people = notes.flatMap(({ writtenBy, readBy }) => [writtenBy, ...readBy.map(({ person }) => person)])
  const nameOf = await loadNames(db.pool, people)
  return render(reply, {
    title: 'Rota',
    banner: BANNERS[rawIn(fieldsOf(request.query), 'saved')] ?? null,
    mayEdit: can(actor, 'edit-rota'),
    mayHandOver: handsOver(actor),
    faults: faultWords(faultsAhead(shifts, now, holidays())),
    weeks: Array.from({ length: WEEKS_AHEAD + 1 }, (_, index) =>
      weekOf(monday + index * 7, shifts, { now, holidays: holidays() }),
    ),
    notes: notes.map(({ id, writtenAt, writtenBy, words, readBy }) => ({
      id,
      by: `${nameOf(writtenBy)}, ${formatMomentIn(writtenAt)}`,
      words,
      readBy: readBy.map(({ person, readAt }) => `${nameOf(person)}, ${formatMomentIn(readAt)}`),
      isRead: writtenBy === auditNameOf(actor) || readBy.some(({ person }) => person === auditNameOf(actor)),
    })),
    fields,
    problems,
  })
}

async function showAdd(
  reply: FastifyReply,
  { db, clock }: DeskDeps,
  fields: Fields,
  problems: readonly Problem[],
): Promise<FastifyReply> {
  const people = await loadRotaPeople(db.pool, clock.now())
  const chosen = rawIn(fields, 'person')
  return renderAdd(reply, {
    title: 'Add a shift',
    people: [
      { value: '', text: 'Choose a person', selected: false },
      ...people.map(({ email, name }) => ({
        value: email,
        text: name === email ? email : `${name} (${email})`,
        selected: email === chosen,
      })),
    ],
    place: rawIn(fields, 'place'),
    fields,
    problems,
  })
}

/** What is wrong with the rota of the next weeks. */
export const faultsAhead = (
  shifts: readonly StoredShift[],
  now: Date,
  holidays: HolidayCalendar,
): readonly RotaFault[] =>
  rotaFaults(shifts, { startsAt: now.getTime(), endsAt: now.getTime() + WEEKS_AHEAD * 7 * DAY_MS }, holidays)

const FAULT_TITLES: Readonly<Record<RotaFault['what'], string>> = {
  gap: 'Nobody is on call',
  overlap: 'Two people are first at once',
  'no-second': 'There is no second',
}

function faultWords(faults: readonly RotaFault[]) {
  return (['gap', 'overlap', 'no-second'] as const).flatMap((what) => {
    const spells = faults.filter((fault) => fault.what === what).map(spellWords)
    return spells.length > 0 ? [{ title: FAULT_TITLES[what], spells }] : []
  })
}

/** The Monday of the London week of an instant. */
function mondayOf(instant: Date): number {
  const { day } = toLondon(instant)
  return day - weekdayIndex(day)
}

function weekFrom(text: string): Spell | undefined {
  const monday = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
  if (!(monday >= 0) || weekdayIndex(monday) !== 0) return undefined
  const at = (day: number) => instantOf({ day, minute: 0 }).getTime()
  return { startsAt: at(monday), endsAt: at(monday + 7) }
}

function weekOf(
  monday: number,
  shifts: readonly StoredShift[],
  { now, holidays }: { readonly now: Date; readonly holidays: HolidayCalendar },
): Week {
  const { startsAt, endsAt } = weekFrom(String(monday)) ?? { startsAt: 0, endsAt: 0 }
  const isFirst = startsAt <= now.getTime()
  return {
    title: `Week from ${formatDate(dateOf(monday))}`,
    monday: String(monday),
    holidays: desksDaysOff(monday, monday + 6, holidays).map(({ date, title }) => `${formatDate(date)}: ${title}`),
    shifts: shifts
      .filter((shift) => (isFirst || shift.startsAt >= startsAt) && shift.startsAt < endsAt)
      .map((shift) => ({
        id: shift.id,
        when: shortSpell(shift),
        place: PLACE_WORDS[shift.place],
        name: shift.name,
        phone: shift.phone,
        tel: telOf(shift.phone),
        isNow: shift.startsAt <= now.getTime(),
      })),
  }
}

/** `Friday 11 December, 5pm to Saturday 12 December, 8am`: within weeks nobody needs the year. */
function shortSpell({ startsAt, endsAt }: Spell): string {
  const [from, to] = [toLondon(new Date(startsAt)), toLondon(new Date(endsAt))]
  const dated = (day: number) => formatDate(dateOf(day)).replace(/ \d{4}$/, '')
  const ends = from.day === to.day ? formatTime(to.minute) : `${dated(to.day)}, ${formatTime(to.minute)}`
  return `${dated(from.day)}, ${formatTime(from.minute)} to ${ends}`
}

function idIn(request: FastifyRequest, name: string): number {
  const text = (request.params as Record<string, string>)[name] ?? ''
  if (!/^\d{1,15}$/.test(text)) throw new NotFound('There is no such page')
  return Number(text)
}
