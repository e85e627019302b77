/** The forms that ask for another name, address or map pin: body to what is asked, or field problems. No I/O. */
import { type AskedPlace, LONGEST_LINE, LONGEST_NAME, MOST_LINES, type PlaceKind } from '#src/profiles/place-change.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { type MapPoint, parseMapPoint } from '#src/rules/map-point.ts'
import { parsePostcode } from '#src/rules/postcode.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { type Fields, isUnreadable, lineIn, proseIn } from './fields.ts'

export const LONGEST_EVIDENCE = 1000

/** What the form asks for, with how whoever asks knows it. */
export type PlaceForm = { readonly asked: AskedPlace; readonly evidence: string }

/** What a form shows when it is opened: what the profile says now. */
export function placeFields(kind: PlaceKind, { name, address }: Profile): Fields {
  switch (kind) {
    case 'name':
      return { name }
    case 'address':
      return { ...lineFields(address.lines), postcode: address.postcode }
    case 'pin':
      return {}
  }
}

/** `line-1` to `line-5`. */
export const LINE_NAMES: readonly string[] = Array.from({ length: MOST_LINES }, (_, index) => `line-${index + 1}`)

const lineFields = (lines: readonly string[]): Fields =>
  Object.fromEntries(LINE_NAMES.map((name, index) => [name, lines[index] ?? '']))

/** Reads a form. Every field is judged, so that one sending shows every problem. */
export function parsePlaceForm(kind: PlaceKind, fields: Fields): Result<PlaceForm> {
  const asked = PARSERS[kind](fields)
  const evidence = readEvidence(kind, fields)
  const problems = [...(asked.ok ? [] : asked.problems), ...(evidence.ok ? [] : evidence.problems)]
  if (!asked.ok || !evidence.ok) return refused(...problems)
  return accepted({ asked: asked.value, evidence: evidence.value })
}

const PARSERS: Readonly<Record<PlaceKind, (fields: Fields) => Result<AskedPlace>>> = {
  name: readName,
  address: readAddress,
  pin: readPin,
}

function readName(fields: Fields): Result<AskedPlace> {
  const name = proseIn(fields, 'name')
  if (name === '') return refused(problem('name', 'missing', 'Enter the trading name'))
  if (isUnreadable(name))
    return refused(problem('name', 'unreadable', 'Enter the trading name again: part of it could not be read'))
  if ([...name].length > LONGEST_NAME) {
    return refused(problem('name', 'too-long', `The trading name must be ${LONGEST_NAME} characters or fewer`))
  }
  if (!/\p{L}/u.test(name)) return refused(problem('name', 'invalid', 'Enter a trading name with letters in it'))
  return accepted({ kind: 'name', name })
}

function readAddress(fields: Fields): Result<AskedPlace> {
  const lines = LINE_NAMES.map((name) => proseIn(fields, name))
  const postcode = parsePostcode(lineIn(fields, 'postcode'))
  const point = readPoint(fields, false)
  const problems = [
    ...(lines.some((line) => line !== '') ? [] : [problem('line-1', 'missing', 'Enter the building and street')]),
    ...lines.flatMap((line, index) => lineProblems(`line-${index + 1}`, line)),
    ...(postcode ? [] : [problem('postcode', 'invalid', 'Enter a full postcode, like M33 7AB')]),
    ...(point.ok ? [] : point.problems),
  ]
  if (!postcode || !point.ok || problems.length > 0) return refused(...problems)
  return accepted({ kind: 'address', lines: lines.filter((line) => line !== ''), postcode, position: point.value })
}

function lineProblems(name: string, line: string): readonly Problem[] {
  if (isUnreadable(line)) return [problem(name, 'unreadable', 'Enter this line again: part of it could not be read')]
  return [...line].length > LONGEST_LINE
    ? [problem(name, 'too-long', `Each line of the address must be ${LONGEST_LINE} characters or fewer`)]
    : []
}

function readPin(fields: Fields): Result<AskedPlace> {
  const where = lineIn(fields, 'where')
  if (where === 'postcode') return accepted({ kind: 'pin', position: null })
  if (where !== 'point') return refused(problem('where', 'missing', 'Select where the map pin should be'))
  const point = readPoint(fields, true)
  return point.ok ? accepted({ kind: 'pin', position: point.value }) : point
}

function readPoint(fields: Fields, isRequired: boolean): Result<MapPoint | null> {
  const text = lineIn(fields, 'point')
  if (text === '' && !isRequired) return accepted(null)
  const point = parseMapPoint(text)
  if (point) return accepted(point)
  const message =
    text === ''
      ? 'Enter a grid reference, or latitude and longitude'
      : 'Enter a grid reference like SJ 78940 91980, or latitude and longitude like 53.42400, -2.31800, in Great Britain'
  return refused(problem('point', text === '' ? 'missing' : 'invalid', message))
}

/** Whoever decides must be able to see that it is so. A pin may turn out to be the pharmacy's own to set: that is asked later. */
function readEvidence(kind: PlaceKind, fields: Fields): Result<string> {
  const evidence = proseIn(fields, 'evidence')
  if (evidence === '' && kind !== 'pin') {
    return refused(problem('evidence', 'missing', 'Tell us how you know, for example the reference that PCSE gave you'))
  }
  const asked = kind === 'pin' ? 'Why it is right' : 'How you know'
  if (isUnreadable(evidence)) {
    const message = `Enter ${asked.toLowerCase()} again: part of it could not be read`
    return refused(problem('evidence', 'unreadable', message))
  }
  if ([...evidence].length > LONGEST_EVIDENCE) {
    const most = LONGEST_EVIDENCE.toLocaleString('en-GB')
    return refused(problem('evidence', 'too-long', `${asked} must be ${most} characters or fewer`))
  }
  return accepted(evidence)
}

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
