/** The search of the directory, asked in the words of the reference: what is compared, and what a difference looks like. */

import { serviceReader } from '#src/directory/indexed-service.ts'
import { createTriageIndex, type ResultRules, type TriageIndex } from '#src/directory/triage/triage-index.ts'
import { buildTriageReference, type TriageReference } from '#src/directory/triage/triage-reference.ts'
import { urgentCareReader } from '#src/directory/triage/urgent-care-reader.ts'
import type { UrgentCareService } from '#src/directory/triage/urgent-care-service.ts'
import { parseServiceLine } from '#src/reference-data/service-lines.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import type { ClosedSpell } from '#src/rules/closed-spells.ts'
import { dayOf, type LocalDate, MINUTES_PER_DAY } from '#src/rules/london-time.ts'
import type { OpeningTimes, Session } from '#src/rules/opening-times.ts'
import { type Gender, type TriageQuestion, usableDiscriminators } from '#src/rules/triage.ts'
import { rowOf } from '#test/support/service-row.ts'
import type { SlowQuestion, SlowReference, SlowService, SlowSession } from './slow-triage.ts'

/** Reads services as an import and a start do: from lines to records to what is searched. */
export function fastReader(reference: SlowReference): (service: SlowService) => UrgentCareService {
  const published = reference.bankHolidays.map((date) => ({ date: date as LocalDate, title: 'Holiday' }))
  const readService = serviceReader(holidayCalendar(published))
  const readUrgentCare = urgentCareReader()
  let seq = 0
  return ({ closures, ...service }) => {
    const overnight = hasOvernight(service)
    const given = overnight ? { ...service, weekly: NO_WEEK, specified: {} } : service
    const line = JSON.stringify({ name: `Service ${service.uid}`, address: [], ...given })
    const reading = parseServiceLine(line, () => true)
    if (!reading.ok) throw new Error(`${reading.reasons.join('; ')}: ${line}`)
    const { asGiven: _, ...plain } = reading.record
    const record = overnight ? { ...plain, hours: { ...plain.hours, ...hoursOf(service) } } : plain
    seq++
    const closed = closures && { closures: closures.map(spellOf) }
    return readUrgentCare(readService(rowOf({ ...record, ...closed }, seq)))
  }
}

/** No line of the format can hold a closure either; what is written into the hours is left out here. */
const spellOf = ({ from, until }: NonNullable<SlowService['closures']>[number]): ClosedSpell => ({
  from,
  until,
  writtenTo: '1970-01-01',
  statutory: [],
  ended: false,
})

/** Sessions past midnight are made by editors; no line of the format can hold them. */
const hasOvernight = ({ weekly, specified }: SlowService): boolean =>
  [...weekly, ...Object.values(specified)].some((day) => day?.some(([start, end]) => end < start))

const NO_WEEK = [[], [], [], [], [], [], []]

const hoursOf = ({ weekly, specified }: SlowService): Pick<OpeningTimes, 'weekly' | 'specified'> => ({
  weekly: weekly.map((day) => day && sessionsOf(day)),
  specified: Object.fromEntries(Object.entries(specified).map(([date, day]) => [date, sessionsOf(day)])),
})

const sessionsOf = (day: readonly SlowSession[]): readonly Session[] =>
  day.map(([start, end]) => {
    const [opens, closes] = [minuteOfClock(start), end === '23:59' ? MINUTES_PER_DAY : minuteOfClock(end)]
    return { opens, closes: closes < opens ? closes + MINUTES_PER_DAY : closes }
  })

const minuteOfClock = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))

/** An index as it is after a start: filled, then put in order. */
export function fastIndexOf(services: readonly SlowService[], reference: SlowReference): TriageIndex {
  const index = createTriageIndex()
  const read = fastReader(reference)
  for (const service of services) index.take(read(service))
  index.tidy()
  return index
}

export const fastReference = ({ types, ...rest }: SlowReference): TriageReference =>
  buildTriageReference({ ...rest, types: types.map((type) => ({ ...type, name: `Type ${type.id}` })) })

/** The question as the search takes it. Undefined when no usable discriminator is left, which is a fault. */
export function fastQuestion(asked: SlowQuestion, reference: TriageReference): TriageQuestion | undefined {
  const paired = asked.sg === null ? undefined : reference.pairedWith(asked.sg)
  const discriminators = usableDiscriminators(asked.sds, paired)
  if (asked.sg !== null && discriminators.length === 0) return undefined
  const surgery = (asked.surgery ?? '').trim().toUpperCase()
  const { areas = null } = asked
  return {
    origin: { easting: asked.easting, northing: asked.northing },
    distanceKm: asked.distanceKm,
    symptomGroup: asked.sg,
    discriminators,
    discriminatorRule: asked.discriminatorRule ?? 'all',
    disposition:
      asked.disposition === null
        ? null
        : { id: asked.disposition, timeframe: reference.dispositions.get(asked.disposition)?.timeframe ?? null },
    gender: asked.gender as Gender,
    age: asked.ageDays,
    role: asked.role,
    surgery: surgery === '' || surgery === 'UNK' ? null : surgery,
    at: { day: dayOf(asked.time as LocalDate), minute: minuteOfClock(asked.time.slice(11)) },
    areas: areas && [areas.localAuthority, areas.icb, ...areas.local].filter((code) => code !== null),
  }
}

export function fastRules(
  asked: SlowQuestion,
  reference: TriageReference,
  { catchAllTypes }: SlowReference,
): ResultRules {
  return {
    rankOf: (typeId) => reference.rankOf(typeId, asked.areas ?? null),
    limitOf: (typeId) => reference.types.get(typeId)?.limit ?? 2,
    catchAllTypes,
    catchAllKm: reference.catchAllKm,
    legacyCatchAll: asked.legacyCatchAll ?? false,
  }
}
