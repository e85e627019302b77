/** Keeps what was made, up to a size: what was not asked for since the last time it was full goes first. */

export type BoundedCache<Key, Made> = {
  get(key: Key): Made | undefined
  set(key: Key, made: Made): void
  clear(): void
}

/** `most` and `sizeOf` are in the same unit, bytes for example. Holds at most `most`, half of it at least. */
export function boundedCache<Key, Made>(most: number, sizeOf: (made: Made) => number): BoundedCache<Key, Made> {
  let young = new Map<Key, Made>()
  let old = new Map<Key, Made>()
  let youngSize = 0
  const set = (key: Key, made: Made): void => {
    young.set(key, made)
    youngSize += sizeOf(made)
    if (youngSize * 2 <= most) return
    old = young
    young = new Map()
    youngSize = 0
  }
  return {
    get(key) {
      const made = young.get(key)
      if (made !== undefined) return made
      const earlier = old.get(key)
      if (earlier === undefined) return undefined
      old.delete(key)
      set(key, earlier)
      return earlier
    },
    set,
    clear() {
      young = new Map()
      old = new Map()
      youngSize = 0
    },
  }
}
