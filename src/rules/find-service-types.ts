/**
 * Which types of service somebody means who begins to type one: from one letter, by the names that the directory uses,
 * by the names that types had, and by everyday words; a slip of the keyboard is forgiven.
 */
import { slipsBetween } from './edit-distance.ts'
import { searchWordsOf, slipsForgiven } from './search-words.ts'
import { typeAliases } from './service-types.ts'

export type NamedType = { readonly id: number; readonly name: string }

/** What the public and receptionists say. Ours: the directory has no such list. */
const EVERYDAY: ReadonlyMap<number, readonly string[]> = new Map([
  [7, ['Psychiatry', 'Counselling']],
  [12, ['Dentist']],
  [13, ['Chemist']],
  [14, ['Eye test', 'Glasses']],
  [25, ['GP out of hours', 'OOH']],
  [29, ['GUM clinic', 'STI clinic', 'Sexual health clinic']],
  [38, ['District nurse', 'Community nurse']],
  [40, ['A&E', 'Casualty', 'Accident and emergency']],
  [46, ['UCC', 'Walk-in centre', 'Minor injuries unit', 'MIU']],
  [47, ['Emergency dentist']],
  [50, ['Hospice', 'End of life']],
  [100, ['Doctor', 'Surgery', 'General practice']],
  [105, ['A&E', 'Casualty', 'Accident and emergency']],
  [112, ['Minor eye conditions', 'MECS', 'Optician']],
  [120, ['Eye casualty', 'Eye A&E']],
  [131, ['Emergency medicines', 'NUMSAS', 'Emergency supply']],
  [134, ['Online pharmacy', 'Internet pharmacy', 'Delivery']],
  [135, ['Walk-in centre', 'Minor injuries unit', 'MIU']],
  [136, ['Extended hours GP', 'Evening and weekend GP']],
  [140, ['Ambulatory care']],
  [142, ['Crisis line']],
  [148, ['BP check', 'Hypertension']],
  [149, ['The pill', 'Birth control']],
  [150, ['Walk-in centre', 'Minor injuries unit']],
  [153, ['Midwife', 'Antenatal', 'Pregnancy']],
  [156, ['Emergency dentist']],
])

export type FoundType = NamedType & {
  /** The name by which it was found, where that is not its own. */
  readonly by: string | null
}

/** The types that all words of a text fit, best first. The last word may be begun and not ended. Nothing for no words. */
export function findServiceTypes(text: string, types: Iterable<NamedType>): readonly FoundType[] {
  const asked = searchWordsOf(text)
  if (asked.length === 0) return []
  return [...types]
    .flatMap((type) => {
      const names = [type.name, ...typeAliases(type.id), ...(EVERYDAY.get(type.id) ?? [])]
      const fits = names.map((name, place) => ({ name, place, fit: fitOf(asked, searchWordsOf(name)) }))
      const best = fits
        .filter(({ fit }) => fit !== undefined)
        .toSorted((a, b) => Number(a.fit) - Number(b.fit) || a.place - b.place)[0]
      return best ? [{ type, best }] : []
    })
    .toSorted(
      (a, b) =>
        Number(a.best.fit) - Number(b.best.fit) ||
        Math.min(a.best.place, 1) - Math.min(b.best.place, 1) ||
        a.type.name.length - b.type.name.length ||
        a.type.id - b.type.id,
    )
    .map(({ type: { id, name }, best }) => ({ id, name, by: best.place === 0 ? null : best.name }))
}

/** 0 when the name begins with what was asked, 1 when its words do, and more with every slip; undefined when it does not fit. */
function fitOf(asked: readonly string[], words: readonly string[]): number | undefined {
  const fits = asked.map((word, index) => wordFit(word, words, index === asked.length - 1))
  if (fits.some((fit) => fit === undefined)) return undefined
  const slips = fits.reduce((sum: number, fit) => sum + Number(fit), 0)
  if (slips > 0) return 1 + slips
  return words.join(' ').startsWith(asked.join(' ')) ? 0 : 1
}

/** The fewest slips between a word and one of a name; a word that is begun has none. */
function wordFit(word: string, words: readonly string[], mayBeBegun: boolean): number | undefined {
  const slips = words.flatMap((other) => {
    if (mayBeBegun && other.startsWith(word)) return [0]
    return slipsBetween(word, other, slipsForgiven(word.length)) ?? []
  })
  return slips.length > 0 ? Math.min(...slips) : undefined
}
