/** Where the pictures under a map come from, as an installation chose; without any, maps show points over an outline. */

export type MapTiles = {
  /** With `{z}`, `{x}` and `{y}`: an address of another server, or a path of our own, such as /tiles/{z}/{x}/{y}.png. */
  readonly url: string
  /** Who made them, as their licence wants it said. */
  readonly attribution: string
  /** What a page must be allowed to load pictures from; null for our own server. */
  readonly origin: string | null
}

const PLACEHOLDERS = ['{z}', '{x}', '{y}'] as const
const LONGEST = 300
/** What may be in it: nothing that could end an attribute, a header or the address. */
const PLAIN = /^[\w\-./:?&=%~+@,]+$/

/**
 * Why an address of tiles cannot be used, as the end of the sentence "MAP_TILE_URL …"; undefined when it can. Http is
 * allowed where the site itself may be http: a browser would refuse the pictures otherwise.
 */
export function tileUrlProblem(url: string, httpAllowed: boolean): string | undefined {
  if (url.length > LONGEST) return `must be of ${LONGEST} characters or fewer`
  if (!PLACEHOLDERS.every((each) => url.includes(each))) return 'must have {z}, {x} and {y} in it'
  const filled = PLACEHOLDERS.reduce((address, each) => address.replaceAll(each, '0'), url)
  if (/[{}]/.test(filled)) return 'may have no placeholders but {z}, {x} and {y}: name one server'
  if (!PLAIN.test(filled)) return 'has characters that an address may not have'
  if (/^\/(?!\/)/.test(filled)) return undefined
  const address = URL.parse(filled)
  if (!address || !/^https?:$/.test(address.protocol))
    return 'must be an https:// address, or a path that starts with /'
  if (address.protocol === 'http:' && !httpAllowed) return 'must be an https:// address in production'
  if (address.username !== '' || address.password !== '') return 'may not have a name or password in it'
  return /[{}]/.test(url.slice(0, url.indexOf('/', url.indexOf('//') + 2)))
    ? 'must name one server: {z}, {x} and {y} belong behind it'
    : undefined
}

/** What the settings say; undefined where none are set. The address must have passed `tileUrlProblem`. */
export function mapTilesOf(url: string | undefined, attribution: string): MapTiles | undefined {
  if (url === undefined) return undefined
  return { url, attribution, origin: url.startsWith('/') ? null : new URL(url.replaceAll(/\{[zxy]\}/g, '0')).origin }
}
