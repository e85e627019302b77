/** Which letters a PDF can show with the fonts that every reader has, and what stands for the others. */

/** Beyond Latin 1 the built-in fonts have these. */
const ALSO_WRITABLE = /[–—‘’‚“”„†‡•…‰‹›€™ŒœŠšŸŽžƒˆ˜]/

/** Letters that are no mark on another letter. */
const PLAIN: Readonly<Record<string, string>> = {
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ı: 'i',
  ħ: 'h',
  Ħ: 'H',
  ŧ: 't',
  Ŧ: 'T',
}

/** The text in letters that the font has; a letter that has no plain form becomes a question mark. */
export function writable(text: string): string {
  return [...text.normalize('NFC')].map(writableLetter).join('')
}

function writableLetter(letter: string): string {
  const code = letter.codePointAt(0) ?? 0
  const isLatin1 = (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xff)
  if (isLatin1 || ALSO_WRITABLE.test(letter)) return letter
  const plain = PLAIN[letter] ?? letter.normalize('NFD').replaceAll(/\p{M}/gu, '')
  return /^[\u0020-\u007e]+$/.test(plain) ? plain : '?'
}
