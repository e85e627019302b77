/** What may be wrong with DoS services. Pure: each function answers with what it finds at one place. */

import { formatDateShort } from './clock-time.ts'
import { parsePhone } from './contact-details.ts'
import { distanceMetres } from './distance.ts'
import { type LocalDate, WEEKDAYS } from './london-time.ts'
import { OFFERED_SERVICES, Z_CODE_GROUP } from './offered-services.ts'
import { type DayHours, normaliseSessions } from './opening-times.ts'
import {
  aboutPharmacy,
  aboutService,
  type CheckedPlace,
  type CheckedService,
  type Checking,
  type Found,
} from './quality-subject.ts'
import { BLOOD_PRESSURE_CHECK, CONTRACEPTION, PHARMACY_TYPES } from './service-matching.ts'
import { lifecycleOf, typeNameOf } from './service-types.ts'
import { misplacedBecause } from './z-codes.ts'

/** Types of which a pharmacy has one. Of the others (enhanced services and the like) it may have several. */
const ONE_OF_A_KIND: ReadonlySet<number> = new Set([13, 134, 148, 149])
/** Farther than this from the middle of its postcode a pin is likely wrong. Ours; postcodes in towns are far smaller. */
export const FAR_PIN_METRES = 1000

const isActive = ({ status }: CheckedService): boolean => status === 'ACTIVE'
const isPharmacyType = ({ typeId }: CheckedService): boolean => Object.hasOwn(PHARMACY_TYPES, typeId)
/** Active, of a type that searches answer with. */
const isFound = (service: CheckedService): boolean => isActive(service) && lifecycleOf(service.typeId) === 'current'
const pharmacyServices = ({ services }: CheckedPlace): readonly CheckedService[] =>
  services.filter((service) => isActive(service) && isPharmacyType(service))

const typeOf = (typeId: number): string => typeNameOf(typeId) ?? `type ${typeId}`
const nameKey = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
const canonical = (code: string): string => code.normalize('NFKC').replaceAll(/\s/g, '').toUpperCase()
/** The pharmacy that a service's code names, however it is written. */
const fiveOf = (code: string): string => canonical(code).slice(0, 5)

/**
 * Active services that are there twice. Each but the oldest (the lowest uid) is a finding, and names it.
 *
 * Source: DoS Integration, quality checker: more than one active 148 or 149 under the same five characters; types 13
 * and 134 by the same reason. Types of which there may be several are the same only when their names are.
 */
export function duplicateServices(place: CheckedPlace): readonly Found[] {
  if (place.code === null) return []
  const groups = Map.groupBy(
    pharmacyServices(place).toSorted((one, other) => one.uid - other.uid),
    ({ typeId, name }) => (ONE_OF_A_KIND.has(typeId) ? String(typeId) : `${typeId} ${nameKey(name)}`),
  )
  return [...groups.values()].flatMap(([first, ...others]) =>
    others.map((service) =>
      aboutService(service, `Another active ${typeOf(service.typeId)} service of ${place.code} is ${first?.uid}`),
    ),
  )
}

const codeOf = (offered: string): number => OFFERED_SERVICES.find(({ code }) => code === offered)?.zCode ?? Number.NaN
const BLOOD_PRESSURE_CODE = codeOf(BLOOD_PRESSURE_CHECK)
const CONTRACEPTION_CODE = codeOf(CONTRACEPTION)

/** Z codes on active services where they do not belong (`z-codes.ts`): urgent care is sent to the wrong service. */
export function misplacedZCodes(place: CheckedPlace): readonly Found[] {
  return pharmacyServices(place).flatMap((service) => {
    const why = service.zCodes.map((code) => misplacedBecause(service, code)).filter((text) => text !== '')
    return why.length === 0 ? [] : [aboutService(service, why.join('. '))]
  })
}

/** Active 148 and 149 services without the Z code by which they are found. Source: DoS Integration leaves them so. */
export function missingZCodes(place: CheckedPlace): readonly Found[] {
  return pharmacyServices(place).flatMap((service) => {
    const code = service.typeId === 148 ? BLOOD_PRESSURE_CODE : service.typeId === 149 ? CONTRACEPTION_CODE : undefined
    if (code === undefined || service.zCodes.includes(code)) return []
    return [aboutService(service, `${typeOf(service.typeId)} is active and lacks Z code ${Z_CODE_GROUP}=${code}`)]
  })
}

/** Opening times that no clock can show: a session that ends before it begins, or two that overlap. */
export function impossibleHours(place: CheckedPlace): readonly Found[] {
  return place.services.filter(isFound).flatMap((service) => {
    const { weekly, specified, bankHoliday } = service.hours
    const wrong = [
      ...weekly.flatMap((sessions, day) => wrongIn(sessions, () => capital(WEEKDAYS[day as 0] ?? ''))),
      ...wrongIn(bankHoliday, () => 'Bank holidays'),
      ...Object.entries(specified).flatMap(([date, sessions]) =>
        wrongIn(sessions, () => formatDateShort(date as LocalDate)),
      ),
    ]
    return wrong.length === 0 ? [] : [aboutService(service, summed(wrong))]
  })
}

function wrongIn(sessions: DayHours, dayInWords: () => string): readonly string[] {
  if (sessions === null || sessions.length === 0) return []
  const read = normaliseSessions(sessions)
  return read.ok ? [] : [`${dayInWords()}: ${read.problems[0]?.message ?? 'not hours'}`]
}

/** An active pharmacy service that is open at no time at all. Source: DoS Integration, blank standard openings. */
export function blankHours(place: CheckedPlace): readonly Found[] {
  return pharmacyServices(place).flatMap((service) => {
    const { weekly, specified, openAllHours } = service.hours
    const isOpenSometime = weekly.some((day) => day !== null && day.length > 0)
    const hasDates = Object.values(specified).some((sessions) => sessions.length > 0)
    if (openAllHours || isOpenSometime || hasDates) return []
    return [aboutService(service, 'No opening times on any day of the week')]
  })
}

/**
 * Codes that are not written as ODS writes them. Whoever compares codes as they stand misses the service.
 *
 * Source: DoS Integration, known weaknesses: codes in small letters or with blanks were missed.
 */
export function untidyCodes(place: CheckedPlace): readonly Found[] {
  return place.services
    .filter(({ odsCode, status }) => odsCode !== null && status !== 'RETIRED' && odsCode !== canonical(odsCode))
    .map((service) =>
      aboutService(service, `The ODS code is written “${service.odsCode}”, not ${canonical(service.odsCode ?? '')}`),
    )
}

/** Active services of a pharmacy type that no profile stands for. Untidy codes are another rule's. */
export function unmatchedServices(place: CheckedPlace): readonly Found[] {
  if (place.profile) return []
  return pharmacyServices(place).flatMap((service) => {
    const { odsCode } = service
    if (odsCode === null) return [aboutService(service, 'It has no ODS code, so no pharmacy can look after it')]
    if (odsCode !== canonical(odsCode)) return []
    return [aboutService(service, `No pharmacy profile has the ODS code ${fiveOf(odsCode)}`)]
  })
}

/** What its profile does not place: the rest is found once, at the pharmacy. */
const placedAlone = (place: CheckedPlace): readonly CheckedService[] =>
  place.services.filter(
    (service) => isFound(service) && !(place.profile && service.isProjected && !service.ownValues.includes('address')),
  )

/** Services and pharmacies that are not on the map, because their postcode is missing or nobody knows it. */
export function notPlaced(place: CheckedPlace, { centreOf }: Checking): readonly Found[] {
  const { profile } = place
  const because = (postcode: string | null) => {
    if (!postcode) return 'It has no postcode'
    return centreOf(postcode)
      ? `It has no map point, though ${postcode} is known`
      : `Nobody knows the postcode ${postcode}`
  }
  const isLost = profile && profile.position === null && profile.status !== 'closed'
  return [
    ...(isLost ? [aboutPharmacy(profile.odsCode, because(profile.postcode))] : []),
    ...placedAlone(place)
      .filter(({ position }) => position === null)
      .map((service) => aboutService(service, because(service.postcode))),
  ]
}

/** Postcodes that nobody knows, of what is on the map all the same: written wrongly, new, or ended long ago. */
export function unknownPostcodes(place: CheckedPlace, { centreOf, hasPostcodes }: Checking): readonly Found[] {
  const { profile } = place
  const isUnknown = (postcode: string | null, position: CheckedService['position']): boolean =>
    hasPostcodes && position !== null && !!postcode && centreOf(postcode) === undefined
  const words = (postcode: string | null) => `Nobody knows the postcode ${postcode}`
  return [
    ...(profile && profile.status !== 'closed' && isUnknown(profile.postcode, profile.position)
      ? [aboutPharmacy(profile.odsCode, words(profile.postcode))]
      : []),
    ...placedAlone(place)
      .filter(({ postcode, position }) => isUnknown(postcode, position))
      .map((service) => aboutService(service, words(service.postcode))),
  ]
}

/** Pins that are far from the middle of their postcode: searches by distance answer wrongly. */
export function farPins(place: CheckedPlace, { centreOf }: Checking): readonly Found[] {
  const { profile } = place
  const farBy = (at: CheckedService['position'], postcode: string | null): number => {
    const centre = postcode === null ? undefined : centreOf(postcode)
    return at && centre ? distanceMetres(at, centre) : 0
  }
  const words = (metres: number, postcode: string | null) =>
    `The pin is ${metres} metres from the middle of ${postcode}`
  const own = profile ? farBy(profile.position, profile.postcode) : 0
  return [
    ...(profile && profile.status !== 'closed' && own > FAR_PIN_METRES
      ? [aboutPharmacy(profile.odsCode, words(own, profile.postcode))]
      : []),
    ...placedAlone(place).flatMap((service) => {
      const metres = farBy(service.position, service.postcode)
      return metres > FAR_PIN_METRES ? [aboutService(service, words(metres, service.postcode))] : []
    }),
  ]
}

/** Active services without a phone number that can be rung, where no profile gives them one. */
export function servicesWithoutPhone(place: CheckedPlace): readonly Found[] {
  return place.services
    .filter((service) => isFound(service) && isPharmacyType(service) && !service.isProjected)
    .flatMap((service) => {
      if (service.phone === null || service.phone.trim() === '') return [aboutService(service, 'No phone number')]
      return parsePhone(service.phone).ok ? [] : [aboutService(service, `“${service.phone}” is not a phone number`)]
    })
}

/** Services that keep values which differ from what their pharmacy says, until a person decides. */
export function ownValues(place: CheckedPlace): readonly Found[] {
  return place.services
    .filter((service) => isActive(service) && service.isProjected && service.ownValues.length > 0)
    .map((service) => aboutService(service, `It differs from its pharmacy in: ${service.ownValues.join(', ')}`))
}

const MOST_SAID = 3
const summed = (wrong: readonly string[]): string =>
  wrong.length <= MOST_SAID
    ? wrong.join('; ')
    : `${wrong.slice(0, MOST_SAID).join('; ')}; and ${wrong.length - MOST_SAID} more`
const capital = (day: string): string => day.charAt(0).toUpperCase() + day.slice(1)
