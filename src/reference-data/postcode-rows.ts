/** Rows of a postcode file: the ONS Postcode Directory, our own extract, or a gazetteer with grid references. Pure. */

import { toGps } from '#src/rules/national-grid.ts'
import { areaOf, type Postcode, parsePostcode, postcodeKey } from '#src/rules/postcode.ts'
import type { CsvLayout, CsvRow } from './csv-table.ts'

export type PostcodeColumn =
  | 'postcode'
  | 'latitude'
  | 'longitude'
  | 'easting'
  | 'northing'
  | 'terminated'
  | 'icb'
  | 'region'
  | 'localAuthority'
  | 'source'

export type PostcodeRow = {
  readonly postcode_key: string
  readonly latitude: number
  readonly longitude: number
  readonly icb_code: string | null
  readonly region_code: string | null
  readonly local_authority_code: string | null
  readonly terminated: boolean
  /** Year and month, `199606`; null while it is in use, and where the file does not say since when. */
  readonly terminated_in: number | null
  readonly source: string
  /** Whole metres on the National Grid, where the file gives them; null otherwise. */
  readonly easting: number | null
  readonly northing: number | null
}

/** `no-position`: a real postcode that the file does not place, such as those of the Channel Islands. */
export type PostcodeReading =
  | { readonly outcome: 'row'; readonly row: PostcodeRow }
  | { readonly outcome: 'no-position'; readonly postcode: Postcode }
  | { readonly outcome: 'refused'; readonly reasons: readonly string[] }

/** The ONS puts the year of the boundaries into names: `lad25cd`. */
const yearly = (stem: string): readonly string[] =>
  Array.from({ length: 20 }, (_, index) => `${stem}${String(18 + index)}cd`)

const COLUMNS: CsvLayout<PostcodeColumn>['columns'] = {
  postcode: ['postcode', 'pcds', 'pcd8', 'pcd7', 'pcd2', 'pcd'],
  latitude: ['latitude', 'lat'],
  longitude: ['longitude', 'long', 'lng', 'lon'],
  easting: ['easting', 'oseast1m', 'east1m', 'eastings'],
  northing: ['northing', 'osnrth1m', 'north1m', 'northings'],
  terminated: ['terminated', 'doterm'],
  icb: ['icb_code', 'icb', ...yearly('icb'), 'stp', 'ccg', 'sicbl', ...yearly('sicbl')],
  region: ['nhs_region_code', 'nhser', ...yearly('nhser')],
  localAuthority: ['local_authority_code', 'laua', 'oslaua', ...yearly('lad'), 'la_code'],
  source: ['source'],
}

export const GPS_LAYOUT: CsvLayout<PostcodeColumn> = {
  name: 'a postcode file',
  columns: COLUMNS,
  required: ['postcode', 'latitude', 'longitude'],
}

export const GRID_LAYOUT: CsvLayout<PostcodeColumn> = {
  name: 'a gazetteer',
  columns: COLUMNS,
  required: ['postcode', 'easting', 'northing'],
}

/** The United Kingdom and the Crown dependencies, degrees, generously. */
const BOUNDS = { south: 49, north: 61.5, west: -9, east: 2.5 }
/** What the ONS writes where there is no grid reference. */
const NO_LATITUDE = 99.999999

/** Reads one row. `defaultSource` names the file where it has no column for that. */
export function parsePostcodeRow(
  row: CsvRow<PostcodeColumn>,
  layout: CsvLayout<PostcodeColumn>,
  defaultSource: string,
): PostcodeReading {
  if (row.damage !== undefined) return { outcome: 'refused', reasons: [row.damage] }
  const postcode = parsePostcode(row.text('postcode'))
  if (!postcode) return { outcome: 'refused', reasons: [`“${row.text('postcode').slice(0, 20)}” is not a postcode`] }
  const grid = gridOf(row, postcode)
  const point = layout === GRID_LAYOUT ? gridPoint(row) : gpsPoint(row, grid)
  if (point === 'none') return { outcome: 'no-position', postcode }
  if (point === undefined || !isInUk(point))
    return { outcome: 'refused', reasons: [`its position ${positionText(row, layout)} is not in the United Kingdom`] }
  return {
    outcome: 'row',
    row: {
      postcode_key: postcodeKey(postcode),
      ...point,
      icb_code: row.text('icb').trim() || null,
      region_code: row.text('region').trim() || null,
      local_authority_code: row.text('localAuthority').trim() || null,
      terminated: isTrue(row.text('terminated')),
      terminated_in: monthIn(row.text('terminated')),
      source: row.text('source').trim() || defaultSource,
      ...grid,
    },
  }
}

type Point = { readonly latitude: number; readonly longitude: number }

/** Undefined when there are no numbers, `none` when the file says that it does not know, on the grid neither. */
function gpsPoint(row: CsvRow<PostcodeColumn>, { easting, northing }: Grid): Point | 'none' | undefined {
  const onGrid = easting === null || northing === null ? 'none' : toGps({ easting, northing })
  const [latitudeText, longitudeText] = [row.text('latitude').trim(), row.text('longitude').trim()]
  if (latitudeText === '' && longitudeText === '') return onGrid
  const [latitude, longitude] = [Number(latitudeText || Number.NaN), Number(longitudeText || Number.NaN)]
  if (Math.abs(latitude - NO_LATITUDE) < 1e-6) return onGrid
  return Number.isFinite(latitude) && Number.isFinite(longitude) ? { latitude, longitude } : undefined
}

function gridPoint(row: CsvRow<PostcodeColumn>): Point | 'none' | undefined {
  const [eastingText, northingText] = [row.text('easting').trim(), row.text('northing').trim()]
  if (eastingText === '' && northingText === '') return 'none'
  const [easting, northing] = [Number(eastingText || Number.NaN), Number(northingText || Number.NaN)]
  return Number.isFinite(easting) && Number.isFinite(northing) ? toGps({ easting, northing }) : undefined
}

type Grid = Pick<PostcodeRow, 'easting' | 'northing'>

const NO_GRID: Grid = { easting: null, northing: null }
/** Great Britain, metres, generously. */
const GRID_REACH = { east: 800_000, north: 1_400_000 }

/** The ONS refers postcodes of Northern Ireland to the Irish Grid, which is another one. */
const isOnIrishGrid = (postcode: Postcode): boolean => areaOf(postcode) === 'BT'

function gridOf(row: CsvRow<PostcodeColumn>, postcode: Postcode): Grid {
  const [easting, northing] = (['easting', 'northing'] as const).map((column) =>
    Math.round(Number(row.text(column).trim() || Number.NaN)),
  ) as [number, number]
  const isOnGrid = easting > 0 && easting <= GRID_REACH.east && northing > 0 && northing <= GRID_REACH.north
  return isOnGrid && !isOnIrishGrid(postcode) ? { easting, northing } : NO_GRID
}

const isInUk = ({ latitude, longitude }: Point): boolean =>
  latitude >= BOUNDS.south && latitude <= BOUNDS.north && longitude >= BOUNDS.west && longitude <= BOUNDS.east

const positionText = (row: CsvRow<PostcodeColumn>, layout: CsvLayout<PostcodeColumn>): string =>
  layout === GRID_LAYOUT
    ? `${row.text('easting')} ${row.text('northing')}`
    : `${row.text('latitude')} ${row.text('longitude')}`

/** `199606` as a number; null for anything that is not a month. */
const monthIn = (text: string): number | null =>
  /^(19|2\d)\d\d(0[1-9]|1[0-2])$/.test(text.trim()) ? Number(text) : null

/** ONS gives a month of termination (`199606`) or nothing; others say true or false. */
const isTrue = (text: string): boolean => !['', '0', 'false', 'f', 'no', 'n'].includes(text.trim().toLowerCase())
