/**
 * What a pharmacy may say of its services and facilities, and what its profile becomes. Pure; `today` is the London date.
 *
 * Answers are added one by one: what is not among them stays as it is, and what nobody answered stays unknown. An
 * answer that was stored before is taken as it is, so that a later change of hours never blocks an unrelated edit.
 */
import { isDeepStrictEqual } from 'node:util'
import { dayName, formatDateShort, formatSessions } from '#src/rules/clock-time.ts'
import { type FacilityKind, facilityKind } from '#src/rules/facilities.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { type OfferedServiceKind, offeredServiceKind } from '#src/rules/offered-services.ts'
import { normaliseSessions, type Session } from '#src/rules/opening-times.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { invitationProblems } from './decide-delivery.ts'
import { isRemoteOnly, timesName } from './kind-words.ts'
import type { FacilityAnswer, Profile, ServiceAnswer } from './profile.ts'
import { canHave, canOffer } from './remote-offers.ts'

export const LONGEST_BOOKING_LINK = 500
export const LONGEST_STOCK_LIST = 80
export const LONGEST_FACILITY_NOTE = 200

/** The answer of a service that is not offered: it has nothing else to say. */
export const NOT_OFFERED: ServiceAnswer = {
  offered: false,
  hours: null,
  byAppointment: false,
  bookingLink: null,
  from: null,
  to: null,
}

/**
 * Adds or replaces answers of services, by code. Problems name the field `PART-CODE`: `hours-SRV0560-2` (Wednesday),
 * `link-SRV0560`, `from-…`, `to-…`, `stock-…`, `list-…`, or `service-…` for the service itself.
 *
 * Source: NHS terms of service for distance selling pharmacies (remote services only since 1 October 2025).
 */
export function decideSetServices(
  profile: Profile,
  answers: Readonly<Record<string, ServiceAnswer>>,
  { today }: { readonly today: LocalDate },
): Result<Profile> {
  const problems: Problem[] = []
  const services: Record<string, ServiceAnswer> = { ...profile.services }
  for (const [code, answer] of Object.entries(answers)) {
    const decided = decideService(profile, code, answer, today)
    if (decided.ok) services[code] = decided.value
    else problems.push(...decided.problems)
  }
  return problems.length > 0 ? refused(...problems) : accepted({ ...profile, services })
}

function decideService(profile: Profile, code: string, answer: ServiceAnswer, today: LocalDate): Result<ServiceAnswer> {
  const kind = offeredServiceKind(code)
  if (!kind) {
    return refused({ field: `service-${code}`, code: 'unknown', message: `There is no service with the code ${code}` })
  }
  if (!answer.offered) return accepted(NOT_OFFERED)
  const stored = profile.services?.[code]
  if (stored && isDeepStrictEqual(stored, answer)) return accepted(stored)
  const hours = answer.hours === null ? accepted(null) : decideHours(profile, kind, answer)
  const link = answer.bookingLink === null ? accepted(null) : readBookingLink(kind, answer.bookingLink)
  const problems = [
    ...(hours.ok ? [] : hours.problems),
    ...(link.ok ? [] : link.problems),
    ...offerProblems(profile, kind, answer),
    ...dateProblems(kind, answer, today),
    ...stockProblems(kind, answer, today),
  ]
  if (!hours.ok || !link.ok || problems.length > 0) return refused(...problems)
  const { offered, byAppointment, from, to } = answer
  return accepted({
    offered,
    hours: hours.value,
    byAppointment,
    bookingLink: link.value,
    from,
    to,
    ...(kind.stock ? stockFacts(answer) : {}),
  })
}

const stockFacts = ({ stockCheckedOn, stockList }: ServiceAnswer): Partial<ServiceAnswer> => ({
  ...(stockCheckedOn ? { stockCheckedOn } : {}),
  ...(stockList ? { stockList } : {}),
})

function decideHours(profile: Profile, kind: OfferedServiceKind, { hours, byAppointment }: ServiceAnswer) {
  const week = hours ?? []
  const field = (day: number) => `hours-${kind.code}-${day}`
  if (week.length !== 7 || week.some((day) => day === null)) {
    const day = Math.max(0, week.indexOf(null))
    return refused({
      field: field(day),
      code: 'missing',
      message: `Tell us the hours of ${kind.label} on ${dayName(day)}, or say that it is not given that day`,
    })
  }
  const problems: Problem[] = []
  const read = week.map((sessions, day) => {
    const normal = normaliseSessions(sessions ?? [])
    if (!normal.ok) {
      problems.push(
        ...normal.problems.map((problem) => ({
          ...problem,
          field: field(day),
          message: `${kind.label} on ${dayName(day)}: ${problem.message}`,
        })),
      )
      return []
    }
    const outside = outsideOpening(profile, kind, day, normal.value)
    if (outside) problems.push({ field: field(day), ...outside })
    return normal.value
  })
  if (problems.length === 0 && !byAppointment && read.every((sessions) => sessions.length === 0)) {
    problems.push({
      field: field(0),
      code: 'never',
      message: `Enter hours of ${kind.label} for at least one day, or say that it is by appointment`,
    })
  }
  return problems.length > 0 ? refused(...problems) : accepted(read)
}

/** Why hours of a service do not fit into the pharmacy's own hours of that weekday; undefined when they do. */
function outsideOpening(
  profile: Profile,
  kind: OfferedServiceKind,
  day: number,
  sessions: readonly Session[],
): Omit<Problem, 'field'> | undefined {
  if (sessions.length === 0) return undefined
  const open = profile.weekly[day] ?? null
  const name = dayName(day)
  if (open === null) {
    return {
      code: 'unknown-day',
      message: `Tell us your ${timesName(profile.kind)} on ${name} before you enter hours of ${kind.label}`,
    }
  }
  const fits = sessions.every((own) => open.some(({ opens, closes }) => opens <= own.opens && own.closes <= closes))
  if (fits) return undefined
  const message =
    open.length === 0
      ? `${kind.label} cannot be given on ${name}, because your pharmacy is closed`
      : `${kind.label} on ${name} must be within your ${timesName(profile.kind)}, ${formatSessions(open)}`
  return { code: 'outside-opening', message }
}

function readBookingLink(kind: OfferedServiceKind, text: string): Result<string> {
  const no = (code: string, message: string) => refused({ field: `link-${kind.code}`, code, message })
  const typed = text.normalize('NFKC').trim()
  if (typed.length > LONGEST_BOOKING_LINK) {
    return no('too-long', `The booking link of ${kind.label} must be ${LONGEST_BOOKING_LINK} characters or fewer`)
  }
  const url = URL.canParse(typed) ? new URL(typed) : undefined
  if (url?.protocol !== 'https:' || !url.hostname.includes('.') || url.username !== '' || /\s/.test(typed)) {
    return no('not-https', `The booking link of ${kind.label} must be a web address that starts with https://`)
  }
  return accepted(url.href)
}

function offerProblems(profile: Profile, kind: OfferedServiceKind, answer: ServiceAnswer): readonly Problem[] {
  return [
    ...(canOffer(profile.kind, kind)
      ? []
      : [
          {
            field: `service-${kind.code}`,
            code: 'not-remote',
            message: `${kind.label} cannot be given by phone, video or post, so a distance selling pharmacy cannot offer it`,
          },
        ]),
    ...(answer.hours === null || kind.ownHours
      ? []
      : [
          {
            field: `hours-${kind.code}-0`,
            code: 'no-own-hours',
            message: `${kind.label} has no hours of its own. It is there whenever your pharmacy is open`,
          },
        ]),
  ]
}

function dateProblems(kind: OfferedServiceKind, { from, to }: ServiceAnswer, today: LocalDate): readonly Problem[] {
  if (to === null) return []
  if (from !== null && to < from) {
    return [
      {
        field: `to-${kind.code}`,
        code: 'order',
        message: `The last day of ${kind.label} must be the same as or after the first day`,
      },
    ]
  }
  if (to >= today) return []
  const message = `The last day of ${kind.label} must be today or in the future. If you no longer offer it, say no`
  return [{ field: `to-${kind.code}`, code: 'past', message }]
}

function stockProblems(kind: OfferedServiceKind, answer: ServiceAnswer, today: LocalDate): readonly Problem[] {
  if (!kind.stock) return []
  const tooLong = [...(answer.stockList ?? '')].length > LONGEST_STOCK_LIST
  return [
    ...stockDateProblems(kind, answer, today),
    ...(tooLong
      ? [
          {
            field: `list-${kind.code}`,
            code: 'too-long',
            message: `The name and version of the stock list must be ${LONGEST_STOCK_LIST} characters or fewer`,
          },
        ]
      : []),
  ]
}

function stockDateProblems(
  { code, label }: OfferedServiceKind,
  { stockCheckedOn }: ServiceAnswer,
  today: LocalDate,
): readonly Problem[] {
  const field = `stock-${code}`
  if (!stockCheckedOn) {
    return [{ field, code: 'missing', message: `Enter the date you last checked the stock for ${label}` }]
  }
  if (stockCheckedOn <= today) return []
  const message = `The date you checked the stock must be ${formatDateShort(today)} or earlier`
  return [{ field, code: 'future', message }]
}

/**
 * Adds or replaces answers of facilities, by id; null takes an answer back, so that it is "not stated" again. Problems
 * name the field `PART-ID`: `measure-wide-door`, `note-languages`, or `facility-…` for the facility itself.
 */
export function decideSetFacilities(
  profile: Profile,
  answers: Readonly<Record<string, FacilityAnswer | null>>,
): Result<Profile> {
  const problems: Problem[] = []
  const facilities: Record<string, FacilityAnswer> = { ...profile.facilities }
  for (const [id, answer] of Object.entries(answers)) {
    const kind = facilityKind(id)
    if (!kind) {
      problems.push({ field: `facility-${id}`, code: 'unknown', message: `There is no facility with the id ${id}` })
    } else if (answer === null) {
      delete facilities[id]
    } else {
      const decided = decideFacility(profile, kind, answer)
      if (decided.ok) facilities[id] = decided.value
      else problems.push(...decided.problems)
    }
  }
  return problems.length > 0 ? refused(...problems) : accepted({ ...profile, facilities })
}

function decideFacility(profile: Profile, kind: FacilityKind, answer: FacilityAnswer): Result<FacilityAnswer> {
  const { has, measure, note } = answer
  const stored = profile.facilities?.[kind.id]
  if (stored && isDeepStrictEqual(stored, answer)) return accepted(stored)
  const said = (note ?? '').normalize('NFC').trim()
  const problems: Problem[] = []
  if ([...said].length > LONGEST_FACILITY_NOTE) {
    problems.push({
      field: `note-${kind.id}`,
      code: 'too-long',
      message: `The note on ${kind.label} must be ${LONGEST_FACILITY_NOTE} characters or fewer`,
    })
  }
  problems.push(...remoteProblems(profile, kind, { has, said }))
  const wrongMeasure = has && measure !== undefined ? measureProblem(kind, measure) : undefined
  if (wrongMeasure) problems.push({ field: `measure-${kind.id}`, ...wrongMeasure })
  if (problems.length > 0) return refused(...problems)
  return accepted({
    has,
    ...(has && measure !== undefined ? { measure } : {}),
    ...(said === '' ? {} : { note: said }),
  })
}

/** A pharmacy that nobody visits has no building to tell of, and its notes ask nobody to come. */
function remoteProblems(
  profile: Profile,
  kind: FacilityKind,
  { has, said }: { readonly has: boolean; readonly said: string },
): readonly Problem[] {
  if (!isRemoteOnly(profile.kind)) return []
  const message = `${kind.label} is for people who come to you, and a distance selling pharmacy has no visitors`
  return [
    ...(has && !canHave(profile.kind, kind) ? [{ field: `facility-${kind.id}`, code: 'not-remote', message }] : []),
    ...invitationProblems(`note-${kind.id}`, `the note on ${kind.label}`, said),
  ]
}

function measureProblem(kind: FacilityKind, measure: number): Omit<Problem, 'field'> | undefined {
  const limits = kind.measure
  if (!limits) return { code: 'no-measure', message: `${kind.label} has no measurement` }
  if (Number.isInteger(measure) && measure >= limits.min && measure <= limits.max) return undefined
  return {
    code: 'range',
    message: `${limits.label} must be a whole number between ${limits.min} and ${limits.max} ${limits.unit}`,
  }
}
