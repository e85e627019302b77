/** Which GP practice somebody means who types its ODS code, or a part of its name, however misspelt. */
import type { NameFound, NameQuestion } from '#src/directory/names/name-index.ts'
import type { PracticeNames } from '#src/directory/names/practice-names.ts'
import type { TriageIndex } from '#src/directory/triage/triage-index.ts'
import type { UrgentCareService } from '#src/directory/triage/urgent-care-service.ts'
import { distanceMetres, type Position } from '#src/rules/distance.ts'
import { GP_PRACTICE } from '#src/rules/service-types.ts'
import { practiceCodeIn } from './finder-request.ts'

export type Practice = {
  /** ODS code, upper case. */
  readonly code: string
  readonly name: string
  readonly address: string
}
/** `unchecked`: a code, of which a directory without practices cannot say whether it is one. */
export type PracticeAnswer =
  | { readonly kind: 'none' | 'unknown' }
  | { readonly kind: 'found'; readonly practice: Practice }
  | { readonly kind: 'unchecked'; readonly code: string }
  /** The likeliest of `of`. */
  | { readonly kind: 'choose'; readonly practices: readonly Practice[]; readonly of: number }

export type PracticeDeps = {
  readonly practices: Pick<PracticeNames, 'find' | 'size'>
  readonly triage: Pick<TriageIndex, 'service' | 'byOdsCode'>
}

/** As many as somebody can choose from at a glance. */
const CHOICES = 8

const NAME = { name: 100, publicName: 100, address: 0, postcode: 0 } as const
const ANYWHERE = { name: 100, publicName: 100, address: 100, postcode: 0 } as const
/**
 * How what was typed may be read, the strictest first: words of the name or their beginnings, then with slips, then with
 * street and town.
 */
const READINGS: readonly Omit<NameQuestion, 'terms'>[] = [
  { slips: 0, begun: 'all', worth: NAME },
  { slips: 2, begun: 'last', worth: NAME },
  { slips: 0, begun: 'all', worth: ANYWHERE },
  { slips: 2, begun: 'last', worth: ANYWHERE },
]

/**
 * The practice that was meant: of a code, whose it is; of words, the only one that they fit by the strictest reading that
 * finds any. Patients live near their practice, so the nearest to the place of the search are offered first.
 */
export async function findPractice(text: string, near: Position, deps: PracticeDeps): Promise<PracticeAnswer> {
  if (text === '') return { kind: 'none' }
  const code = practiceCodeIn(text)
  if (code !== null) {
    if (deps.practices.size === 0) return { kind: 'unchecked', code }
    const practice = practiceOfCode(code, deps)
    return practice ? { kind: 'found', practice } : { kind: 'unknown' }
  }
  for (const reading of READINGS) {
    const services = await servicesBy({ ...reading, terms: [text] }, near, deps)
    const of = new Set(services.map(codeOf)).size
    const likeliest = practicesOf(services, CHOICES)
    const [only] = likeliest
    if (only) return of === 1 ? { kind: 'found', practice: only } : { kind: 'choose', practices: likeliest, of }
  }
  return { kind: 'unknown' }
}

/** The practices that somebody may mean who is still typing; `near` is null where no place is given yet. */
export async function suggestPractices(
  text: string,
  near: Position | null,
  deps: PracticeDeps,
): Promise<readonly Practice[]> {
  const code = practiceCodeIn(text)
  const services = code === null ? [] : practicesWithCode(code, deps)
  for (const reading of READINGS) {
    if (practicesOf(services, CHOICES).length === CHOICES) break
    services.push(...(await servicesBy({ ...reading, terms: [text] }, near, deps)))
  }
  return practicesOf(services, CHOICES)
}

/** The practice that has an ODS code, which is in upper case. */
export const practiceOfCode = (code: string, deps: Pick<PracticeDeps, 'triage'>): Practice | undefined =>
  practicesOf(practicesWithCode(code, deps), 1)[0]

const practicesWithCode = (code: string, { triage }: Pick<PracticeDeps, 'triage'>): UrgentCareService[] =>
  triage.byOdsCode(code).filter(({ typeId }) => typeId === GP_PRACTICE)

/** `Elm Surgery (P91003)`, which `practiceCodeIn` reads again. */
export const practiceInWords = ({ name, code }: Pick<Practice, 'name' | 'code'>): string => `${name} (${code})`

/** Nearest first. */
async function servicesBy(
  question: NameQuestion,
  near: Position | null,
  { practices, triage }: PracticeDeps,
): Promise<readonly UrgentCareService[]> {
  const found = (await practices.find(question)).flatMap((each) => rankOf(each, near, triage.service(each.uid)))
  return found
    .toSorted((a, b) => a.metres - b.metres || b.score - a.score || a.service.uid - b.service.uid)
    .map(({ service }) => service)
}

type Ranked = { readonly service: UrgentCareService; readonly score: number; readonly metres: number }

function rankOf(
  { score }: NameFound,
  near: Position | null,
  service: UrgentCareService | undefined,
): readonly Ranked[] {
  if (!service?.shown.odsCode) return []
  const { latitude, longitude } = service.shown
  const isPlaced = latitude !== null && longitude !== null
  const metres = near === null ? 0 : isPlaced ? distanceMetres(near, { latitude, longitude }) : UNPLACED
  return [{ service, score, metres }]
}

/** Further than any. */
const UNPLACED = 1e8

const codeOf = ({ shown }: UrgentCareService): string => (shown.odsCode ?? '').toUpperCase()

/** The first practices of a list. A branch may have the code of its practice: then the first of them is meant. */
function practicesOf(services: readonly UrgentCareService[], most: number): readonly Practice[] {
  const practices = new Map<string, Practice>()
  for (const service of services) {
    if (practices.size === most) break
    const code = codeOf(service)
    if (!practices.has(code)) practices.set(code, practiceOf(service, code))
  }
  return [...practices.values()]
}

const practiceOf = ({ shown }: UrgentCareService, code: string): Practice => ({
  code,
  name: shown.publicName ?? shown.name,
  address: [shown.address, shown.postcode].filter(Boolean).join(', '),
})
