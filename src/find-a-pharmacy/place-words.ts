/** Why a postcode or a place was not found, in words that say what to do. Pure. */
import type { PlaceAnswer } from '#src/reference-data/places.ts'
import type { Elsewhere } from '#src/rules/postcode-country.ts'
import type { Problem } from '#src/rules/problems.ts'

type UnknownPlace = Extract<PlaceAnswer, { kind: 'unknown' }>

/** The problem for the field `place`. */
export const placeProblem = (answer: UnknownPlace): Problem => ({
  field: 'place',
  code: answer.because,
  message: messageFor(answer),
})

/** The problem of a search near a place that is too far from England to have any use for its pharmacies. */
export const tooFarProblem = (name: string, country: Elsewhere): Problem => ({
  field: 'place',
  code: 'elsewhere',
  message: elsewhereProblem(name, country),
})

const elsewhereProblem = (name: string, country: Elsewhere): string =>
  `${name} is ${country.endsWith('Man') ? 'on' : 'in'} ${country}, and this service covers England. Enter a postcode or town in England`

const oneOf = (suggestions: readonly string[]): string =>
  suggestions.length === 1 ? 'the one that we suggest' : 'one that we suggest'

function messageFor({ because, asked, country, suggestions }: UnknownPlace): string {
  switch (because) {
    case 'empty':
      return 'Enter a postcode, town or area'
    case 'too-long':
      return 'Enter a postcode, town or area of 100 characters or fewer'
    case 'letters':
      return 'Enter the postcode, town or area in the letters of the English alphabet'
    case 'not-a-postcode':
      return suggestions.length > 0
        ? `“${asked}” is not a postcode. Check it, or choose ${oneOf(suggestions)}`
        : 'Enter a full postcode, like M33 7AB, or the first part of it, like M33'
    case 'unknown-postcode':
      if (country !== undefined) return elsewhereProblem(asked, country)
      return `We do not know the postcode ${asked}. Check it, or ${
        suggestions.length > 0 ? `choose ${oneOf(suggestions)}` : 'enter a town nearby'
      }`
    case 'unknown-name':
      return suggestions.length > 0
        ? `We do not know a place called “${asked}”. Check the spelling, or choose ${oneOf(suggestions)}`
        : `We do not know a place called “${asked}”. Check the spelling, or enter a postcode`
  }
}
