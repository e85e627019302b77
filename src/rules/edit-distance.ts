/**
 * Whether two words differ by slips of the keyboard: a letter too many, missing, wrong, or two neighbours swapped.
 *
 * Source: the optimal string alignment distance (no part is edited twice), which is what search engines count as
 * fuzziness 1 and 2.
 */

/** The number of slips between two words if it is at most `most`, otherwise undefined. Never throws. */
export function slipsBetween(a: string, b: string, most: number): number | undefined {
  if (a === b) return 0
  if (Math.abs(a.length - b.length) > most) return undefined
  let before: readonly number[] = []
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = nextRow({ a, i, b, row, before })
    if (Math.min(...next) > most) return undefined
    before = row
    row = next
  }
  const slips = row[b.length] as number
  return slips <= most ? slips : undefined
}

type Rows = {
  readonly a: string
  readonly i: number
  readonly b: string
  readonly row: readonly number[]
  readonly before: readonly number[]
}

/** From the first `i` letters of `a` to each beginning of `b`; `row` and `before` are those of one and two letters fewer. */
function nextRow({ a, i, b, row, before }: Rows): readonly number[] {
  const next = [i]
  for (let j = 1; j <= b.length; j++) {
    const changed = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
    const slips = Math.min(changed, (row[j] as number) + 1, (next[j - 1] as number) + 1)
    const areSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
    next.push(areSwapped ? Math.min(slips, (before[j - 2] as number) + 1) : slips)
  }
  return next
}

/**
 * Which letters and digits a word has, as bits: one slip changes at most two of them, so words whose bits differ in more
 * than twice as many cannot be that near. Other characters share a bit.
 */
export function lettersOf(word: string): number {
  let bits = 0
  for (let i = 0; i < word.length; i++) {
    const code = word.charCodeAt(i)
    const place = code >= 97 && code <= 122 ? code - 97 : code >= 48 && code <= 57 ? 26 + ((code - 48) >> 1) : 31
    bits |= 1 << place
  }
  return bits
}

/** How many of the bits of two words (`lettersOf`) differ. */
export function differingLetters(a: number, b: number): number {
  let bits = a ^ b
  bits -= (bits >>> 1) & 0x55555555
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}
