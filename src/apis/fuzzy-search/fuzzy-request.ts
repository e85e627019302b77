/**
 * What the Service Finder's search is asked, read and checked in the order of the service that this one replaces.
 *
 * Source: its documented parameters, defaults and validation codes.
 */
import type { NameField } from '#src/directory/names/name-index.ts'
import type { Position } from '#src/rules/distance.ts'
import { METRES_PER_MILE } from '#src/rules/distance.ts'

export type FuzzyRequest = {
  readonly terms: readonly string[]
  /** Null: everywhere in England. */
  readonly from: Position | null
  readonly rangeMetres: number
  readonly most: number
  readonly slips: number
  readonly worth: Readonly<Record<NameField, number>>
  /** The parameters as they were understood, for the answer. */
  readonly echo: Readonly<Record<string, unknown>>
}

export type FuzzyRefusal = { readonly status: number; readonly validationCode: string; readonly message: string }

export type FuzzyRead =
  | { readonly ok: true; readonly asked: FuzzyRequest }
  | { readonly ok: false; readonly refusal: FuzzyRefusal }

export type FuzzyReadDeps = {
  /** Where a postcode or outcode is. */
  readonly placeOf: (text: string) => Position | undefined
  /** The status of a search with too many terms. */
  readonly tooManyStatus: 400 | 404
  /** Version 2 needs a place by all three parameters. */
  readonly mustHavePlace: boolean
}

const LEAST_LETTERS = 3
const MOST_TERMS = 20
const MOST_SERVICES = 50
const USUAL_MILES = 60
/** The way round the earth. */
const MOST_MILES = 25_000
const MOST_SLIPS = 2
const MOST_WORTH = 100
const USUAL_WORTH = { name: 100, public_name: 100, address: 75, postcode: 75 }
/** Of one term: nobody types more, and what is longer is not read. */
const LONGEST_TERM = 100

type Query = Readonly<Record<string, string | readonly string[] | undefined>>

const refuse = (status: number, validationCode: string, message: string): FuzzyRead => ({
  ok: false,
  refusal: { status, validationCode, message },
})

/** Reads the query of an address. Never throws; numbers that are none count as not given. */
export function readFuzzyRequest(query: Query, { placeOf, tooManyStatus, mustHavePlace }: FuzzyReadDeps): FuzzyRead {
  const terms = listIn(query, 'search_term')
  const location = textIn(query, 'search_location')
  const given = degreesIn(query)
  if (mustHavePlace && (location === '' || !given)) {
    return refuse(400, 'PMA-VAL005', 'Valid location, latitude and longitude are needed.')
  }
  if (terms.length === 0) return refuse(404, 'VAL-001', 'No search term was given: send at least one search_term.')
  if (terms.length > MOST_TERMS) {
    return refuse(tooManyStatus, 'VAL-002', `${terms.length} search terms were given: send at most ${MOST_TERMS}.`)
  }
  const long = terms.filter((term) => term.length >= LEAST_LETTERS)
  if (long.length === 0) {
    return refuse(404, 'VAL-003', `No search term has at least ${LEAST_LETTERS} characters.`)
  }
  const from = given ?? (location === '' ? null : placeOf(location))
  if (from === undefined) {
    return refuse(404, 'VAL-004', 'The search location is not known: send a postcode, or latitude and longitude.')
  }
  return { ok: true, asked: requestOf(query, { terms, long, from }) }
}

type Checked = { readonly terms: readonly string[]; readonly long: readonly string[]; readonly from: Position | null }

function requestOf(query: Query, { terms, long, from }: Checked): FuzzyRequest {
  const miles = numberIn(query, 'distance_range', { usual: USUAL_MILES, most: MOST_MILES })
  const most = Math.max(
    1,
    Math.floor(numberIn(query, 'max_number_of_services_to_return', { usual: MOST_SERVICES, most: MOST_SERVICES })),
  )
  const slips = Math.floor(numberIn(query, 'fuzz_level', { usual: MOST_SLIPS, most: MOST_SLIPS }))
  const worthOf = (field: keyof typeof USUAL_WORTH): number =>
    numberIn(query, `${field}_priority`, { usual: USUAL_WORTH[field], most: MOST_WORTH })
  const worth = {
    name: worthOf('name'),
    publicName: worthOf('public_name'),
    address: worthOf('address'),
    postcode: worthOf('postcode'),
  }
  return {
    terms: long.map((term) => term.slice(0, LONGEST_TERM)),
    from,
    rangeMetres: miles * METRES_PER_MILE,
    most,
    slips,
    worth,
    echo: {
      search_criteria: terms,
      ...echoed(query, ['search_location', 'search_latitude', 'search_longitude']),
      distance_range: miles,
      ...echoed(query, ['referral_role']),
      fuzz_level: slips,
      address_priority: worth.address,
      name_priority: worth.name,
      postcode_priority: worth.postcode,
      public_name_priority: worth.publicName,
      max_number_of_services_to_return: most,
    },
  }
}

/** All values of a name; a list may also be written with commas, as its first clients did. */
function listIn(query: Query, name: string): readonly string[] {
  return [query[name] ?? []]
    .flat()
    .flatMap((value) => value.split(','))
    .map((value) => value.trim().replace(/\s+/g, ' '))
    .filter((value) => value !== '')
}

const textIn = (query: Query, name: string): string => ([query[name] ?? ''].flat()[0] ?? '').trim()

function numberIn(
  query: Query,
  name: string,
  { usual, most }: { readonly usual: number; readonly most: number },
): number {
  const text = textIn(query, name)
  return /^\d{1,6}(\.\d{1,10})?$/.test(text) ? Math.min(Number(text), most) : usual
}

/** Both given and on the earth, or undefined. */
function degreesIn(query: Query): Position | undefined {
  const [latitude, longitude] = ['search_latitude', 'search_longitude'].map((name) => {
    const text = textIn(query, name)
    return /^-?\d{1,3}(\.\d{1,20})?$/.test(text) ? Number(text) : Number.NaN
  }) as [number, number]
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : undefined
}

const echoed = (query: Query, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (query[name] === undefined ? [] : [[name, textIn(query, name)]])))
