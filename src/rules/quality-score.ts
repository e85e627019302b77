/** How good the record of a pharmacy is, and what to put right first. Pure. */
import { POINTS, QUALITY_RULES, type QualityRule } from './quality-rules.ts'

export type QualityScore = {
  /** 0 to 100. */
  readonly score: number
  /** The rules that are broken, the dearest first; those that the pharmacy can put right before others of the same price. */
  readonly broken: readonly (QualityRule & { readonly points: number })[]
}

/**
 * The score of a pharmacy: 100 less the points of each rule that it or one of its services breaks, each rule once, and
 * never below 0. What is exempt does not count, nor does a disagreement with a file of the NHS, which may be the file's
 * fault. Unknown keys count nothing.
 */
export function qualityScore(brokenRules: Iterable<string>): QualityScore {
  const keys = new Set(brokenRules)
  const broken = QUALITY_RULES.filter(({ key, kind }) => kind === 'quality' && keys.has(key))
    .map((rule) => ({ ...rule, points: POINTS[rule.severity] }))
    .toSorted((one, other) => other.points - one.points || rankOf(one) - rankOf(other))
  const lost = broken.reduce((sum, { points }) => sum + points, 0)
  return { score: Math.max(0, 100 - lost), broken }
}

const rankOf = ({ by }: QualityRule): number => (by === 'pharmacy' ? 0 : 1)

/** What somebody should do next: of what they can put right themselves the dearest; else of what the others can. */
export const nextBestFix = (
  { broken }: QualityScore,
  who: QualityRule['by'],
): QualityScore['broken'][number] | undefined => broken.find(({ by }) => by === who) ?? broken[0]

/** The score in a word. */
export function scoreWord(score: number): 'Good' | 'Fair' | 'Poor' {
  if (score >= 80) return 'Good'
  return score >= 50 ? 'Fair' : 'Poor'
}
