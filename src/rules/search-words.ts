/**
 * The words of a name or an address as a search compares them: what people type and what is stored meet here, and
 * differences of writing that nobody means (case, accents, apostrophes, "&") are gone.
 */

/**
 * In order, repeats kept: "St. Mary’s Pharmacy & Café" is `st`, `marys`, `pharmacy`, `and`, `cafe`. Letters and digits
 * of any script count; everything else separates. Never throws.
 */
export function searchWordsOf(text: string): readonly string[] {
  return (
    text
      .normalize('NFKD')
      .toLowerCase()
      // Accents stand apart from their letters now; an apostrophe joins what it stands between.
      .replace(/[\p{M}'’‘`ʼ]/gu, '')
      .replace(/&/g, ' and ')
      .match(/[\p{L}\p{N}]+/gu) ?? []
  )
}

/**
 * How many slips of the keyboard are forgiven in a word of this length: none where a slip makes another word (up to two
 * letters), one up to five letters, otherwise two.
 */
export const slipsForgiven = (length: number): 0 | 1 | 2 => (length <= 2 ? 0 : length <= 5 ? 1 : 2)
