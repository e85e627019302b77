/**
 * The towns and districts that stored addresses name, so that a search for "Hazel Grove" needs no list of places.
 *
 * A name is any address line after the first that does not read like a street. Where one name stands for several
 * places (Newport), each is told apart by the county or town that follows it in the addresses, or by its outcode.
 */
import type { Position } from '#src/rules/distance.ts'
import { readable } from './readable-words.ts'

export type PlacedAddress = Position & { readonly address: readonly string[]; readonly postcode: string | null }

export type NamedPlace = Position & {
  /** `Newport`. */
  readonly name: string
  /** Unique, and found again when searched for: `Newport`, or `Newport, Shropshire` where there are several. */
  readonly label: string
  /** How many addresses name it. */
  readonly size: number
}

export type PlaceNames = {
  /**
   * Every place of that name, largest first, then larger ones whose names go on after it (Newcastle, Newcastle upon
   * Tyne). Text after a comma chooses among several: "Newport, Shropshire".
   */
  find(text: string): readonly NamedPlace[]
  /** The largest places of a county, by name; undefined when the text is not a county that an address names. */
  inCounty(text: string): { readonly county: string; readonly places: readonly NamedPlace[] } | undefined
  /** Labels of places that are spelled alike or begin alike, best first. */
  similar(text: string, limit: number): readonly string[]
}

type Mention = Position & { readonly spelling: string; readonly after: readonly string[]; readonly outcode: string }
type Cluster = NamedPlace & {
  /** Keys of everything that may follow the name in a search: counties, towns, outcodes. */
  readonly qualifiers: ReadonlySet<string>
  readonly counties: ReadonlySet<string>
  /** The county or town that follows the name most often. */
  readonly follower: string | undefined
  /** The commonest. */
  readonly outcode: string
}

const COUNTIES = new Set(
  `AVON,BEDFORDSHIRE,BERKSHIRE,BUCKINGHAMSHIRE,CAMBRIDGESHIRE,CHESHIRE,CLEVELAND,CO DURHAM,CORNWALL,COUNTY DURHAM,CUMBRIA,
  DERBYSHIRE,DEVON,DORSET,EAST RIDING OF YORKSHIRE,EAST SUSSEX,EAST YORKSHIRE,ESSEX,GLOUCESTERSHIRE,GREATER LONDON,
  GREATER MANCHESTER,HAMPSHIRE,HEREFORDSHIRE,HERTFORDSHIRE,HUMBERSIDE,ISLE OF WIGHT,KENT,LANCASHIRE,LEICESTERSHIRE,
  LINCOLNSHIRE,MERSEYSIDE,MIDDLESEX,NORFOLK,NORTH HUMBERSIDE,NORTH LINCOLNSHIRE,NORTH SOMERSET,NORTH YORKSHIRE,
  NORTHAMPTONSHIRE,NORTHUMBERLAND,NOTTINGHAMSHIRE,OXFORDSHIRE,RUTLAND,SHROPSHIRE,SOMERSET,SOUTH GLOUCESTERSHIRE,
  SOUTH HUMBERSIDE,SOUTH YORKSHIRE,STAFFORDSHIRE,SUFFOLK,SURREY,SUSSEX,TYNE AND WEAR,WARWICKSHIRE,WEST MIDLANDS,
  WEST SUSSEX,WEST YORKSHIRE,WILTSHIRE,WORCESTERSHIRE,YORKSHIRE`.split(/,\s*/),
)
const STREET_ENDINGS =
  /\b(ROAD|RD|STREET|ST|LANES?|AVENUE|AVE|DRIVE|CLOSE|WAY|PARADE|SQUARE|CENTRE|CENTER|CTR|CENT|PRECINCT|PLACE|TERRACE|CRESCENT|ARCADE|BROADWAY|HOUSE|HOSPITAL|SURGERY|CLINIC|PRACTICE|PHARMACY|CHEMIST|STORE|SUPERSTORE|SUPERMARKET|ESTATE|BUILDINGS?|MALL|FLOOR|RETAIL PARK|BUSINESS PARK|HIGH ROAD|UNIT|CORNER|YARD|COURT|WALK|ROW)$/
/** Towns that end like a street. */
const TOWNS = new Set(['STREET', 'CHESTER LE STREET', 'COLLIER ROW', 'FOREST ROW', 'HARROW ON THE HILL'])

/** Upper case without punctuation: `St. Helen's` and `ST HELENS` are one name. */
export function placeKey(text: string): string {
  const plain = text.normalize('NFKC').toUpperCase().replaceAll('&', ' AND ').replaceAll(/['’`]/g, '')
  const words = plain.replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim()
  return words.replace(/^SAINT /, 'ST ')
}

/** Collects the names. Linear in the number of addresses; 11,000 take well under a tenth of a second. */
export function collectPlaceNames(addresses: Iterable<PlacedAddress>): PlaceNames {
  const byKey = new Map<string, Mention[]>()
  for (const address of addresses) for (const mention of mentionsIn(address)) addTo(byKey, mention)
  const keys = [...byKey.keys()].filter((key) => !COUNTIES.has(key)).sort()
  const places = new Map(keys.map((key) => [key, labelled(clustersOf(byKey.get(key) ?? []))]))
  const larger = largerNamesakes(keys, places)
  for (const [key, named] of places) if (larger.has(key)) places.set(key, named.map(toldApart))
  return {
    find: (text) => find(places, larger, text),
    inCounty: (text) => inCounty(places, byKey, placeKey(text)),
    similar: (text, limit) => similar(places, placeKey(text), limit),
  }
}

type ByKey = ReadonlyMap<string, readonly Cluster[]>

function addTo(byKey: Map<string, Mention[]>, mention: Mention): void {
  const key = placeKey(mention.spelling)
  const known = byKey.get(key)
  if (known) known.push(mention)
  else byKey.set(key, [mention])
}

function mentionsIn({ address, postcode, latitude, longitude }: PlacedAddress): readonly Mention[] {
  const lines = address.map((line) => line.trim()).filter((line) => line !== '')
  const parts = lines.length > 1 ? lines.slice(1).flatMap(split) : lines.flatMap(split).slice(1)
  const names = parts.filter(isPlaceName)
  const outcode = postcode?.split(' ')[0] ?? ''
  return names.map((spelling, at) => ({
    spelling,
    after: names.slice(at + 1).filter((name) => placeKey(name) !== placeKey(spelling)),
    outcode,
    latitude,
    longitude,
  }))
}

const split = (line: string): readonly string[] => line.split(',').map((part) => part.trim())

function isPlaceName(text: string): boolean {
  const key = placeKey(text)
  if (key.length < 2 || key.length > 30 || /\d/.test(key)) return false
  return TOWNS.has(key) || !(key.startsWith('THE ') || STREET_ENDINGS.test(key))
}

/** Places of one name: mentions in cells of a tenth of a degree that lie within some twenty kilometres are one. */
function clustersOf(mentions: readonly Mention[]): readonly Cluster[] {
  const cells = new Map<string, Mention[]>()
  for (const mention of mentions) {
    const cell = `${Math.round(mention.latitude * 10)} ${Math.round(mention.longitude * 10)}`
    const known = cells.get(cell)
    if (known) known.push(mention)
    else cells.set(cell, [mention])
  }
  const groups: Mention[][] = []
  for (const cell of [...cells.keys()]) {
    const group = takeConnected(cells, cell)
    if (group.length > 0) groups.push(group)
  }
  groups.sort((a, b) => b.length - a.length)
  const largest = groups[0]?.length ?? 0
  return groups.filter((group) => group.length * STRAY_SHARE >= largest).map(clusterOf)
}

/** A group this many times smaller than the largest of its name is a slip in an address, not a place. */
const STRAY_SHARE = 50

/** Removes a cell and all that are near it, directly or through others, and returns what was in them. */
function takeConnected(cells: Map<string, Mention[]>, start: string): Mention[] {
  const taken: Mention[] = []
  const queue = [start]
  for (let cell = queue.pop(); cell !== undefined; cell = queue.pop()) {
    const mentions = cells.get(cell)
    if (!mentions) continue
    cells.delete(cell)
    taken.push(...mentions)
    queue.push(...neighboursOf(cell))
  }
  return taken
}

function neighboursOf(cell: string): readonly string[] {
  const [y = 0, x = 0] = cell.split(' ').map(Number)
  return [-2, -1, 0, 1, 2].flatMap((dy) => [-3, -2, -1, 0, 1, 2, 3].map((dx) => `${y + dy} ${x + dx}`))
}

function clusterOf(mentions: readonly Mention[]): Cluster {
  const name = spelled(mostCommon(mentions.map((mention) => mention.spelling)) ?? '')
  const following = mentions.flatMap((mention) => mention.after.map(placeKey))
  const outcodes = mentions.map((mention) => mention.outcode)
  const follower = mostCommon(mentions.flatMap((mention) => mention.after.slice(-1)))
  return {
    name,
    label: name,
    size: mentions.length,
    latitude: median(mentions.map((mention) => mention.latitude)),
    longitude: median(mentions.map((mention) => mention.longitude)),
    qualifiers: new Set([...following, ...outcodes]),
    counties: new Set(following.filter((key) => COUNTIES.has(key))),
    follower: follower && spelled(follower),
    outcode: mostCommon(outcodes) ?? '',
  }
}

/** Where several places share a name, adds what tells them apart: what follows it if that is unique, else the outcode. */
function labelled(clusters: readonly Cluster[]): readonly Cluster[] {
  if (clusters.length < 2) return clusters
  return clusters.map((cluster) => {
    const isUnique = clusters.filter(({ follower }) => follower === cluster.follower).length === 1
    return { ...cluster, label: told(cluster, isUnique) }
  })
}

const told = ({ name, follower, outcode }: Cluster, byFollower: boolean): string =>
  `${name}, ${(byFollower && follower) || outcode}`

const toldApart = (place: Cluster): Cluster =>
  place.label === place.name ? { ...place, label: told(place, true) } : place

/**
 * "Newcastle" is a district somewhere; whoever types it may well mean Newcastle upon Tyne, which is larger. For each
 * such name, the larger places whose names go on after it. `keys` are sorted, so that those follow at once.
 */
function largerNamesakes(keys: readonly string[], places: ByKey): ByKey {
  const larger = new Map<string, readonly Cluster[]>()
  for (const [at, key] of keys.entries()) {
    let end = at + 1
    while (keys[end]?.startsWith(`${key} `)) end++
    const longer = keys.slice(at + 1, end).flatMap((next) => places.get(next) ?? [])
    const size = places.get(key)?.[0]?.size ?? 0
    const offered = longer.filter((place) => place.size > size).sort((a, b) => b.size - a.size)
    if (offered.length > 0) larger.set(key, offered)
  }
  return larger
}

function find(places: ByKey, larger: ByKey, text: string): readonly Cluster[] {
  const parts = text.split(',').map(placeKey)
  for (const [at, key] of parts.entries()) {
    const named = places.get(key)
    if (!named) continue
    const rest = parts.slice(at + 1)
    if (rest.length === 0) return [...named, ...(larger.get(key) ?? [])]
    const chosen = named.filter(({ qualifiers }) => rest.some((qualifier) => qualifiers.has(qualifier)))
    return chosen.length > 0 ? chosen : named
  }
  return []
}

const PLACES_OF_A_COUNTY = 30

function inCounty(places: ByKey, byKey: ReadonlyMap<string, readonly Mention[]>, key: string) {
  const spelling = COUNTIES.has(key) ? byKey.get(key)?.[0]?.spelling : undefined
  if (spelling === undefined) return undefined
  const inside = [...places.values()].flat().filter(({ counties }) => counties.has(key))
  const largest = inside.sort((a, b) => b.size - a.size).slice(0, PLACES_OF_A_COUNTY)
  return { county: spelled(spelling), places: largest.sort((a, b) => (a.label < b.label ? -1 : 1)) }
}

function similar(places: ByKey, key: string, limit: number): readonly string[] {
  if (key.length < 3) return []
  const allowed = key.length < 6 ? 1 : 2
  const scored: { readonly score: number; readonly places: readonly Cluster[] }[] = []
  for (const [name, clusters] of places) {
    const score = name.startsWith(key) ? 0 : distanceWithin(name, key, allowed)
    if (score !== undefined) scored.push({ score, places: clusters })
  }
  const sizeOf = (clusters: readonly Cluster[]) => clusters[0]?.size ?? 0
  scored.sort((a, b) => a.score - b.score || sizeOf(b.places) - sizeOf(a.places))
  return scored.flatMap((match) => match.places.map(({ label }) => label)).slice(0, limit)
}

/** Letters to add, drop or replace to get from one name to the other; undefined when more than `allowed`. */
function distanceWithin(a: string, b: string, allowed: number): number | undefined {
  if (Math.abs(a.length - b.length) > allowed) return undefined
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (const letter of a) {
    row = nextRow(row, letter, b)
    if (Math.min(...row) > allowed) return undefined
  }
  const distance = row.at(-1) ?? 0
  return distance <= allowed ? distance : undefined
}

/** One row of the edit-distance table (Wagner and Fischer). */
function nextRow(previous: readonly number[], letter: string, b: string): readonly number[] {
  const row = [(previous[0] ?? 0) + 1]
  for (let at = 0; at < b.length; at++) {
    const replace = (previous[at] ?? 0) + (letter === b[at] ? 0 : 1)
    row.push(Math.min(replace, (previous[at + 1] ?? 0) + 1, (row[at] ?? 0) + 1))
  }
  return row
}

/** `ST.HELENS` as `St Helens`. */
const spelled = (text: string): string => readable(text).replace(/\bSt\.(?=\S)/, 'St ')

function mostCommon(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
