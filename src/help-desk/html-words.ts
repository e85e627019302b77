/** The words of an email that has no plain text: enough for a person to read, nothing that a browser would run. */

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }
/** An email that long in HTML has mostly markup in it. */
const MOST = 200_000
const UNREAD = ['script', 'style', 'head', 'title'] as const

/** Text of HTML: blocks on lines of their own, no tags, the commonest entities as their characters. Never throws. */
export const htmlWords = (html: string): string =>
  UNREAD.reduce(without, html.slice(0, MOST))
    .replaceAll(/\s+/g, ' ')
    // What is quoted begins as mail programs begin it in plain text.
    .replaceAll(/<blockquote\b/gi, '\nOn a date before, somebody wrote:\n<x')
    .replaceAll(/<(br|\/p|\/div|\/tr|\/li|\/h\d)\b[^<>]{0,500}>/gi, '\n')
    .replaceAll(/<[^<>]{0,2000}>/g, ' ')
    .replaceAll(
      /&(#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,6});/gi,
      (all, name: string) => ENTITIES[name.toLowerCase()] ?? code(name) ?? all,
    )
    .replaceAll(/[^\S\n]+/g, ' ')

/** Leaves out elements of a kind; one that does not end takes the rest with it. Looks at each character once. */
function without(html: string, element: (typeof UNREAD)[number]): string {
  const parts = html.split(new RegExp(`<(/?)${element}\\b`, 'gi'))
  let kept = parts[0] ?? ''
  for (let index = 1; index < parts.length; index += 2) {
    const after = parts[index + 1] ?? ''
    if (parts[index] === '/') kept += after.slice(after.indexOf('>') + 1)
  }
  return kept
}

function code(name: string): string | undefined {
  if (!name.startsWith('#')) return undefined
  const point = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
  return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : undefined
}
