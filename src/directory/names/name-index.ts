/**
 * Finds services by what they are called and where they stand, forgiving slips of the keyboard and words begun and not
 * ended. In memory: every distinct word once (`word-book.ts`), and for each the services and fields that have it.
 *
 * A postcode is two words, an address as many as it has.
 */
import { searchWordsOf, slipsForgiven } from '#src/rules/search-words.ts'
import { type Near, placeIn, type WordBook, wordBook } from './word-book.ts'

/** What a search by name looks in. */
export const NAME_FIELDS = ['name', 'publicName', 'address', 'postcode'] as const
export type NameField = (typeof NAME_FIELDS)[number]

/** What of a service is found by its words. */
export type Named = { readonly uid: number } & { readonly [Field in NameField]: string | null }

export type NameQuestion = {
  /** Each as it was typed; it may be several words. A service matches when one of its fields has all words of all terms. */
  readonly terms: readonly string[]
  /** How many slips a word may have, 0 to 2; short words are forgiven fewer (`slipsForgiven`). */
  readonly slips: number
  /** Which words may be the beginnings of words: while somebody types, the last is not ended yet. */
  readonly begun: 'none' | 'last' | 'all'
  /** What a match in each field is worth, 0 (not looked at) to 100. */
  readonly worth: Readonly<Record<NameField, number>>
}

export type NameFound = {
  readonly uid: number
  /** Above 0, at most 10; of its best field: the field's worth, less for slips and for words that were not asked for. */
  readonly score: number
}

export type NameIndex = {
  /** How many services are in it. */
  readonly size: number
  /** Puts a service in, in place of what it was called before. */
  take(service: Named): void
  /** Every service that matches, in no order. Nothing is found by no words. Never throws. */
  find(question: NameQuestion): readonly NameFound[]
}

/** A field of a service is one number: its place times this, and the field's. */
const FIELDS = NAME_FIELDS.length

/** An empty index. */
export function createNameIndex(): NameIndex {
  const book = wordBook()
  const placeOf = new Map<number, number>()
  /** By place. */
  const uids: number[] = []
  /** By entry: the text that stands there, which is the service's own, and how many words it has. */
  const textAt: string[] = []
  const wordsAt: number[] = []

  const sumsAt = slate()
  const othersAt = slate()
  const scoresAt = slate()

  const newPlace = (uid: number): number => {
    const place = uids.push(uid) - 1
    placeOf.set(uid, place)
    for (let field = 0; field < FIELDS; field++) {
      textAt.push('')
      wordsAt.push(0)
    }
    return place
  }

  return {
    get size() {
      return uids.length
    },
    take(service) {
      const place = placeOf.get(service.uid) ?? newPlace(service.uid)
      for (const [number, field] of NAME_FIELDS.entries()) {
        const entry = place * FIELDS + number
        const text = service[field] ?? ''
        const before = textAt[entry] ?? ''
        if (text === before) continue
        const words = searchWordsOf(text)
        replaceWords(book, entry, searchWordsOf(before), words)
        textAt[entry] = text
        wordsAt[entry] = words.length
      }
    },
    find({ terms, slips, begun, worth }) {
      const typed = terms.flatMap(searchWordsOf)
      const words = [...new Set(typed)]
      const lists = words.map((word) =>
        book.near(word, {
          slips: Math.min(slips, slipsForgiven(word.length)),
          // Of a word that was typed before as well, one is whole.
          begun: begun === 'all' || (begun === 'last' && typed.indexOf(word) === typed.length - 1),
        }),
      )
      const sums = sumsAt.of(uids.length * FIELDS)
      const found = entriesInAll(lists, { sums, others: othersAt.of(uids.length * FIELDS) })
      const best = scoresAt.of(uids.length)
      const places: number[] = []
      for (const entry of found) {
        const place = Math.floor(entry / FIELDS)
        const field = NAME_FIELDS[entry % FIELDS] as NameField
        // One word of a name of two says more than one of ten.
        const share = Math.min(1, words.length / (wordsAt[entry] || 1))
        const likeness = takeOut(sums, entry) / words.length
        const score = (worth[field] / 10) * likeness * (0.5 + 0.5 * share)
        const before = best[place] as number
        if (score <= before) continue
        if (before === 0) places.push(place)
        best[place] = score
      }
      return places.map((place) => ({ uid: uids[place] as number, score: takeOut(best, place) }))
    },
  }
}

function replaceWords(book: WordBook, entry: number, before: readonly string[], after: readonly string[]): void {
  for (const [at, word] of before.entries()) {
    if (before.indexOf(word) === at && !after.includes(word)) book.remove(word, entry)
  }
  for (const [at, word] of after.entries()) {
    if (after.indexOf(word) === at && !before.includes(word)) book.add(word, entry)
  }
}

/**
 * Numbers by place or entry, all 0 between searches: a common word stands at tens of thousands of entries, and a map of
 * them made anew for each search would cost more than the search.
 */
type Slate = { of(length: number): Float64Array }

function slate(): Slate {
  let numbers = new Float64Array(0)
  return {
    of(length) {
      if (numbers.length < length) numbers = new Float64Array(Math.ceil(length * 1.25))
      return numbers
    },
  }
}

/** The number at a place, which is 0 afterwards. */
function takeOut(numbers: Float64Array, place: number): number {
  const number = numbers[place] as number
  numbers[place] = 0
  return number
}

/** The entries that are near to every word; `sums` has their likenesses together. The rarest word is looked up first. */
function entriesInAll(
  lists: readonly (readonly Near[])[],
  { sums, others }: { readonly sums: Float64Array; readonly others: Float64Array },
): readonly number[] {
  const [rarest = [], ...more] = lists.toSorted((a, b) => sizeOf(a) - sizeOf(b))
  let found = noteBest(rarest, sums)
  for (const list of more) {
    const looked = sizeOf(list) > found.length * LOOK_UP_BELOW ? undefined : noteBest(list, others)
    found = found.filter((entry) => {
      const likeness = looked ? (others[entry] as number) : likenessAt(list, entry)
      if (likeness > 0) sums[entry] = (sums[entry] as number) + likeness
      else sums[entry] = 0
      return likeness > 0
    })
    for (const entry of looked ?? []) others[entry] = 0
  }
  return found
}

/** A list this many times as long as what is left is looked into, not read through. */
const LOOK_UP_BELOW = 20

const sizeOf = (list: readonly Near[]): number => list.reduce((sum, { entries }) => sum + entries.length, 0)

/** Writes the best likeness of each entry of a list down, and says which entries they are. */
function noteBest(list: readonly Near[], best: Float64Array): readonly number[] {
  const found: number[] = []
  for (const { entries, likeness } of list) {
    for (const entry of entries) {
      const before = best[entry] as number
      if (before === 0) found.push(entry)
      if (likeness > before) best[entry] = likeness
    }
  }
  return found
}

function likenessAt(list: readonly Near[], entry: number): number {
  let best = 0
  for (const { entries, likeness } of list) {
    if (best < likeness && entries[placeIn(entries, entry)] === entry) best = likeness
  }
  return best
}
