/** Invented areas of the fictitious directory: a council for each postcode area, and a board for every nine of them. */
import type { Catalogue } from '#src/directory/triage/triage-reference.ts'
import { englishOutcodes, POST_TOWNS } from './places.ts'

const COUNCILS_OF_A_BOARD = 9
const POSTCODE_AREAS = Object.keys(POST_TOWNS)

/** `M` of `M33 7AB` or `M33`. */
export const postcodeAreaOf = (text: string): string => text.replace(/\d.*$/, '')

/** The code of the council that a postcode or district lies in. */
export const councilAt = (text: string): string => `COUNCIL-${postcodeAreaOf(text)}`

/** The code of the board that a postcode or district lies in. */
export const boardAt = (text: string): string =>
  `ICB-${Math.floor(POSTCODE_AREAS.indexOf(postcodeAreaOf(text)) / COUNCILS_OF_A_BOARD) + 1}`

/** What ODS would call a board, as profiles and rights name it: `QZ7` for `ICB-7`. */
export const areaCodeOf = (board: string): string => `QZ${board.slice('ICB-'.length)}`

/** The part of a catalogue that says what lies where, who ranks types in another order, and how far searches reach. */
export function inventedAreas() {
  const districts = englishOutcodes()
  const councils = [...Map.groupBy(districts, councilAt)].map(([code, postcodes]) => {
    const name = `${POST_TOWNS[postcodeAreaOf(postcodes[0] ?? '')]} council (invented)`
    return [code, { kind: 'la' as const, name, postcodes }] as const
  })
  const boards = [...Map.groupBy(districts, boardAt)].map(
    ([code, postcodes]) =>
      [code, { kind: 'icb' as const, name: `Board ${code.slice(4)} (invented)`, postcodes }] as const,
  )
  return {
    areas: {
      ...Object.fromEntries([...councils, ...boards]),
      'LEEDS-SOUTH': { kind: 'local', name: 'South of Leeds (invented)', postcodes: ['LS10', 'LS11', 'LS26', 'LS27'] },
    },
    rankings: {
      // In Leeds urgent treatment centres are asked before pharmacies; the board of Manchester prefers opticians.
      [councilAt('LS1')]: { 135: 1, 132: 3, 13: 4 },
      [boardAt('M1')]: { 14: 1, 112: 1 },
    },
    searchDistances: { M1: 10, M33: 15, 'LS1 6': 5, TR1: 90, CA1: 75.5 },
  } satisfies Catalogue
}
