/** Which regions, ICBs and local authorities somebody may choose, by name where one is known. */
import { sql } from 'kysely'
import type { Queryable } from '#src/platform/db/db.ts'
import { areaInWords, knownAreaName } from '#src/rules/area-names.ts'
import { icbsOf, type Reach } from './area.ts'

export const AREA_KINDS = ['region', 'icb', 'local'] as const
export type AreaKind = (typeof AREA_KINDS)[number]

/** An area: its code, as every query takes it, and what it is called. */
export type Area = { readonly kind: AreaKind; readonly code: string; readonly text: string }

/** What a heading over areas of a kind says. */
export const AREA_KIND_WORDS: Readonly<Record<AreaKind, string>> = {
  region: 'Regions',
  icb: 'Integrated care boards (ICB)',
  local: 'Local authorities',
}

/** The areas within a reach, by kind and name. Regions are for those who reach all of England. Local ones may be parts. */
export async function loadAreas(db: Queryable, reach: Reach): Promise<readonly Area[]> {
  const [{ rows }, icbs] = await Promise.all([
    sql<{ kind: AreaKind; code: string; name: string | null }>`
      select kind, code, max(name) as name from area_choice
      where ${reach.everywhere ? sql`true` : sql`kind <> 'region' and icb_ods_code = any(${[...reach.icbCodes]}::text[])`}
      group by kind, code`.execute(db),
    icbsOf(db, reach),
  ])
  const known = new Map(rows.map((row) => [`${row.kind} ${row.code}`, row]))
  // An ICB whose first pharmacy has only just come is not in the table yet.
  for (const code of icbs) if (!known.has(`icb ${code}`)) known.set(`icb ${code}`, { kind: 'icb', code, name: null })
  return [...known.values()]
    .map(({ kind, code, name }) => ({ kind, code, text: areaInWords(code, () => name ?? knownAreaName(code)) }))
    .toSorted(
      (one, other) =>
        AREA_KINDS.indexOf(one.kind) - AREA_KINDS.indexOf(other.kind) || one.text.localeCompare(other.text, 'en-GB'),
    )
}

/** A choice of the area of a page; the empty value is all that the person may see. */
export type AreaChoice = { readonly value: string; readonly text: string; readonly selected: boolean }
/** Choices under a heading; the heading of the first group is empty. */
export type AreaGroup = { readonly heading: string; readonly choices: readonly AreaChoice[] }

export type ChosenArea = {
  /** Undefined: all that the person may see. */
  readonly area: string | undefined
  /** What was asked for and is no area of theirs, or none that we know; null when there is nothing to say. */
  readonly unknown: string | null
  /** What the page is about, in words. */
  readonly text: string
  readonly groups: readonly AreaGroup[]
  /** Whether there is anything to choose: more than one area. */
  readonly isChoice: boolean
}

/** The longest code of an area is far shorter; nobody needs the rest of what was typed. */
const LONGEST = 20

/** What was chosen, of what this person may choose. */
export async function chooseArea(db: Queryable, reach: Reach, asked: string): Promise<ChosenArea> {
  const areas = await loadAreas(db, reach)
  const found = areas.find(({ code }) => code === asked)
  const all = reach.everywhere ? 'All of England' : 'All my areas'
  const choice = ({ code, text }: Pick<Area, 'code' | 'text'>): AreaChoice => ({
    ...{ value: code, text },
    selected: code === (found?.code ?? ''),
  })
  return {
    area: found?.code,
    unknown: found || asked === '' ? null : asked.slice(0, LONGEST),
    text: found?.text ?? all,
    isChoice: areas.length > 1,
    groups: [
      { heading: '', choices: [choice({ code: '', text: all })] },
      ...AREA_KINDS.map((kind) => ({
        heading: AREA_KIND_WORDS[kind],
        choices: areas.filter((area) => area.kind === kind).map(choice),
      })).filter(({ choices }) => choices.length > 0),
    ],
  }
}
