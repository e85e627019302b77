/**
 * Where is "M33 7AB", "M33", "Sale" or "Newport, Shropshire"? One question for a postcode and a place alike.
 *
 * A full postcode comes from the gazetteer; one that it lacks is answered by its outcode, from our own table of rounded
 * points or else the middle of the outcode's known postcodes. Anything else is the name of a town in a stored address.
 */
import type { Clock } from '#src/platform/clock.ts'
import type { Position } from '#src/rules/distance.ts'
import { outcodesMeant, postcodesMeant } from '#src/rules/misread-postcode.ts'
import { type Outcode, outcodeOf, type Postcode, parseOutcode, parsePostcode } from '#src/rules/postcode.ts'
import { countryOutsideEngland, type Elsewhere } from '#src/rules/postcode-country.ts'
import { loadOutcodes } from './outcodes.ts'
import type { Termination } from './packed-terminations.ts'
import { collectPlaceNames, type NamedPlace, type PlacedAddress, type PlaceNames } from './place-names.ts'

export type Place = Position & {
  /** As people write it; searching for it again finds the same place. `M33 7AB`, `M33`, `Sale`. */
  readonly label: string
  readonly kind: 'postcode' | 'outcode' | 'town'
  /** The full postcode that was asked for and is not in the gazetteer, so that its outcode stands in for it. */
  readonly insteadOf: string | undefined
  /** The postcode is no longer in use, and the place is where it was. */
  readonly termination?: Termination | undefined
  /** Where it is, when that is not England; undefined also where only its outcode is known and that straddles a border. */
  readonly country?: Elsewhere | undefined
}

export type PlaceAnswer =
  | { readonly kind: 'found'; readonly place: Place }
  /** Several places have the name, or it is a county: the labels to choose from. */
  | {
      readonly kind: 'choose'
      readonly among: 'namesakes' | 'county'
      readonly name: string
      readonly labels: readonly string[]
    }
  | {
      readonly kind: 'unknown'
      readonly because: 'empty' | 'too-long' | 'letters' | 'not-a-postcode' | 'unknown-postcode' | 'unknown-name'
      /** What was asked, tidied; a postcode in its usual form. */
      readonly asked: string
      /** Where a postcode that we do not know belongs, when that is outside England. */
      readonly country: Elsewhere | undefined
      /** Labels of places that are spelled alike, postcodes included. */
      readonly suggestions: readonly string[]
    }

export type Places = {
  find(text: string): PlaceAnswer
  /** Labels of places whose names begin so, or are spelled alike: for somebody who is still typing. From three letters on. */
  suggest(text: string): readonly string[]
}

type KnownPostcode = Position & {
  readonly localAuthorityCode?: string | null
  readonly icbCode?: string | null
  readonly termination?: Termination | null
}

/** What the answers come from; each is asked anew, so that changes show without a restart. */
export type PlaceSources = {
  readonly gazetteer: {
    find(postcode: string): KnownPostcode | undefined
    /** The middle of the known postcodes of an outcode. */
    middleOf(outcode: string): Position | undefined
  }
  /** The pharmacies that are in the directory now. */
  addresses(): Iterable<PlacedAddress>
  /** Rises with every change of the directory. */
  seq(): number
  readonly clock: Clock
}

const MAX_LENGTH = 100
const SUGGESTIONS = 5
const CHOICES = 12
/** Names are collected again after this many changes of the directory, or when a name is not found and any change came. */
const CHANGES_BEFORE_RENEWAL = 500
/** They are not collected more often than this, so that an import under way does not slow searches down. */
const RENEWAL_PAUSE_MS = 2000

/** Reads the table of outcodes; names of towns are collected at the first search for one. */
export function createPlaces(sources: PlaceSources): Places {
  const outcodes = loadOutcodes()
  const middleOf = (outcode: string) => outcodes.get(outcode) ?? sources.gazetteer.middleOf(outcode)
  const names = renewedNames(sources)
  return {
    suggest(text) {
      const asked = tidy(text)
      if (asked.length > MAX_LENGTH || /\d/.test(asked)) return []
      return names.find((known) => some(known.similar(asked, SUGGESTIONS))) ?? []
    },
    find(text) {
      const asked = tidy(text)
      if (asked === '') return unknown('empty', asked)
      if (asked.length > MAX_LENGTH) return unknown('too-long', asked.slice(0, MAX_LENGTH))
      const codes = { gazetteer: sources.gazetteer, middleOf }
      const answer = findPostcode(asked, codes) ?? findName(asked, names) ?? unknownText(asked, names)
      const meant = answer.kind === 'unknown' && answer.country === undefined ? codesMeant(asked, codes) : []
      return answer.kind === 'unknown' && meant.length > 0 ? { ...answer, suggestions: meant } : answer
    },
  }
}

/** One line of text as it would be typed: compatibility forms unified, control characters and extra spaces gone. */
export const tidy = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim()

type Codes = {
  readonly gazetteer: PlaceSources['gazetteer']
  middleOf(outcode: string): Position | undefined
}

function findPostcode(asked: string, { gazetteer, middleOf }: Codes): PlaceAnswer | undefined {
  const postcode = parsePostcode(asked) ?? parsePostcode(/[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/i.exec(asked)?.[0] ?? '')
  if (postcode) {
    const exact = gazetteer.find(postcode)
    if (exact) return foundExactly(exact, postcode)
    const near = middleOf(outcodeOf(postcode))
    return near ? foundNear(near, outcodeOf(postcode), postcode) : unknownPostcode(postcode)
  }
  const outcode = parseOutcode(/^([A-Z]{1,2}\d[A-Z\d]?) \d[A-Z]?$/i.exec(asked)?.[1] ?? asked)
  if (!outcode) return undefined
  const middle = middleOf(outcode)
  return middle ? foundNear(middle, outcode) : unknownPostcode(outcode)
}

/** What was meant, perhaps: postcodes that we know, else the likeliest one of an outcode that we know, else an outcode. */
function codesMeant(asked: string, { gazetteer, middleOf }: Codes): readonly string[] {
  const postcodes = postcodesMeant(asked)
  const known = some(postcodes.filter((postcode) => gazetteer.find(postcode)))
  if (known) return known.slice(0, SUGGESTIONS)
  const near = postcodes.find((postcode) => middleOf(outcodeOf(postcode))) ?? outcodesMeant(asked).find(middleOf)
  return near === undefined ? [] : [near]
}

function findName(asked: string, names: Names): PlaceAnswer | undefined {
  const named = names.find((known) => some(known.find(asked)))
  if (named)
    return named.length === 1
      ? foundTown(named[0])
      : choose('namesakes', named[0]?.name ?? asked, named.slice(0, CHOICES))
  const inside = names.find((known) => known.inCounty(asked))
  return inside && choose('county', inside.county, inside.places)
}

function unknownText(asked: string, names: Names): PlaceAnswer {
  if (/[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]/u.test(asked)) return unknown('letters', asked)
  if (/^[a-z]{1,2}\d/i.test(asked) || /\d[a-z]{2}$/i.test(asked)) return unknown('not-a-postcode', asked)
  const suggestions = names.find((known) => some(known.similar(asked, SUGGESTIONS))) ?? []
  return { ...unknown('unknown-name', asked), suggestions }
}

type Names = {
  /** The first answer that is not undefined: from the names as collected, else from names collected anew. */
  find<T>(ask: (names: PlaceNames) => T | undefined): T | undefined
}

function renewedNames({ addresses, seq, clock }: PlaceSources): Names {
  let names: PlaceNames | undefined
  let collectedSeq = 0
  let collectedMs = 0
  const collect = (): PlaceNames => {
    collectedSeq = seq()
    collectedMs = clock.now().getTime()
    names = collectPlaceNames(addresses())
    return names
  }
  const mayRenew = (changes: number): boolean =>
    seq() - collectedSeq >= changes && Math.abs(clock.now().getTime() - collectedMs) >= RENEWAL_PAUSE_MS
  return {
    find(ask) {
      const current = names && !mayRenew(CHANGES_BEFORE_RENEWAL) ? names : collect()
      const answer = ask(current)
      return answer === undefined && mayRenew(1) ? ask(collect()) : answer
    },
  }
}

const some = <T>(list: readonly T[]): readonly T[] | undefined => (list.length > 0 ? list : undefined)

const found = (point: Position, more: Omit<Place, keyof Position>): PlaceAnswer => ({
  kind: 'found',
  place: { latitude: point.latitude, longitude: point.longitude, ...more },
})

const foundExactly = (point: KnownPostcode, postcode: Postcode): PlaceAnswer =>
  found(point, {
    ...{ label: postcode, kind: 'postcode', insteadOf: undefined },
    termination: point.termination ?? undefined,
    country: countryOutsideEngland(postcode, [point.localAuthorityCode, point.icbCode]),
  })

const foundNear = (point: Position, outcode: Outcode, insteadOf?: Postcode): PlaceAnswer =>
  found(point, { label: outcode, kind: 'outcode', insteadOf, country: countryOutsideEngland(outcode) })

const foundTown = (town: NamedPlace | undefined): PlaceAnswer | undefined =>
  town && found(town, { label: town.label, kind: 'town', insteadOf: undefined })

const choose = (among: 'namesakes' | 'county', name: string, places: readonly NamedPlace[]): PlaceAnswer => ({
  kind: 'choose',
  among,
  name,
  labels: places.map(({ label }) => label),
})

type Unknown = Extract<PlaceAnswer, { kind: 'unknown' }>

const unknown = (because: Unknown['because'], asked: string): Unknown => ({
  kind: 'unknown',
  because,
  asked,
  country: undefined,
  suggestions: [],
})

const unknownPostcode = (code: Postcode | Outcode): PlaceAnswer => ({
  ...unknown('unknown-postcode', code),
  country: countryOutsideEngland(code),
})
