/** Columns of bits: a bit for each slot, 32 slots a word, column after column in one piece of memory. */

export const SLOTS_A_WORD = 32

/** Column `c` is `bits[c * words]` up to `bits[(c + 1) * words]`; a column beyond the end has no bit set. */
export type BitColumns = { words: number; bits: Uint32Array }

export const bitColumns = (words: number, columns: number): BitColumns => ({
  words,
  bits: new Uint32Array(words * columns),
})

export function setBit(columns: BitColumns, column: number, slot: number): void {
  const { words } = columns
  if ((column + 1) * words > columns.bits.length) addColumns(columns, column + 1)
  const at = column * words + (slot >> 5)
  columns.bits[at] = (columns.bits[at] as number) | (1 << (slot & 31))
}

/** Clears a slot in every column. */
export function clearSlot({ bits, words }: BitColumns, slot: number): void {
  const kept = ~(1 << (slot & 31))
  for (let at = slot >> 5; at < bits.length; at += words) bits[at] = (bits[at] as number) & kept
}

/** Copies a stretch of words of every column from other columns, or from elsewhere in the same. */
export function copyWords(from: BitColumns, first: number, to: BitColumns, toFirst: number, count: number): void {
  const columns = from.bits.length / from.words
  const { bits: source } = from
  const { bits: target } = to
  for (let column = 0; column < columns; column++) {
    const at = column * from.words + first
    const toAt = column * to.words + toFirst
    // Stretches are of a few words: views of them would cost more than the copies.
    for (let word = 0; word < count; word++) target[toAt + word] = source[at + word] as number
  }
}

/** Clears a stretch of words in every column. */
export function clearWords({ bits, words }: BitColumns, first: number, count: number): void {
  for (let at = first; at < bits.length; at += words) bits.fill(0, at, at + count)
}

/** Room for columns up to `needed`, and some to spare: codes come in a row when services are loaded. */
function addColumns(columns: BitColumns, needed: number): void {
  const longer = new Uint32Array((needed + (needed >> 3)) * columns.words)
  longer.set(columns.bits)
  columns.bits = longer
}
