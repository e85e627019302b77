/** What a pharmacy says of its facilities, in words: for its pages, before and after, and conflicts. */
import type { FacilityAnswer, Profile } from '#src/profiles/profile.ts'
import { FACILITIES, type FacilityKind } from '#src/rules/facilities.ts'
import { facilityField } from './facilities.form.ts'
import type { Stated } from './stated.ts'

/** Every facility with what is said of it; the text is null where nothing is stated. */
export const statedFacilities = ({ facilities }: Profile): readonly Stated[] =>
  FACILITIES.map((kind) => ({
    key: facilityField(kind.id),
    label: kind.label,
    text: facilityInWords(kind, facilities?.[kind.id]),
  }))

/** `Yes, 850 millimetres. Ring the bell.`; null where nothing is stated. */
export function facilityInWords({ measure }: FacilityKind, answer: FacilityAnswer | undefined): string | null {
  if (!answer) return null
  const size = answer.measure === undefined || !measure ? '' : `, ${answer.measure} ${measure.unit}`
  const said = `${answer.has ? 'Yes' : 'No'}${size}`
  return answer.note ? `${said}. ${answer.note}` : said
}

/** How many facilities the pharmacy has, and of how many nothing is stated. */
export function countFacilities({ facilities }: Profile): { readonly has: number; readonly notStated: number } {
  const answers = FACILITIES.map(({ id }) => facilities?.[id])
  return {
    has: answers.filter((answer) => answer?.has).length,
    notStated: answers.filter((answer) => answer === undefined).length,
  }
}
