/**
 * Makes text that was published in capitals readable, and compares words that two publications spell differently.
 * The words stay as they were published: nothing is expanded, corrected or left out.
 */

/** Written in capitals wherever they stand. */
const CAPITALS = new Set(
  'NHS,UK,GP,LPS,DAC,LLP,NW,NE,SW,SE,PCT,MOT,BP,YMCA,RAF,TV,IT,II,III,IV,HM,HMP,USA,EU'.split(','),
)
/** Written small unless they begin the text. */
const SMALL = new Set('of,the,and,on,upon,le,in,at,by,under,next,to,for,cum,with,en,near,de,la,via'.split(','))
/** Abbreviations without a vowel that are words all the same. */
const WORDS = new Set(
  'DR,ST,STS,RD,LTD,MR,MRS,MS,CTR,SQ,PK,LN,GRN,STN,PL,CT,CTY,BLDG,BLDGS,FLR,GDNS,HTS,MKT,PHCY,PCY,CHPS,PVT,TH,ND,NR,MT,BTH'.split(
    ',',
  ),
)

/** Trims, makes single spaces of the spaces inside, and treats a lone space as nothing. */
export const tidy = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()

/** Capitals become title case; text with any small letter was written by someone who cared, and stays as it is. */
export function readable(text: string): string {
  const tidied = tidy(text)
  if (/\p{Ll}/u.test(tidied)) return tidied
  let isFirst = true
  return tidied.replaceAll(/[\p{L}\p{N}'’]+/gu, (word) => {
    const shown = readableWord(word, isFirst)
    isFirst = false
    return shown
  })
}

function readableWord(word: string, isFirst: boolean): string {
  if (CAPITALS.has(word)) return word
  if (!isFirst && SMALL.has(word.toLowerCase())) return word.toLowerCase()
  if (/\d/.test(word)) return /^\d+(ST|ND|RD|TH)$/.test(word) ? word.toLowerCase() : word
  if (isInitials(word)) return word
  return capitalised(word)
}

/** Up to three letters without a vowel, such as FVZ, that are not a known abbreviation. */
const isInitials = (word: string): boolean => /^[B-DF-HJ-NP-TV-XZ]{1,3}$/.test(word) && !WORDS.has(word)

/** `O'BRIEN` is O'Brien, `BOOT'S` is Boot's, `MCDONALD` is McDonald. */
function capitalised(word: string): string {
  const small = word.toLowerCase()
  const title = small.charAt(0).toUpperCase() + small.slice(1)
  return title
    .replace(/^(\p{L})(['’])(\p{L})(?=\p{L})/u, (_, before, mark, after) => before + mark + after.toUpperCase())
    .replace(/^Mc(\p{L})(?=\p{L}{2})/u, (_, letter) => `Mc${letter.toUpperCase()}`)
}

/** Whether two texts say the same, whatever their case, spaces and punctuation. */
export const sameWords = (a: string, b: string): boolean => wordsKey(a) === wordsKey(b)

const wordsKey = (text: string): string =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll('&', 'AND')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
