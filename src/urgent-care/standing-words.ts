/** Why each service of an answer stands where it does, for people who look into it. Pure. */
import type { ResultRules, Returned } from '#src/directory/triage/triage-index.ts'
import type { TriageQuestion } from '#src/rules/triage.ts'
import { groupOf, isPromotedElsewhere } from '#src/rules/triage-ranking.ts'

/** What a service is to the patient's surgery, as `GROUPS` of the ranking has it. */
const GROUP_WORDS: readonly (string | null)[] = [
  'the patient’s own surgery',
  'commissioned by the patient’s surgery, for its patients only',
  'commissioned by the patient’s surgery',
  null,
]

/** One sentence a service, in the order of the answer: its rank, and what decided between it and the one above. */
export function standingWords(
  services: readonly Returned[],
  question: TriageQuestion,
  { rankOf }: Pick<ResultRules, 'rankOf'>,
): readonly string[] {
  const standings = services.map(({ service, distanceMetres, label }) => ({
    isCatchAll: label === 'Catch-all',
    isSunk: isPromotedElsewhere(service, question),
    rank: rankOf(service.typeId),
    group: groupOf(service, question.surgery),
    distanceMetres,
  }))
  return standings.map((own, index) => {
    if (own.isCatchAll) return 'Added as one of the nearest emergency departments, because nothing matched'
    const above = standings[index - 1]
    const decided =
      above && above.isSunk === own.isSunk && above.rank === own.rank && above.group === own.group
        ? above.distanceMetres === own.distanceMetres
          ? 'as far as the one above, with a higher UID'
          : 'further away than the one above'
        : null
    const parts = [
      `Its type has rank ${own.rank} of 10 here`,
      GROUP_WORDS[own.group] ?? null,
      own.isSunk ? 'promoted to other areas only, so after all that are not' : null,
      decided,
    ]
    return parts.filter((part) => part !== null).join(', ')
  })
}
