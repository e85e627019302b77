/** Who a request says it comes from, by HTTP Basic (RFC 7617). */
export type Credentials = { readonly username: string; readonly password: string }

/** Longer ones are nobody's. */
const LONGEST_HEADER = 1000

/** Reads the `Authorization` header, as UTF-8. Undefined for anything but a name, a colon and a password. Never throws. */
export function basicCredentials(header: string | undefined): Credentials | undefined {
  if (header === undefined || header.length > LONGEST_HEADER) return undefined
  const encoded = /^Basic +([A-Za-z0-9+/_-]+={0,2}) *$/i.exec(header)?.[1]
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 1 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1) }
}
