/** Where the fictitious directory's pharmacies stand: real districts, invented streets and postcodes. */
import { loadOutcodes } from '#src/reference-data/outcodes.ts'
import type { Random } from './random.ts'

/** English postcode areas and the town each is named after. Areas of Wales, Scotland and the islands are absent. */
export const POST_TOWNS: Readonly<Record<string, string>> = Object.fromEntries(
  `AL St Albans|B Birmingham|BA Bath|BB Blackburn|BD Bradford|BH Bournemouth|BL Bolton|BN Brighton|BR Bromley|BS Bristol|
CA Carlisle|CB Cambridge|CM Chelmsford|CO Colchester|CR Croydon|CT Canterbury|CV Coventry|CW Crewe|DA Dartford|DE Derby|
DH Durham|DL Darlington|DN Doncaster|DT Dorchester|DY Dudley|E London|EC London|EN Enfield|EX Exeter|FY Blackpool|
GL Gloucester|GU Guildford|HA Harrow|HD Huddersfield|HG Harrogate|HP Hemel Hempstead|HR Hereford|HU Hull|HX Halifax|
IG Ilford|IP Ipswich|KT Kingston upon Thames|L Liverpool|LA Lancaster|LE Leicester|LN Lincoln|LS Leeds|LU Luton|
M Manchester|ME Rochester|MK Milton Keynes|N London|NE Newcastle upon Tyne|NG Nottingham|NN Northampton|NR Norwich|
NW London|OL Oldham|OX Oxford|PE Peterborough|PL Plymouth|PO Portsmouth|PR Preston|RG Reading|RH Redhill|RM Romford|
S Sheffield|SE London|SG Stevenage|SK Stockport|SL Slough|SM Sutton|SN Swindon|SO Southampton|SP Salisbury|SR Sunderland|
SS Southend-on-Sea|ST Stoke-on-Trent|SW London|TA Taunton|TF Telford|TN Tonbridge|TQ Torquay|TR Truro|
TS Middlesbrough|TW Twickenham|UB Southall|W London|WA Warrington|WC London|WD Watford|WF Wakefield|WN Wigan|
WR Worcester|WS Walsall|WV Wolverhampton|YO York`
    .replaceAll('\n', '')
    .split('|')
    .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
)

const STREETS = ['High Street', 'Market Place', 'Station Road', 'Church Lane', 'Mill Lane', 'The Parade', 'Park Avenue']
const MORE_STREETS = ['Victoria Road', 'Queensway', 'Bridge Street', 'London Road', 'The Precinct', 'Orchard Way']

/** Districts around two towns of one name, so that somebody who searches for it has to choose. */
const NAMESAKES: ReadonlyMap<string, { readonly town: string; readonly county: string }> = new Map(
  (
    [
      ['DL10', 'North Yorkshire'],
      ['DL11', 'North Yorkshire'],
      ['TW9', 'Surrey'],
      ['TW10', 'Surrey'],
    ] as const
  ).map(([outcode, county]) => [outcode, { town: 'Richmond', county }]),
)

/** Letters that the second half of a real postcode never ends in, so that ours cannot be anybody's. */
const UNUSED_LETTERS = ['C', 'I', 'K', 'M', 'O', 'V'] as const

export type DemoPlace = {
  readonly lines: readonly string[]
  readonly town: string
  readonly postcode: string
  readonly latitude: number
  readonly longitude: number
}

/** Every English district of our table, in the order of their codes. */
export const englishOutcodes = (): string[] =>
  [...loadOutcodes().keys()].filter((outcode) => townOf(outcode) !== undefined).sort()

/** The same in a fixed order that is scattered over the country. */
export function scatteredOutcodes(random: Random): readonly string[] {
  const outcodes = englishOutcodes()
  for (let last = outcodes.length - 1; last > 0; last--) {
    const other = random.between(0, last)
    ;[outcodes[last], outcodes[other]] = [outcodes[other] as string, outcodes[last] as string]
  }
  return outcodes
}

const townOf = (outcode: string): string | undefined => POST_TOWNS[outcode.replace(/\d.*$/, '')]

/**
 * Hands out addresses, each with a postcode of its own, within about a kilometre of the middle of a district. Makers
 * with different `digits` never hand out the same postcode.
 */
export function placeMaker(random: Random, digits: readonly number[]): (outcode: string) => DemoPlace {
  const points = loadOutcodes()
  const used = new Map<string, number>()
  return (outcode) => {
    const count = used.get(outcode) ?? 0
    used.set(outcode, count + 1)
    const middle = points.get(outcode)
    const { town, county } = NAMESAKES.get(outcode) ?? { town: townOf(outcode), county: undefined }
    if (!middle || !town) throw new Error(`${outcode} is not an English district`)
    const turn = Math.floor(count / digits.length)
    const inward = `${digits[count % digits.length]}${letter(turn)}${letter(Math.floor(turn / UNUSED_LETTERS.length))}`
    return {
      lines: [
        `${random.between(1, 180)} ${random.pick([...STREETS, ...MORE_STREETS])}`,
        town,
        ...(county === undefined ? [] : [county]),
      ],
      town,
      postcode: `${outcode} ${inward}`,
      latitude: rounded(middle.latitude + (random.next() - 0.5) * 0.02),
      longitude: rounded(middle.longitude + (random.next() - 0.5) * 0.03),
    }
  }
}

const letter = (index: number): string => UNUSED_LETTERS[index % UNUSED_LETTERS.length] ?? 'C'
const rounded = (degrees: number): number => Math.round(degrees * 1e6) / 1e6
