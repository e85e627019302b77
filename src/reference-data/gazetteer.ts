/**
 * Where every known postcode is, held in memory: searches never touch the database.
 *
 * Two typed arrays, sorted: sixteen bytes a postcode, 43 MB for the 2.7 million of the ONS directory.
 */
import type { Db } from '#src/platform/db/db.ts'
import type { Position } from '#src/rules/distance.ts'
import { type Postcode, parsePostcode, postcodeKey } from '#src/rules/postcode.ts'
import { toGrid } from './national-grid.ts'
import { middleOfOutcode } from './outcode-middle.ts'
import { packPostcode } from './packed-postcodes.ts'
import { loadVersion } from './reference-store.ts'

export type PlacedPostcode = {
  readonly postcode: Postcode
  readonly latitude: number
  readonly longitude: number
  /** OSGB36 grid metres, as the postcode file has them. */
  readonly easting: number
  readonly northing: number
  /** Codes of the postcode file; null where it has none. See `areasOf` for all the areas of a postcode. */
  readonly icbCode: string | null
  readonly localAuthorityCode: string | null
}

export type Gazetteer = {
  /** Where a postcode is, however it is typed; undefined when the text is none or it is not known. */
  find(text: string): PlacedPostcode | undefined
  /** The middle of the known postcodes of an outcode (`M33`); undefined when none is known. */
  middleOf(outcode: string): Position | undefined
  /** How many postcodes are known. */
  readonly size: number
  /** Loads the postcodes again if an import changed them since. Searches go on with the old ones meanwhile. */
  refresh(): Promise<void>
}

type Postcodes = { readonly version: number; readonly keys: Float64Array; readonly microdegrees: Int32Array }

const PAGE = 4_000
const MICRO = 1e6

/** Loads every postcode. */
export async function loadGazetteer(db: Db): Promise<Gazetteer> {
  let postcodes = await loadPostcodes(db)
  return {
    find(text) {
      const postcode = parsePostcode(text)
      const place = postcode && placeOf(postcodes.keys, packPostcode(postcodeKey(postcode)))
      if (!postcode || place === undefined) return undefined
      const gps = {
        latitude: (postcodes.microdegrees[2 * place] ?? 0) / MICRO,
        longitude: (postcodes.microdegrees[2 * place + 1] ?? 0) / MICRO,
      }
      return { postcode, ...gps, ...toGrid(gps), icbCode: null, localAuthorityCode: null }
    },
    middleOf: (outcode) => middleOfOutcode(postcodes.keys, postcodes.microdegrees, outcode),
    get size() {
      return postcodes.keys.length
    },
    async refresh() {
      if ((await loadVersion(db.pool, 'postcodes')) !== postcodes.version) postcodes = await loadPostcodes(db)
    },
  }
}

/** Reads page by page in key order. The version is read first: a change meanwhile is noticed at the next refresh. */
async function loadPostcodes(db: Db): Promise<Postcodes> {
  const version = await loadVersion(db.pool, 'postcodes')
  const { total } = await db.pool
    .selectFrom('postcode')
    .select((query) => query.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  // Room for rows that an import adds while we read.
  const room = Math.ceil(Number(total) * 1.05) + PAGE
  const keys = new Float64Array(room)
  const microdegrees = new Int32Array(2 * room)
  let length = 0
  let after = ''
  for (;;) {
    const page = await loadPage(db, after)
    for (const row of page) {
      const packed = packPostcode(row.postcode_key)
      if (packed === undefined || length === room) continue
      keys[length] = packed
      microdegrees[2 * length] = Math.round(row.latitude * MICRO)
      microdegrees[2 * length + 1] = Math.round(row.longitude * MICRO)
      length++
    }
    const last = page.at(-1)
    if (!last || page.length < PAGE) break
    after = last.postcode_key
  }
  return { version, keys: keys.slice(0, length), microdegrees: microdegrees.slice(0, 2 * length) }
}

const loadPage = (db: Db, after: string) =>
  db.pool
    .selectFrom('postcode')
    .select(['postcode_key', 'latitude', 'longitude'])
    .where('postcode_key', '>', after)
    .orderBy('postcode_key')
    .limit(PAGE)
    .execute()

function placeOf(keys: Float64Array, key: number | undefined): number | undefined {
  if (key === undefined) return undefined
  let [low, high] = [0, keys.length - 1]
  while (low <= high) {
    const middle = (low + high) >>> 1
    const found = keys[middle] ?? 0
    if (found === key) return middle
    if (found < key) low = middle + 1
    else high = middle - 1
  }
  return undefined
}
