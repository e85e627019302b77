/** Which GP practice somebody means who types its name, or its ODS code. */
import type { NameFound, NameQuestion } from '#src/directory/names/name-index.ts'
import type { TriageIndex } from '#src/directory/triage/triage-index.ts'
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

/** A single practice of that name is its code. Nothing typed is `none`. */
export async function findPractice(text: string, { names, triage }: PracticeDeps): Promise<PracticeAnswer> {
  if (text === '') return { kind: 'none' }
  if (isPracticeCode(text)) return { kind: 'code', code: text.toUpperCase() }
  const found = await names.find({ terms: [text], slips: SLIPS, lastIsBegun: true, worth: WORTH })
  const ranked = found.toSorted((a, b) => b.score - a.score || a.uid - b.uid)
  const practices = Map.groupBy(
    ranked.flatMap(({ uid }) => practiceOf(uid, triage)),
    ({ code }) => code,
  )
  const [first, ...others] = [...practices.values()].flatMap((same) => same.slice(0, 1)).slice(0, CHOICES)
  if (!first) return { kind: 'unknown' }
  return others.length === 0 ? { kind: 'code', code: first.code } : { kind: 'choose', practices: [first, ...others] }
}

function practiceOf(uid: number, triage: PracticeDeps['triage']): readonly Practice[] {
  const shown = triage.service(uid)?.shown
  if (shown?.typeId !== GP_PRACTICE || shown.status !== 'ACTIVE' || !shown.odsCode) return []
  const address = [shown.address, shown.postcode].filter(Boolean).join(', ')
  return [{ code: shown.odsCode.toUpperCase(), name: shown.publicName ?? shown.name, address }]
}
