/** Links made from what people wrote: a number that a press dials, a website that may be opened. */

/** `tel:01632960001`; an extension, and the zero in `+44 (0)161`, are for people to read, not to dial. */
export const telephoneLink = (phone: string): string =>
  `tel:${phone
    .replace(/\s*(ext|x).*$/i, '')
    .replace(/(?<=^\+.*)\(0\)/, '')
    .replaceAll(/[^\d+]/g, '')}`

/** A website that may be linked: http or https, and nothing else. Undefined for anything that is not one. */
export function safeWebsite(text: string | null): { readonly href: string; readonly text: string } | undefined {
  if (!text) return undefined
  const address = /^[a-z][a-z\d+.-]*:/i.test(text) ? text : `https://${text}`
  const url = URL.parse(address)
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return undefined
  return { href: url.href, text: url.href.replace(/^https?:\/\/(www\.)?/, '').replace(/\/$/, '') }
}
