/** Where to go after signing in. Only addresses on this site: a link to us must not send people anywhere else. */

const LONGEST = 2000
/** Stands for this site; what does not resolve to it lies elsewhere. */
const HERE = 'http://here.invalid'

/**
 * Reads an address to return to: a path on this site with its query. Undefined for anything else: other hosts
 * (`https://…`, `//evil.example`, `/\evil.example`), control characters, encoded slashes in the path, and the sign-in
 * pages themselves, which would go round in circles. Never throws.
 */
export function parseReturnPath(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > LONGEST) return undefined
  // Browsers drop tabs and newlines and read a backslash as a slash, so `/<tab>/evil.example` would leave the site.
  if (!/^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/.test(text)) return undefined
  const url = URL.parse(text, HERE)
  if (!url || url.origin !== HERE || url.pathname.startsWith('//')) return undefined
  if (/%(2f|5c|0[0-9a-f])/i.test(url.pathname)) return undefined
  if (/^\/(sign-in|sign-out|signed-out)(\/|$)/i.test(url.pathname)) return undefined
  return `${url.pathname}${url.search}`
}
