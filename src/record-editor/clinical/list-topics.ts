/** The long lists of a clinical profile: what is in each, what the catalogue would add, and how a line is read. Pure. */
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import { type Pairs, type ProfileFields, pairProblem } from '#src/rules/clinical-profile.ts'
import { parseOdsCode } from '#src/rules/ods-code.ts'
import { accepted, type Result, refused } from '#src/rules/problems.ts'
import { isZCode } from '#src/rules/z-codes.ts'
import type { ServicePatch } from '../service-edit.ts'
import { codeIn, numbersIn } from './typed-codes.ts'

/** One thing of a list. `key` says it to programs; `group` is the heading that it stands under. */
export type Entry = {
  readonly key: string
  readonly text: string
  readonly group: string | null
  /** What is special about it: not in the reference, or a Z code. */
  readonly note: string | null
}

export type ListTopic = {
  readonly slug: string
  /** The field that it changes. */
  readonly field: keyof ProfileFields
  readonly title: string
  readonly intro: string
  /** `pair`, `pairs`. */
  readonly noun: readonly [one: string, many: string]
  /** How lines are written. */
  readonly howTo: string
  entries(profile: ProfileFields, reference: TriageReference): readonly Entry[]
  /** Everything that could be added; null: there is no list of it. */
  catalogue(reference: TriageReference): readonly Entry[] | null
  /** The keys that a line names. */
  parse(line: string, reference: TriageReference): Result<readonly string[]>
  /** The field with these keys and no others. What it says of a key that stays is kept. */
  patch(keys: readonly string[], profile: ProfileFields): ServicePatch
}

const named = (id: number, name: string | null | undefined): string => (name ? `${id} ${name}` : String(id))
const NOT_KNOWN = 'Not in the reference'
/** A problem repeats no more than this of a line that somebody pasted. */
const LONGEST_REPEATED = 200
const cut = (text: string, longest: number): string =>
  [...text].length <= longest ? text : `${[...text].slice(0, longest).join('')}…`
const quoted = (text: string): string => `“${cut(text.trim(), 40)}”`
const wrong = (message: string) => refused({ field: 'lines', code: 'invalid', message: cut(message, LONGEST_REPEATED) })
const byNumber = (a: number, b: number): number => a - b

const pairEntry = (group: number, discriminator: number, reference: TriageReference): Entry => ({
  key: `${group}-${discriminator}`,
  text: named(discriminator, reference.discriminatorName(discriminator)),
  group: named(group, reference.symptomGroupName(group)),
  note: pairProblem(group, discriminator, reference) ? NOT_KNOWN : isZCode(discriminator) ? 'Z code' : null,
})

const pairsOf = (sgsd: Pairs): readonly (readonly [group: number, discriminator: number])[] =>
  Object.entries(sgsd)
    .map(([group, list]) => [Number(group), list] as const)
    .sort(([a], [b]) => a - b)
    .flatMap(([group, list]) => [...list].sort(byNumber).map((discriminator) => [group, discriminator] as const))

const PAIRS: ListTopic = {
  slug: 'pairs',
  field: 'sgsd',
  title: 'Symptom groups and discriminators',
  intro: 'What the service sees people for. A search returns it only for a pair that is listed here.',
  noun: ['pair', 'pairs'],
  howTo:
    'One symptom group on each line, then its discriminators: 1011 4003, or 1011=4003, or their names: Sore throat: With a fever',
  entries: ({ sgsd }, reference) => pairsOf(sgsd ?? {}).map(([group, sd]) => pairEntry(group, sd, reference)),
  catalogue: (reference) =>
    reference.symptomGroups.flatMap((group) =>
      [...(reference.pairedWith(group) ?? [])].sort(byNumber).map((sd) => pairEntry(group, sd, reference)),
    ),
  parse(line, reference) {
    const given = partsOfPair(line, reference)
    if (!given.ok) return given
    const { group, discriminators } = given.value
    const bad = discriminators.flatMap((sd) => pairProblem(group, sd, reference)?.message ?? [])
    return bad.length > 0 ? wrong(bad.join('. ')) : accepted(discriminators.map((sd) => `${group}-${sd}`))
  },
  patch: (keys) => {
    const pairs = keys.map((key) => key.split('-').map(Number) as [number, number])
    const groups = Map.groupBy(pairs, ([group]) => group)
    return {
      sgsd: Object.fromEntries(
        [...groups].sort(([a], [b]) => a - b).map(([group, list]) => [group, list.map(([, sd]) => sd).sort(byNumber)]),
      ),
    }
  },
}

type PairParts = { readonly group: number; readonly discriminators: readonly number[] }

/** A line with numbers only, or with a sign between the group and its discriminators, each a number or a name. */
function partsOfPair(line: string, reference: TriageReference): Result<PairParts> {
  const numbers = numbersIn(line)
  if (numbers) {
    const [group, ...discriminators] = numbers
    if (group === undefined || discriminators.length === 0) return wrong('Enter a symptom group and a discriminator')
    return accepted({ group, discriminators })
  }
  const [left, right] = [line.slice(0, line.search(/[:=]/)), line.slice(line.search(/[:=]/) + 1)]
  if (!/[:=]/.test(line)) return wrong('Put a colon between the symptom group and its discriminators')
  const group = codeIn(left, reference.symptomGroups, (id) => reference.symptomGroupName(id))
  if (group === undefined) return wrong(`There is no symptom group ${quoted(left)}`)
  const paired = [...(reference.pairedWith(group) ?? [])]
  const texts = right.split(';').filter((text) => text.trim() !== '')
  const found = texts.map((text) => codeIn(text, paired, (id) => reference.discriminatorName(id)))
  const missing = texts.filter((_, index) => found[index] === undefined).map(quoted)
  if (missing.length > 0) return wrong(`${missing.join(', ')} does not go with symptom group ${group}`)
  if (found.length === 0) return wrong('Enter a discriminator after the symptom group')
  return accepted({ group, discriminators: found.filter((id) => id !== undefined) })
}

const dispositionEntry = (id: number, reference: TriageReference): Entry => {
  const known = reference.dispositions.get(id)
  const within = known?.timeframe == null ? '' : `, within ${minutesInWords(known.timeframe)}`
  return {
    key: String(id),
    text: `${named(id, known?.name)}${known?.timeframe === 0 ? ', at once' : within}`,
    group: null,
    note: known ? null : NOT_KNOWN,
  }
}

/** `90 minutes`, `4 hours`, `7 days`: the largest unit that says it in whole numbers. */
function minutesInWords(minutes: number): string {
  const [count, unit] =
    minutes % 1440 === 0 && minutes > 1440
      ? [minutes / 1440, 'day']
      : minutes % 60 === 0
        ? [minutes / 60, 'hour']
        : [minutes, 'minute']
  return count === 1 ? `1 ${unit}` : `${count} ${unit}s`
}

const DISPOSITIONS: ListTopic = {
  slug: 'dispositions',
  field: 'dispositions',
  title: 'Dispositions',
  intro: 'What the service can give: the disposition groups, with how soon each has to be given.',
  noun: ['disposition', 'dispositions'],
  howTo: 'Numbers, or one name on each line',
  entries: ({ dispositions }, reference) =>
    [...(dispositions ?? [])].sort(byNumber).map((id) => dispositionEntry(id, reference)),
  catalogue: (reference) => [...reference.dispositions.keys()].map((id) => dispositionEntry(id, reference)),
  parse(line, reference) {
    const ids = numbersIn(line)
    const known = [...reference.dispositions.keys()]
    if (!ids) {
      const found = codeIn(line, known, (id) => reference.dispositions.get(id)?.name ?? null)
      return found === undefined ? wrong('There is no disposition of this name') : accepted([String(found)])
    }
    const unknown = ids.filter((id) => !reference.dispositions.has(id))
    if (unknown.length > 0) return wrong(`There is no disposition ${unknown.join(', ')}`)
    return accepted(ids.map(String))
  },
  patch: (keys) => ({ dispositions: keys.map(Number).sort(byNumber) }),
}

const SURGERIES: ListTopic = {
  slug: 'surgeries',
  field: 'referrals',
  title: 'Surgeries',
  intro:
    'The GP surgeries that commission the service. Their patients see it first; a restricted service is returned to their patients only.',
  noun: ['surgery', 'surgeries'],
  howTo: 'ODS codes, with spaces, commas or line breaks between them',
  entries: ({ referrals }) =>
    [...(referrals ?? [])].sort().map((code) => ({ key: code, text: code, group: null, note: null })),
  catalogue: () => null,
  parse(line) {
    const texts = line.split(/[\s,;]+/).filter(Boolean)
    const codes = texts.map(parseOdsCode)
    const unread = texts.filter((_, index) => codes[index] === undefined).map(quoted)
    if (unread.length > 0)
      return wrong(`${unread.join(', ')} ${unread.length === 1 ? 'is not an ODS code' : 'are not ODS codes'}`)
    return accepted(codes.filter((code) => code !== undefined))
  },
  patch: (keys) => ({ referrals: [...keys].sort() }),
}

const KINDS = { la: 'Local authority', icb: 'ICB', local: 'Local area' } as const

const areaTopic = (
  given: Pick<ListTopic, 'slug' | 'title' | 'intro'> & { readonly field: 'limitedTo' | 'promotedTo' },
): ListTopic => ({
  ...given,
  noun: ['area', 'areas'],
  howTo: 'Codes of ICBs, local authorities or local areas, with spaces, commas or line breaks between them',
  entries: (profile, reference) =>
    [...(profile[given.field] ?? [])].sort().map((code) => {
      const kind = reference.areaKind(code)
      return { key: code, text: code, group: null, note: kind ? KINDS[kind] : NOT_KNOWN }
    }),
  catalogue: () => null,
  parse(line, reference) {
    const codes = line
      .toUpperCase()
      .split(/[\s,;]+/)
      .filter(Boolean)
    const unknown = codes.filter((code) => reference.areaKind(code) === undefined)
    return unknown.length > 0 ? wrong(`We know no area with the code ${unknown.join(', ')}`) : accepted(codes)
  },
  patch: (keys) => ({ [given.field]: keys.length === 0 ? null : [...keys].sort() }),
})

/** The topics that are lists, by the word in their address. */
export const LIST_TOPICS: readonly ListTopic[] = [
  PAIRS,
  DISPOSITIONS,
  SURGERIES,
  areaTopic({
    slug: 'limited-areas',
    field: 'limitedTo',
    title: 'Areas that it is limited to',
    intro: 'Only callers from these areas are told of the service. With no area listed, callers from anywhere are.',
  }),
  areaTopic({
    slug: 'promoted-areas',
    field: 'promotedTo',
    title: 'Areas that it is promoted to',
    intro:
      'Callers from other areas are told of it after all that are not promoted elsewhere. With no area listed, nobody is put off.',
  }),
]

/** Lines that could not be read, each by how it begins, and why. */
export type BadLine = { readonly line: number; readonly text: string; readonly why: string }

/** What pasted lines name: all keys once, and every line that cannot be read. Empty lines say nothing. */
export function readLines(
  topic: ListTopic,
  lines: readonly string[],
  reference: TriageReference,
): { readonly keys: readonly string[]; readonly bad: readonly BadLine[] } {
  const keys = new Set<string>()
  const bad: BadLine[] = []
  for (const [index, text] of lines.entries()) {
    if (text.trim() === '') continue
    const read = topic.parse(text, reference)
    if (read.ok) for (const key of read.value) keys.add(key)
    else {
      const why = read.problems.map(({ message }) => message).join('. ')
      bad.push({ line: index + 1, text: cut(text, LONGEST_REPEATED), why })
    }
  }
  return { keys: [...keys], bad }
}

/** Those whose code, name or heading has these words in it. */
export function entriesWith(entries: readonly Entry[], words: string): readonly Entry[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  if (wanted.length === 0) return entries
  return entries.filter(({ text, group, note }) => {
    const said = `${group ?? ''} ${text} ${note ?? ''}`.toLowerCase()
    return wanted.every((word) => said.includes(word))
  })
}
