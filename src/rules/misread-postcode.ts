/** Which postcodes somebody may have meant who typed what is none, or one that nobody knows. */
import { type Outcode, type Postcode, parseOutcode, parsePostcode, postcodeKey } from './postcode.ts'

/** What is typed for what: the letter O for nought, and the like. */
const DIGIT_FOR: Readonly<Record<string, string>> = { O: '0', Q: '0', I: '1', L: '1', Z: '2', S: '5', G: '6', B: '8' }
const LETTER_FOR: Readonly<Record<string, string>> = { '0': 'O', '1': 'I', '2': 'Z', '5': 'S', '6': 'G', '8': 'B' }
/** A for a letter, 9 for a digit. */
const OUTWARD_SHAPES = ['A9', 'A99', 'AA9', 'AA99', 'A9A', 'AA9A'] as const
const INWARD_SHAPE = '9AA'
/** Of a postcode without its blank, and one letter more. */
const SHORTEST = 5
const LONGEST = 8
const MOST_MISTAKES = 2

type Reading = { readonly key: string; readonly mistakes: number }

/** The likeliest first: digits and letters taken for each other, one letter too many, two letters the wrong way round. */
export function postcodesMeant(text: string): readonly Postcode[] {
  const shapes = OUTWARD_SHAPES.map((shape) => shape + INWARD_SHAPE)
  const meant = readings(text, shapes, [SHORTEST, LONGEST]).flatMap((key) => parsePostcode(key) ?? [])
  // A part that can stand as it was typed was probably typed right.
  const parts = text.trim().toUpperCase().split(/\s+/)
  const kept = (postcode: Postcode) => postcode.split(' ').filter((part) => parts.includes(part)).length
  return meant.sort((a, b) => kept(b) - kept(a))
}

/** The same for an outcode: `M33` for `M333`, `M30` for `M3O`. */
export function outcodesMeant(text: string): readonly Outcode[] {
  return readings(text, OUTWARD_SHAPES, [2, SHORTEST]).flatMap((key) => parseOutcode(key) ?? [])
}

function readings(text: string, shapes: readonly string[], [least, most]: readonly [number, number]) {
  const typed = postcodeKey(text).replaceAll(/[^A-Z0-9]/g, '')
  if (typed.length < least || typed.length > most) return []
  const found = slipsOf(typed)
    .flatMap((slip) => shapes.map((shape) => asShape(slip, shape)))
    .filter((reading) => reading !== undefined)
    .filter(({ key, mistakes }) => mistakes <= MOST_MISTAKES && key !== postcodeKey(text))
    .sort((a, b) => a.mistakes - b.mistakes)
  return [...new Set(found.map(({ key }) => key))]
}

/** What was typed, without each one of its letters, and with each two neighbours changed. */
function slipsOf(typed: string): readonly Reading[] {
  const without = [...typed].map((_, at) => typed.slice(0, at) + typed.slice(at + 1))
  const swapped = [...typed].map(
    (_, at) => typed.slice(0, at) + typed.charAt(at + 1) + typed.charAt(at) + typed.slice(at + 2),
  )
  return [{ key: typed, mistakes: 0 }, ...[...without.reverse(), ...swapped].map((key) => ({ key, mistakes: 1 }))]
}

/** The text with letters and digits where the shape has them; undefined where one cannot stand for the other. */
function asShape({ key, mistakes }: Reading, shape: string): Reading | undefined {
  if (key.length !== shape.length) return undefined
  let [read, more] = ['', mistakes]
  for (const [at, character] of [...key].entries()) {
    const wantsDigit = shape.charAt(at) === '9'
    const isDigit = character >= '0' && character <= '9'
    const fits = wantsDigit === isDigit
    const meant = fits ? character : (wantsDigit ? DIGIT_FOR : LETTER_FOR)[character]
    if (meant === undefined) return undefined
    read += meant
    more += fits ? 0 : 1
  }
  return { key: read, mistakes: more }
}
