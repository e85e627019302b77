/** Why a triage search did or did not return a service, for people who look into it. Pure. */
import type { Verdict } from '#src/directory/triage/triage-index.ts'

const WORDS: Readonly<Record<Verdict['outcome'], string>> = {
  returned: 'Returned',
  cut: 'They can help, but others of their type come first',
  status: 'They are not active',
  box: 'They are too far away',
  'symptom-group': 'They do not see people with this symptom',
  gender: 'They do not see people of this gender',
  surgery: 'They see patients of some surgeries only',
  capacity: 'They are Red: they cannot take anybody now',
  discriminators: 'They see people with this symptom, but not in this form',
  disposition: 'They cannot give what is needed',
  role: 'They do not take people from this kind of caller',
  age: 'They do not see people of this age',
  session: 'They are not open when it is needed',
  'return-if-open': 'They are returned only when open now, or very soon',
  area: 'They see people of other areas only',
}

/** The reason of an outcome, as a sentence about some services without its full stop. */
export const reasonOf = (outcome: Verdict['outcome']): string => WORDS[outcome]

export type ReasonGroup = {
  readonly outcome: Verdict['outcome']
  readonly reason: string
  /** Nearest first. */
  readonly verdicts: readonly Verdict[]
}

/** Verdicts by reason: those that came closest to being returned first, whoever was returned left out. */
export function groupByReason(verdicts: readonly Verdict[]): readonly ReasonGroup[] {
  const order = Object.keys(WORDS) as Verdict['outcome'][]
  const closestFirst = ['cut', ...order.slice(2).reverse()] as const
  return (closestFirst as readonly Verdict['outcome'][])
    .map((outcome) => ({
      outcome,
      reason: reasonOf(outcome),
      verdicts: verdicts.filter((one) => one.outcome === outcome),
    }))
    .filter((group) => group.verdicts.length > 0)
}
