/**
 * Where a profile and the NHS's own files disagree. Pure. A difference of writing alone (capitals, punctuation, the
 * spaces of a number) is none, and what a file does not say is not compared.
 */
import { changeLines } from './change-lines.ts'
import { formatDateShort } from './clock-time.ts'
import { parsePhone } from './contact-details.ts'
import {
  aboutPharmacy,
  type CheckedPlace,
  type CheckedProfile,
  type Checking,
  type Found,
  isTrading,
} from './quality-subject.ts'

const LIST = 'the pharmaceutical list'

/** What the last pharmaceutical list says otherwise: name, address, postcode, hours of each day. */
export function differsFromList({ profile, listed }: CheckedPlace): readonly Found[] {
  if (!isTrading(profile) || !listed || listed.absentSince !== null) return []
  const isHours = profile.kind !== 'appliance'
  return [
    ...differences(profile, LIST, [
      ['name', profile.name, listed.name],
      ['address', profile.addressLines.join(', '), listed.addressLines.join(', ')],
      ['postcode', profile.postcode, listed.postcode],
    ]),
    ...(isHours ? hoursDifferences(profile, listed.weekly) : []),
  ]
}

/** What the last ODS file says otherwise: the phone, the postcode, and the name of a pharmacy that no list has. */
export function differsFromOds({ profile, ods }: CheckedPlace): readonly Found[] {
  if (!isTrading(profile) || !ods) return []
  const phone = ods.phone === null ? undefined : parsePhone(ods.phone)
  return differences(profile, 'ODS', [
    // The list gives the name over the door, ODS that of the company; both are right.
    ...(profile.isListed ? [] : [['name', profile.name, ods.name] as const]),
    ...(ods.postcode === null ? [] : [['postcode', profile.postcode, ods.postcode] as const]),
    ...(phone?.ok && profile.phone !== null ? [['phone', profile.phone, phone.value] as const] : []),
  ])
}

/** A pharmacy that an earlier list named and the last one for all of England does not. It is told of, never closed. */
export function absentFromList({ profile, listed }: CheckedPlace): readonly Found[] {
  if (!isTrading(profile) || !listed || listed.absentSince === null) return []
  const since = formatDateShort(listed.absentSince)
  return [
    difference(
      profile.odsCode,
      'absent',
      `An earlier list named it; a list imported on ${since} does not`,
      'Open',
      'Not on the list',
    ),
  ]
}

/** A pharmacy that is open here and closed, closing or missing in the ODS file. */
export function closedInOds({ profile, ods }: CheckedPlace, { today, hasOdsFile }: Checking): readonly Found[] {
  if (!isTrading(profile)) return []
  const { odsCode } = profile
  if (!ods)
    return hasOdsFile ? [difference(odsCode, 'absent', 'The ODS file does not know it', 'Open', 'Not in ODS')] : []
  if (ods.status === 'C') {
    const when = ods.closedOn === null ? '' : ` on ${formatDateShort(ods.closedOn)}`
    return [difference(odsCode, 'closed', `ODS says that it closed${when}`, 'Open', `Closed${when}`)]
  }
  if (ods.closedOn === null) return []
  const when = formatDateShort(ods.closedOn)
  const theirs = ods.closedOn < today ? `Closed on ${when}` : `Closes on ${when}`
  return [difference(odsCode, 'closing', `ODS gives ${when} as its last day`, 'Open', theirs)]
}

/** An organisation that opened where and when this one closed: patients, hours and codes may have to move to it. */
export function successors({ profile, successors }: CheckedPlace): readonly Found[] {
  if (!profile) return []
  return successors.map(({ odsCode, name, openedOn }) => {
    const theirs = `${name} (${odsCode}), opened ${formatDateShort(openedOn)}`
    const ours = profile.status === 'closed' ? 'Closed' : 'Open'
    return difference(profile.odsCode, odsCode, `ODS has ${theirs} at the same postcode`, ours, theirs)
  })
}

/** An active pharmacy of the ODS file that has no profile here. */
export function unknownHere({ code, profile, ods }: CheckedPlace): readonly Found[] {
  if (profile || code === null || ods?.status !== 'A') return []
  return [difference(code, '', `ODS has ${ods.name}, and no profile has its code`, 'No profile', ods.name)]
}

type Compared = readonly [field: 'name' | 'address' | 'postcode' | 'phone', ours: string, theirs: string]

function differences({ odsCode }: CheckedProfile, source: string, compared: readonly Compared[]): readonly Found[] {
  return compared.flatMap(([field, ours, theirs]) => {
    const [line] = changeLines(field, withAnd(ours), withAnd(theirs))
    if (!line || line.onlyFormat) return []
    return [difference(odsCode, field, `${line.what}: ${source} says “${theirs}”`, ours, theirs)]
  })
}

/** As importers compare: `Hill & Sons` is `Hill and Sons`. */
const withAnd = (text: string): string => text.replaceAll('&', ' and ')

function hoursDifferences({ odsCode, weekly }: CheckedProfile, theirs: CheckedProfile['weekly']): readonly Found[] {
  const said = weekly.map((hours, day) => theirs[day] ?? hours)
  return changeLines('weekly', weekly, said).map(({ what, before, after }) =>
    difference(odsCode, what.split(' ')[0]?.toLowerCase() ?? '', `${what}: ${LIST} says ${after}`, before, after),
  )
}

const difference = (odsCode: string, part: string, detail: string, ours: string, theirs: string): Found => ({
  ...aboutPharmacy(odsCode, detail, part),
  ...{ ours, theirs },
})
