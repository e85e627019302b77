/** The reference data that a triage search needs, in memory: types and their ranks, codes and pairs, areas, distances. */
import { parsePostcode } from '#src/rules/postcode.ts'
import { type PostcodeUnitKind, parsePostcodeUnit, unitsOf } from '#src/rules/postcode-unit.ts'
import {
  LAST_RANK,
  LISTED_TYPES,
  lifecycleOf,
  type TypeLifecycle,
  typeNameOf,
  usualLimitOf,
} from '#src/rules/service-types.ts'

export type ServiceType = {
  readonly id: number
  readonly name: string
  /** National rank, 1 (first) to 10 (last). */
  readonly rank: number
  /** How many services of the type one search returns. */
  readonly limit: number
  /** Administrative types are never returned by a search; retired ones still are, while services carry them. */
  readonly lifecycle: TypeLifecycle
}

export type Disposition = {
  readonly id: number
  readonly name: string | null
  /** Minutes; null when it has none. */
  readonly timeframe: number | null
}

/** Codes of the areas that a postcode lies in, upper case. */
export type Areas = {
  readonly localAuthority: string | null
  readonly icb: string | null
  readonly local: readonly string[]
}

export type DistanceSource = 'Postcode' | 'Sector' | 'District'

export type TriageReference = {
  readonly types: ReadonlyMap<number, ServiceType>
  /** The rank of a type at a place: its local authority's, else its ICB's, else the national one; 10 when nobody ranks it. */
  rankOf(typeId: number, areas: Areas | null): number
  /** The discriminators that can be combined with a symptom group; undefined when there is no such group. */
  pairedWith(symptomGroup: number): ReadonlySet<number> | undefined
  symptomGroupName(symptomGroup: number): string | null
  discriminatorName(discriminator: number): string | null
  readonly symptomGroups: readonly number[]
  readonly dispositions: ReadonlyMap<number, Disposition>
  /** Referral roles: id to name (null when it has none). */
  readonly roles: ReadonlyMap<number, string | null>
  /** The distance in km that is stored for a postcode (`ZZ1 1AA`), its sector or its district, in this order. */
  storedDistance(postcode: string): { readonly km: number; readonly source: DistanceSource } | undefined
  /** Areas that the catalogue lists postcodes for; null when it names none for this one. */
  listedAreasOf(postcode: string): Areas | null
  /**
   * What kind of area a code names, in any case: as the catalogue lists it, else as the code itself says. Undefined for
   * a local area that is not listed.
   */
  areaKind(code: string): AreaKind | undefined
  readonly catchAllTypes: readonly number[] | null
  readonly catchAllKm: number
}

export const AREA_KINDS = ['la', 'icb', 'local'] as const
/** Local authority, integrated care board, locally defined area. */
export type AreaKind = (typeof AREA_KINDS)[number]

/** The reference file as it is stored: what is absent is not known. */
export type Catalogue = {
  readonly types?: readonly {
    readonly id: number
    readonly name: string
    readonly rank?: number | undefined
    readonly limit?: number | undefined
  }[]
  /** Symptom group to the discriminators that go with it. */
  readonly pairs?: Readonly<Record<string, readonly number[]>> | undefined
  readonly symptomGroups?: readonly Named[] | undefined
  readonly discriminators?: readonly Named[] | undefined
  readonly dispositions?:
    | readonly { readonly id: number; readonly timeframe: number | null; readonly name?: string | undefined }[]
    | undefined
  readonly roles?: readonly (number | { readonly id: number; readonly name?: string | undefined })[] | undefined
  /** Area code to what lies in it: postcodes, sectors and districts. A bare list has the kind its code looks like. */
  readonly areas?:
    | Readonly<Record<string, readonly string[] | { readonly kind: AreaKind; readonly postcodes: readonly string[] }>>
    | undefined
  /** Area code to the ranks of types there. */
  readonly rankings?: Readonly<Record<string, Readonly<Record<string, number>>>> | undefined
  /** Postcode, sector or district to km. */
  readonly searchDistances?: Readonly<Record<string, number>> | undefined
  readonly catchAllTypes?: readonly number[] | undefined
  readonly catchAllKm?: number | undefined
}

type Named = { readonly id: number; readonly name: string }

/** The distance of a search for which none is stored or given, km. Source: Check Capacity Summary, search distance. */
export const NATIONAL_KM = 60

/** What a catalogue says to a triage search. Of the types, the complete list stands where the catalogue is silent. */
export function buildTriageReference(catalogue: Catalogue): TriageReference {
  const types = serviceTypes(catalogue.types ?? [])
  const pairs = pairsOf(catalogue)
  const groupNames = namesOf(catalogue.symptomGroups)
  const discriminatorNames = namesOf(catalogue.discriminators)
  const rankings = rankingsOf(catalogue.rankings)
  const { catchAllTypes, catchAllKm } = catalogue
  return {
    types,
    rankOf(typeId, areas) {
      const here =
        rankAt(rankings, areas?.localAuthority ?? null, typeId) ?? rankAt(rankings, areas?.icb ?? null, typeId)
      return here ?? types.get(typeId)?.rank ?? LAST_RANK
    },
    pairedWith: (symptomGroup) => pairs.get(symptomGroup),
    symptomGroupName: (symptomGroup) => groupNames.get(symptomGroup) ?? null,
    discriminatorName: (discriminator) => discriminatorNames.get(discriminator) ?? null,
    symptomGroups: [...pairs.keys()].sort((a, b) => a - b),
    dispositions: new Map(
      (catalogue.dispositions ?? []).map(({ id, timeframe, name }) => [id, { id, timeframe, name: name ?? null }]),
    ),
    roles: new Map(
      (catalogue.roles ?? []).map((role) => (typeof role === 'number' ? [role, null] : [role.id, role.name ?? null])),
    ),
    storedDistance: distanceFinder(catalogue.searchDistances),
    listedAreasOf: areaFinder(catalogue.areas),
    areaKind: kindFinder(catalogue.areas),
    catchAllTypes: catchAllTypes && catchAllTypes.length > 0 ? catchAllTypes : null,
    catchAllKm: catchAllKm ?? NATIONAL_KM,
  }
}

function serviceTypes(named: NonNullable<Catalogue['types']>): ReadonlyMap<number, ServiceType> {
  const listed = LISTED_TYPES.map((id) => ({ id, name: typeNameOf(id) ?? '' }))
  return new Map(
    [...listed, ...named].map(({ id, name, ...said }: NonNullable<Catalogue['types']>[number]) => [
      id,
      {
        id,
        name,
        rank: said.rank ?? LAST_RANK,
        limit: said.limit ?? usualLimitOf(id),
        lifecycle: lifecycleOf(id),
      },
    ]),
  )
}

function pairsOf({ pairs = {}, symptomGroups = [] }: Catalogue): ReadonlyMap<number, ReadonlySet<number>> {
  const byGroup = new Map<number, ReadonlySet<number>>(symptomGroups.map(({ id }) => [id, new Set()]))
  for (const [group, discriminators] of Object.entries(pairs)) byGroup.set(Number(group), new Set(discriminators))
  return byGroup
}

const namesOf = (named: readonly Named[] = []): ReadonlyMap<number, string> =>
  new Map(named.map(({ id, name }) => [id, name]))

type Rankings = ReadonlyMap<string, ReadonlyMap<number, number>>

const rankingsOf = (rankings: Catalogue['rankings'] = {}): Rankings =>
  new Map(
    Object.entries(rankings).map(([area, ranks]) => [
      canonicalCode(area),
      new Map(Object.entries(ranks).map(([typeId, rank]) => [Number(typeId), rank])),
    ]),
  )

const rankAt = (rankings: Rankings, area: string | null, typeId: number): number | undefined =>
  area === null ? undefined : rankings.get(area)?.get(typeId)

const SOURCES: Readonly<Record<PostcodeUnitKind, DistanceSource>> = {
  postcode: 'Postcode',
  sector: 'Sector',
  district: 'District',
}

function distanceFinder(distances: Catalogue['searchDistances'] = {}): TriageReference['storedDistance'] {
  const byUnit = new Map<string, { readonly km: number; readonly source: DistanceSource }>()
  for (const [text, km] of Object.entries(distances)) {
    const unit = parsePostcodeUnit(text)
    if (unit) byUnit.set(unit.name, { km, source: SOURCES[unit.kind] })
  }
  return (text) => {
    if (byUnit.size === 0) return undefined
    const postcode = parsePostcode(text)
    if (!postcode) return undefined
    const [full, sector, district] = unitsOf(postcode)
    return byUnit.get(full) ?? byUnit.get(sector) ?? byUnit.get(district)
  }
}

const canonicalCode = (code: string): string => code.trim().toUpperCase()

type Listed = { readonly code: string; readonly kind: AreaKind }

/** Of two authorities or two boards that claim a postcode, the one that lists the smaller unit; the other is an area still. */
function areaFinder(areas: Catalogue['areas'] = {}): TriageReference['listedAreasOf'] {
  const byUnit = new Map<string, Listed[]>()
  for (const [code, given] of Object.entries(areas)) {
    const area = 'kind' in given ? given : { kind: areaKindOf(code), postcodes: given }
    const listed: Listed = { code: canonicalCode(code), kind: area.kind }
    for (const text of area.postcodes) addTo(byUnit, parsePostcodeUnit(text)?.name, listed)
  }
  return (text) => {
    if (byUnit.size === 0) return null
    const postcode = parsePostcode(text)
    const found = postcode ? unitsOf(postcode).flatMap((unit) => byUnit.get(unit) ?? []) : []
    return found.length === 0 ? null : combined(found)
  }
}

function kindFinder(areas: Catalogue['areas'] = {}): TriageReference['areaKind'] {
  const listed = new Map(
    Object.entries(areas).map(([code, given]) => {
      const name = canonicalCode(code)
      return [name, 'kind' in given ? given.kind : areaKindOf(name)]
    }),
  )
  return (code) => {
    const name = canonicalCode(code)
    const kind = listed.get(name) ?? areaKindOf(name)
    return kind === 'local' && !listed.has(name) ? undefined : kind
  }
}

function addTo(byUnit: Map<string, Listed[]>, unit: string | undefined, area: Listed): void {
  if (unit === undefined) return
  const there = byUnit.get(unit)
  if (there) there.push(area)
  else byUnit.set(unit, [area])
}

function combined(found: readonly Listed[]): Areas {
  const first = (kind: AreaKind) => found.find((area) => area.kind === kind)?.code ?? null
  const [localAuthority, icb] = [first('la'), first('icb')]
  const others = found.map(({ code }) => code).filter((code) => code !== localAuthority && code !== icb)
  return { localAuthority, icb, local: [...new Set(others)] }
}

/**
 * What kind of area a code names, where nobody says. Integrated care boards have ONS codes `E54…` and ODS codes of three
 * characters from Q on; local authorities `E06…` to `E09…` and `W06…`. `ICB…`, `LA-…` and `LAD-…` say it themselves. Any
 * other is a local area.
 */
export function areaKindOf(code: string): AreaKind {
  if (/^(E54|ICB)|^Q[A-Z0-9]{2}$/.test(code)) return 'icb'
  return /^(E0[6-9]|W06|LAD?-)/.test(code) ? 'la' : 'local'
}
