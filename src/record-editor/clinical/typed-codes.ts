/** Codes as people type and paste them. Pure. */

/** The whole numbers of a line that holds nothing else but signs between them; undefined for any other line. */
export function numbersIn(line: string): readonly number[] | undefined {
  const text = line.normalize('NFKC').trim()
  if (!/^\d{1,9}([\s,;:=/|-]+\d{1,9})*[\s,;]*$/.test(text)) return undefined
  return (text.match(/\d+/g) ?? []).map(Number)
}

/** A code by its number, its name, or both as pages show them (`1011 Sore throat`); undefined for what is none of these. */
export function codeIn(
  text: string,
  known: readonly number[],
  nameOf: (id: number) => string | null,
): number | undefined {
  const words = keyOf(text)
  const number = /^(\d{1,9})(\s|$)/.exec(words)?.[1]
  if (number !== undefined) return known.find((id) => id === Number(number))
  const named = known.filter((id) => keyOf(nameOf(id) ?? '') === words)
  return words === '' || named.length !== 1 ? undefined : named[0]
}

const keyOf = (text: string): string => text.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase()
