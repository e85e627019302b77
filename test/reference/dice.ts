/** Reproducible chance for tests: the same seed always gives the same throws. */
export type Dice = {
  /** 0 up to, not including, 1. */
  next(): number
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number
  chance(share: number): boolean
  pick<T>(list: readonly T[]): T
  /** Each member with this chance, in their order. */
  some<T>(list: readonly T[], share: number): readonly T[]
  weighted<T>(choices: readonly (readonly [T, number])[]): T
  shuffled<T>(list: readonly T[]): readonly T[]
}

export function diceFor(seed: string): Dice {
  // FNV-1a of the seed, then xorshift128 from four of its successors.
  let hash = 2_166_136_261
  const word = (letter: number) => {
    hash = Math.imul(hash ^ letter, 16_777_619) >>> 0
    return hash
  }
  for (const letter of seed) word(letter.charCodeAt(0))
  let [a, b, c, d] = [word(1), word(2), word(3), word(4) | 1]
  const next = (): number => {
    const mixed = a ^ (a << 11)
    ;[a, b, c] = [b, c, d]
    d = (d ^ (d >>> 19) ^ mixed ^ (mixed >>> 8)) >>> 0
    return d / 4_294_967_296
  }
  for (let round = 0; round < 20; round++) next()

  const between = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  const chance = (share: number) => next() < share
  return {
    next,
    between,
    chance,
    pick: (list) => list[between(0, list.length - 1)] as (typeof list)[number],
    some: (list, share) => list.filter(() => chance(share)),
    weighted(choices) {
      let left = next() * choices.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [choice, weight] of choices) {
        left -= weight
        if (left < 0) return choice
      }
      throw new Error('There is nothing to choose from')
    },
    shuffled(list) {
      const order = [...list]
      for (let at = order.length - 1; at > 0; at--) {
        const other = between(0, at)
        ;[order[at], order[other]] = [order[other] as (typeof list)[number], order[at] as (typeof list)[number]]
      }
      return order
    },
  }
}
