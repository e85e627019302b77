/** The reference data that a triage search needs, in memory: types and their ranks, codes and pairs, areas, distances. */

export type ServiceType = {
  readonly id: number
  readonly name: string
  /** National rank, 1 (first) to 10 (last). */
  readonly rank: number
  /** How many services of the type one search returns. */
  readonly limit: number
  /** Administrative types are never returned by a search; retired ones still are, while services carry them. */
  readonly lifecycle: 'current' | 'administrative' | 'retired'
}

export type Disposition = {
  readonly id: number
  readonly name: string | null
  /** Minutes; null when it has none. */
  readonly timeframe: number | null
}

/** Codes of the areas that a postcode lies in. */
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
  readonly catchAllTypes: readonly number[] | null
  readonly catchAllKm: number
}
