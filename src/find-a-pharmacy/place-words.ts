/** Why a postcode or a place was not found, in words that say what to do. Pure. */
import type { PlaceAnswer } from '#src/reference-data/places.ts'
import type { Problem } from '#src/rules/problems.ts'

type UnknownPlace = Extract<PlaceAnswer, { kind: 'unknown' }>

/** The problem for the field `place`. */
export const placeProblem = (answer: UnknownPlace): Problem => ({
  field: 'place',
  code: answer.because,
  message: messageFor(answer),
})

function messageFor({ because, asked, country, suggestions }: UnknownPlace): string {
  switch (because) {
    case 'empty':
      return 'Enter a postcode, town or area'
    case 'too-long':
      return 'Enter a postcode, town or area of 100 characters or fewer'
    case 'letters':
      return 'Enter the postcode, town or area in the letters of the English alphabet'
    case 'not-a-postcode':
      return 'Enter a full postcode, like M33 7AB, or the first part of it, like M33'
    case 'unknown-postcode':
      return country === undefined
        ? `We do not know the postcode ${asked}. Check it, or enter a town nearby`
        : `${asked} is in ${country}, and this service covers England. Enter a postcode or town in England`
    case 'unknown-name':
      return suggestions.length > 0
        ? `We do not know a place called “${asked}”. Check the spelling, or choose one that we suggest`
        : `We do not know a place called “${asked}”. Check the spelling, or enter a postcode`
  }
}
