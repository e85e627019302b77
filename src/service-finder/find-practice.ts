/** Which GP practice somebody means who types its name, or its ODS code. */
import type { NameFound, NameQuestion } from '#src/directory/names/name-index.ts'
import type { TriageIndex } from '#src/directory/triage/triage-index.ts'
import { distanceMetres, type Position } from '#src/rules/distance.ts'
import { isPracticeCode } from './finder-request.ts'

export type Practice = {
  /** ODS code, upper case. */
  readonly code: string
  readonly name: string
  readonly address: string
}
/** `code`: it is one, known or not. */
export type PracticeAnswer =
  | { readonly kind: 'none' | 'unknown' }
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'choose'; readonly practices: readonly Practice[] }

/** Source: types of the directory of services. */
const GP_PRACTICE = 100
const CHOICES = 8
/** By name first; its address tells apart practices of one name. */
const WORTH = { name: 100, publicName: 100, address: 40, postcode: 40 } as const
const SLIPS = 2

export type PracticeDeps = {
  readonly names: { find(question: NameQuestion): Promise<readonly NameFound[]> }
  readonly triage: Pick<TriageIndex, 'service'>
}

/** Those whose names fit less than this share of the best are not meant. */
const NEARLY_AS_GOOD = 0.8

/**
 * A single practice of that name is its code. Nothing typed is `none`. Of several that are called so the nearest to the
 * place of the search come first: patients live near their practice.
 */
export async function findPractice(
  text: string,
  near: Position,
  { names, triage }: PracticeDeps,
): Promise<PracticeAnswer> {
  if (text === '') return { kind: 'none' }
  if (isPracticeCode(text)) return { kind: 'code', code: text.toUpperCase() }
  const found = await names.find({ terms: [text], slips: SLIPS, lastIsBegun: true, worth: WORTH })
  const fitting = found.flatMap(({ uid, score }) => practiceOf(uid, score, { triage, near }))
  const best = Math.max(...fitting.map(({ score }) => score))
  const ranked = fitting
    .filter(({ score }) => score >= best * NEARLY_AS_GOOD)
    .toSorted((a, b) => a.metres - b.metres || b.score - a.score || (a.code < b.code ? -1 : 1))
  const [first, ...others] = [
    ...new Map(ranked.map(({ code, name, address }) => [code, { code, name, address }])).values(),
  ]
  if (!first) return { kind: 'unknown' }
  if (others.length === 0) return { kind: 'code', code: first.code }
  return { kind: 'choose', practices: [first, ...others].slice(0, CHOICES) }
}

function practiceOf(
  uid: number,
  score: number,
  { triage, near }: Pick<PracticeDeps, 'triage'> & { readonly near: Position },
): readonly (Practice & { readonly score: number; readonly metres: number })[] {
  const shown = triage.service(uid)?.shown
  if (shown?.typeId !== GP_PRACTICE || shown.status !== 'ACTIVE' || !shown.odsCode) return []
  const { latitude, longitude } = shown
  return [
    {
      code: shown.odsCode.toUpperCase(),
      name: shown.publicName ?? shown.name,
      address: [shown.address, shown.postcode].filter(Boolean).join(', '),
      score,
      metres: latitude === null || longitude === null ? UNPLACED : distanceMetres(near, { latitude, longitude }),
    },
  ]
}

/** Further than any. */
const UNPLACED = 1e8
