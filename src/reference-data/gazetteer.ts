/**
 * Where every known postcode is, held in memory: searches never touch the database.
 *
 * Four typed arrays, sorted: 26 bytes a postcode, 70 MB for the 2.7 million of the ONS directory.
 */
import { sql } from 'kysely'
import type { Db } from '#src/platform/db/db.ts'
import type { Position } from '#src/rules/distance.ts'
import { toGrid } from '#src/rules/national-grid.ts'
import { type Postcode, parsePostcode } from '#src/rules/postcode.ts'
import { middleOfOutcode } from './outcode-middle.ts'
import { packPostcode } from './packed-postcodes.ts'
import { packGrid, packTermination, type Termination, unpackGrid } from './packed-terminations.ts'
import { loadVersion } from './reference-store.ts'

export type PlacedPostcode = {
  readonly postcode: Postcode
  readonly latitude: number
  readonly longitude: number
  /** OSGB36 grid metres: as a file gave them, else computed from latitude and longitude. */
  readonly easting: number
  readonly northing: number
  /** Codes of the postcode file; null where it has none. See `areasOf` for all the areas of a postcode. */
  readonly icbCode: string | null
  readonly localAuthorityCode: string | null
  /** Null while the postcode is in use. */
  readonly termination: Termination | null
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

/** All postcodes in the order of their keys. `gps` holds latitude and longitude in turn, `grid` what `packGrid` makes. */
type PackedPostcodes = {
  readonly version: number
  readonly keys: Float64Array
  readonly gps: Int32Array
  readonly grid: Int32Array
  /** What each postcode's place in `codes` is: a few hundred pairs of codes serve all of them. */
  readonly pairs: Uint16Array | Uint32Array
  readonly codes: readonly Codes[]
}

type Codes = Pick<PlacedPostcode, 'icbCode' | 'localAuthorityCode'>

const PAGE = 4_000
const MICRO = 1e6

/** Loads every postcode. */
export async function loadGazetteer(db: Db): Promise<Gazetteer> {
  let postcodes = await loadPostcodes(db)
  return {
    find(text) {
      const postcode = parsePostcode(text)
      const place = postcode && placeOf(postcodes.keys, packPostcode(postcode.replace(' ', '')))
      return !postcode || place === undefined ? undefined : { postcode, ...placed(postcodes, place) }
    },
    middleOf: (outcode) => middleOfOutcode(postcodes.keys, postcodes.gps, outcode),
    get size() {
      return postcodes.keys.length
    },
    async refresh() {
      if ((await loadVersion(db.pool, 'postcodes')) !== postcodes.version) postcodes = await loadPostcodes(db)
    },
  }
}

const NO_CODES: Codes = { icbCode: null, localAuthorityCode: null }

function placed({ gps, grid, pairs, codes }: PackedPostcodes, place: number): Omit<PlacedPostcode, 'postcode'> {
  const latitude = (gps[2 * place] ?? 0) / MICRO
  const longitude = (gps[2 * place + 1] ?? 0) / MICRO
  const { grid: given, termination } = unpackGrid(grid[2 * place] ?? 0, grid[2 * place + 1] ?? 0)
  const { easting, northing } = given ?? toGrid({ latitude, longitude })
  const { icbCode, localAuthorityCode } = codes[pairs[place] ?? 0] ?? NO_CODES
  return { latitude, longitude, easting, northing, icbCode, localAuthorityCode, termination }
}

/** Reads page by page in key order. The version is read first: a change meanwhile is noticed at the next refresh. */
async function loadPostcodes(db: Db): Promise<PackedPostcodes> {
  const version = await loadVersion(db.pool, 'postcodes')
  const { total } = await db.pool
    .selectFrom('postcode')
    .select((query) => query.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  // Room for rows that an import adds while we read.
  const packing = startPacking(Math.ceil(Number(total) * 1.05) + PAGE)
  let after = ''
  for (;;) {
    const page = await loadPage(db, after)
    for (const line of page) packing.add(line)
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return { version, ...packing.done() }
    after = last.slice(0, last.indexOf(SEPARATOR))
  }
}

/** Packs rows that come in the order of their keys. What does not fit is left out: the next refresh brings it. */
function startPacking(room: number) {
  const keys = new Float64Array(room)
  const gps = new Int32Array(2 * room)
  const grid = new Int32Array(2 * room)
  let pairs: Uint16Array | Uint32Array = new Uint16Array(room)
  const codes: Codes[] = []
  const known = new Map<string, number>()
  let length = 0
  const pairOf = (icbCode: string, localAuthorityCode: string): number => {
    const name = `${icbCode}${SEPARATOR}${localAuthorityCode}`
    const there = known.get(name)
    if (there !== undefined) return there
    known.set(name, codes.length)
    if (codes.length === 65_536) pairs = Uint32Array.from(pairs)
    return codes.push({ icbCode: icbCode || null, localAuthorityCode: localAuthorityCode || null }) - 1
  }
  return {
    add(line: string): void {
      const [key = '', latitude, longitude, easting, northing, icbCode = '', localAuthorityCode = '', ended = ''] =
        line.split(SEPARATOR)
      const packed = packPostcode(key)
      if (packed === undefined || length === room) return
      const pair = pairOf(icbCode, localAuthorityCode)
      keys[length] = packed
      gps[2 * length] = Number(latitude)
      gps[2 * length + 1] = Number(longitude)
      const given = easting && northing ? ([Number(easting), Number(northing)] as const) : null
      grid.set(packGrid(given, packTermination(ended)), 2 * length)
      pairs[length] = pair
      length++
    },
    done: () => ({
      keys: keys.slice(0, length),
      gps: gps.slice(0, 2 * length),
      grid: grid.slice(0, 2 * length),
      pairs: pairs.slice(0, length),
      codes,
    }),
  }
}

/** Not in any postcode; a code that holds one loses it. */
const SEPARATOR = '\t'
const END = '\n'

/**
 * The postcodes after one, a line each. The database writes a page as one text: a row and a value at a time would take
 * the embedded one several times as long.
 */
async function loadPage(db: Db, after: string): Promise<readonly string[]> {
  const { rows } = await sql<{ page: string | null }>`
    select string_agg(
      concat(postcode_key, ${SEPARATOR}::text, round(latitude * ${MICRO})::integer, ${SEPARATOR}::text,
             round(longitude * ${MICRO})::integer, ${SEPARATOR}::text, easting, ${SEPARATOR}::text, northing,
             ${SEPARATOR}::text, translate(icb_code, ${SEPARATOR + END}, ''),
             ${SEPARATOR}::text, translate(local_authority_code, ${SEPARATOR + END}, ''),
             ${SEPARATOR}::text, case when terminated then coalesce(terminated_in, 1) end),
      ${END}::text order by postcode_key) as page
    from (select * from postcode where postcode_key > ${after} order by postcode_key limit ${PAGE}) as postcodes`.execute(
    db.pool,
  )
  const page = rows[0]?.page ?? ''
  return page === '' ? [] : page.split(END)
}

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
