/** Every distinct word of the directory with where it stands, and which of them are near to a word that was typed. */
import { differingLetters, lettersOf, slipsBetween } from '#src/rules/edit-distance.ts'

/** A word that is near to what was typed. */
export type Near = {
  /** Where it stands, in order. */
  readonly entries: readonly number[]
  /** How alike it is: 1 is the same. */
  readonly likeness: number
}

export type WordBook = {
  /** Notes that a word stands at an entry. It must not stand there yet. */
  add(word: string, entry: number): void
  /** Forgets that it stands there. */
  remove(word: string, entry: number): void
  /** All words that are near: the same, with up to `slips` slips, or, where `begun`, beginning with it. */
  near(word: string, how: { readonly slips: number; readonly begun: boolean }): readonly Near[]
}

type Word = { readonly text: string; readonly letters: number; readonly entries: number[] }

/** What a slip, and the end that a begun word lacks, take from the likeness. */
const SLIP = 0.25
const BEGUN = 0.1

/** A book without words. */
export function wordBook(): WordBook {
  const words = new Map<string, Word>()
  /** By length, because a word with two slips is at most two letters longer or shorter. */
  const byLength: Word[][] = []

  const wordFor = (text: string): Word => {
    const known = words.get(text)
    if (known) return known
    const word = { text, letters: lettersOf(text), entries: [] }
    words.set(text, word)
    while (byLength.length <= text.length) byLength.push([])
    byLength[text.length]?.push(word)
    return word
  }

  const withSlips = (text: string, slips: number): Near[] => {
    const letters = lettersOf(text)
    return byLength.slice(Math.max(1, text.length - slips), text.length + slips + 1).flatMap((sameLength) =>
      sameLength.flatMap(({ text: other, letters: others, entries }) => {
        if (differingLetters(others, letters) > 2 * slips) return []
        const differing = slipsBetween(text, other, slips)
        return differing ? [{ entries, likeness: 1 - SLIP * differing }] : []
      }),
    )
  }

  const begunWith = (text: string): Near[] =>
    byLength
      .slice(text.length + 1)
      .flatMap((sameLength) => sameLength.filter((word) => word.text.startsWith(text)))
      .map(({ entries }) => ({ entries, likeness: 1 - BEGUN }))

  return {
    add(text, entry) {
      const { entries } = wordFor(text)
      // New services come last.
      if (entry > (entries[entries.length - 1] ?? -1)) entries.push(entry)
      else entries.splice(placeIn(entries, entry), 0, entry)
    },
    remove(text, entry) {
      const { entries } = wordFor(text)
      const place = placeIn(entries, entry)
      if (entries[place] === entry) entries.splice(place, 1)
    },
    near(text, { slips, begun }) {
      const same = words.get(text)
      return [
        ...(same ? [{ entries: same.entries, likeness: 1 }] : []),
        ...(slips > 0 ? withSlips(text, slips) : []),
        ...(begun ? begunWith(text) : []),
      ]
    },
  }
}

/** Where a number stands, or would stand, in a list in order. */
export function placeIn(entries: readonly number[], entry: number): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((entries[middle] as number) < entry) low = middle + 1
    else high = middle
  }
  return low
}
