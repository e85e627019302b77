/** Texts as XML writes them. */

const SPECIAL = /[&<>"\r]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML cannot hold
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
}

/** A text for use between tags or in an attribute. Characters that XML cannot hold are left out. */
export function escapeXml(text: string): string {
  const allowed = text.replace(FORBIDDEN, '')
  return SPECIAL.test(allowed) ? allowed.replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? '') : allowed
}

/** An element of our namespace around a text; without one it stands alone: `<ns1:fax/>`. */
export const textElement = (name: string, text: string | null): string =>
  text === null || text === '' ? `<ns1:${name}/>` : `<ns1:${name}>${escapeXml(text)}</ns1:${name}>`

/** An element of our namespace around others; without any it stands alone. */
export const listElement = (name: string, items: string): string =>
  items === '' ? `<ns1:${name}/>` : `<ns1:${name}>${items}</ns1:${name}>`
