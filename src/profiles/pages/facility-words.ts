/** What a pharmacy says of its facilities, in words: for its pages, before and after, and conflicts. */
import type { FacilityAnswer, Profile } from '#src/profiles/profile.ts'
import { askedFacilities } from '#src/profiles/remote-offers.ts'
import type { FacilityKind } from '#src/rules/facilities.ts'
import { facilityField } from './facilities.form.ts'
import type { Stated } from './stated.ts'

/** Every facility that is asked about, with what is said of it; the text is null where nothing is stated. */
export const statedFacilities = (profile: Profile): readonly Stated[] =>
  askedFacilities(profile).map((kind) => ({
    key: facilityField(kind.id),
    label: kind.label,
    text: facilityInWords(kind, profile.facilities?.[kind.id]),
  }))

/** `Yes, 850 millimetres. Ring the bell.`; null where nothing is stated. */
export function facilityInWords({ measure }: FacilityKind, answer: FacilityAnswer | undefined): string | null {
  if (!answer) return null
  const size = answer.measure === undefined || !measure ? '' : `, ${answer.measure} ${measure.unit}`
  const said = `${answer.has ? 'Yes' : 'No'}${size}`
  return answer.note ? `${said}. ${answer.note}` : said
}

/** How many facilities the pharmacy has, and of how many nothing is stated. */
export function countFacilities(profile: Profile): { readonly has: number; readonly notStated: number } {
  const answers = askedFacilities(profile).map(({ id }) => profile.facilities?.[id])
  return {
    has: answers.filter((answer) => answer?.has).length,
    notStated: answers.filter((answer) => answer === undefined).length,
  }
}
