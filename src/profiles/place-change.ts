/**
 * Correcting a pharmacy's trading name, address or map pin. Pure: what may be asked, who must say yes, what follows.
 *
 * A name and an address are always approved by somebody else: they are the NHS list's to say. A pin near the middle of
 * its postcode is the pharmacy's own.
 */
import { distanceMetres, type Position as Point } from '#src/rules/distance.ts'
import { PIN_WITHOUT_APPROVAL_METRES } from '#src/rules/map-point.ts'
import { type Postcode, postcodeKey } from '#src/rules/postcode.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import type { ApprovedValue, Position, Profile } from './profile.ts'

export const PLACE_KINDS = ['name', 'address', 'pin'] as const
export type PlaceKind = (typeof PLACE_KINDS)[number]

/** What is asked for. A null position: the middle of the postcode, wherever that is when it is decided. */
export type AskedPlace =
  | { readonly kind: 'name'; readonly name: string }
  | {
      readonly kind: 'address'
      readonly lines: readonly string[]
      readonly postcode: Postcode
      readonly position: Position | null
    }
  | { readonly kind: 'pin'; readonly position: Position | null }

/** The middle of a postcode; undefined when it is not known. */
export type CentreOf = (postcode: string) => Position | undefined

export const LONGEST_NAME = 100
export const LONGEST_LINE = 100
export const MOST_LINES = 5

/** Whether it may be asked: well formed, and other than what the profile says. */
export function checkAsked(profile: Profile, asked: AskedPlace, centreOf: CentreOf): Result<AskedPlace> {
  const problem = problemOf(profile, asked, centreOf)
  return problem ? refused(problem) : accepted(asked)
}

function problemOf(profile: Profile, asked: AskedPlace, centreOf: CentreOf): Problem | undefined {
  const said = (field: string, message: string): Problem => ({ field, code: 'unchanged', message })
  switch (asked.kind) {
    case 'name':
      return asked.name === profile.name ? said('name', 'This is the trading name already') : undefined
    case 'address': {
      const { lines, postcode } = profile.address
      const isSame =
        lines.join('\n') === asked.lines.join('\n') && postcodeKey(postcode) === postcodeKey(asked.postcode)
      return isSame ? said('line-1', 'This is the address already') : undefined
    }
    case 'pin': {
      const position = asked.position ?? centreOf(profile.address.postcode)
      if (!position) {
        const message = `We do not know where the middle of ${profile.address.postcode} is. Enter a grid reference instead`
        return { field: 'where', code: 'unknown-postcode', message }
      }
      const is = profile.address.position
      return is && distanceMetres(is, position) === 0 ? said('point', 'The map pin is there already') : undefined
    }
  }
}

/** How far an asked point is from the middle of its postcode, metres; null when that is not known. */
export function distanceFromCentre(profile: Profile, asked: AskedPlace, centreOf: CentreOf): number | null {
  if (asked.kind === 'name') return null
  const centre = centreOf(asked.kind === 'address' ? asked.postcode : profile.address.postcode)
  return centre ? distanceMetres(centre, asked.position ?? centre) : null
}

/** Whether somebody else must say yes. A pin whose postcode is not known cannot be compared with anything. */
export const needsApproval = (asked: AskedPlace, distance: number | null): boolean =>
  asked.kind !== 'pin' || distance === null || distance > PIN_WITHOUT_APPROVAL_METRES

/**
 * The profile with what was asked. What was corrected is marked, so that no import undoes it. An address whose postcode
 * is not known keeps its request: the pharmacy has no point until the postcode or a pin comes.
 */
export function withPlace(profile: Profile, asked: AskedPlace, centreOf: CentreOf): Profile {
  switch (asked.kind) {
    case 'name':
      return approve({ ...profile, name: asked.name }, ['name'], [])
    case 'address': {
      const { lines, postcode, position } = asked
      const address = { lines, postcode, position: position ?? centreOf(postcode) ?? null }
      return approve({ ...profile, address }, position ? ['address', 'position'] : ['address'], ['position'])
    }
    case 'pin': {
      const position = asked.position ?? centreOf(profile.address.postcode) ?? profile.address.position
      const moved = { ...profile, address: { ...profile.address, position } }
      return asked.position ? approve(moved, ['position'], []) : approve(moved, [], ['position'])
    }
  }
}

/** Whether a value was corrected on request and the NHS list has not said the same since. */
export const isApproved = ({ approved = [] }: Profile, value: ApprovedValue): boolean => approved.includes(value)

/** The profile without the marks of values that an import may say again. */
export const withoutApproval = (profile: Profile, ...values: readonly ApprovedValue[]): Profile =>
  approve(profile, [], values)

function approve(profile: Profile, add: readonly ApprovedValue[], drop: readonly ApprovedValue[]): Profile {
  const { approved = [], ...rest } = profile
  const left = (['name', 'address', 'position'] as const).filter(
    (value) => add.includes(value) || (approved.includes(value) && !drop.includes(value)),
  )
  return left.length > 0 ? { ...rest, approved: left } : rest
}

/** The place of a profile, for comparing what was asked with what is. */
export type PlaceNow = { readonly name: string; readonly address: Profile['address'] }

export const placeNow = ({ name, address }: Profile): PlaceNow => ({ name, address })

/** How far the pin would move, metres; null where one of the two points is not known. */
export function moveMetres(from: Point | null, to: Point | null): number | null {
  return from && to ? distanceMetres(from, to) : null
}
