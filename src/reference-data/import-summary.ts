/** What an import did, for whoever ran it: counts, what was refused and why, and what a person should look at. */
import { rm, writeFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { csvLine } from '#src/platform/csv-line.ts'

/** Something that was stored or left alone and yet deserves a look. */
export type Note = {
  /** What the note is about, the same words for all of one kind: `hours look wrong`. */
  readonly kind: string
  /** ODS code, postcode or uid. */
  readonly subject: string
  readonly message: string
}

export type Refusal = { readonly line: number; readonly cells: readonly string[]; readonly reasons: readonly string[] }

export type ImportSummary = {
  /** Rows read. */
  readonly read: number
  /** New ones. */
  readonly stored: number
  readonly changed: number
  readonly unchanged: number
  /** Rows of which at least one difference was not taken over, because a person had edited or confirmed it. */
  readonly kept: number
  /** Rows refused as a whole or in part. */
  readonly refused: number
  /** Further counts, by what they count. */
  readonly details: Readonly<Record<string, number>>
  readonly notes: readonly Note[]
  /** Where the refused rows and the notes were written; undefined when there were none. */
  readonly refusedFile: string | undefined
  readonly notesFile: string | undefined
}

/** Says how far a long run has come. `total` is undefined where nobody knows. */
export type Progress = (stage: string, done: number, total?: number) => void

/** The columns of every summary. */
export type Count = 'read' | 'stored' | 'changed' | 'unchanged' | 'kept' | 'refused'

/** Collects while an import runs. */
export type Tally = {
  count(what: Count, by?: number): void
  /** The counts so far. */
  counts(): Readonly<Record<Count, number>>
  detail(what: string, by?: number): void
  note(note: Note): void
  /** Differences that were not taken over because a person owns the words; counts the pharmacy once. */
  keep(odsCode: string, differences: readonly string[]): void
  /** One per row, with every reason; counts it as refused. */
  refuse(refusal: Refusal): void
  /** Writes the refused rows beside the input; to be called before anything is stored. */
  writeRefusals(): Promise<void>
  /** Writes the notes beside the input and sums up. */
  finish(): Promise<ImportSummary>
}

const KEPT = 'kept, because the pharmacy edited or confirmed it'

/** Starts counting. `header` names the columns of the refused rows, which are written out as they were read. */
export function startTally(inputPath: string, header: readonly string[]): Tally {
  const counts: Record<Count, number> = { read: 0, stored: 0, changed: 0, unchanged: 0, kept: 0, refused: 0 }
  const details: Record<string, number> = {}
  const notes: Note[] = []
  const refusals: Refusal[] = []
  const keptCodes = new Set<string>()
  let refusedFile: string | undefined
  return {
    count: (what, by = 1) => {
      counts[what] += by
    },
    counts: () => ({ ...counts }),
    detail: (what, by = 1) => {
      details[what] = (details[what] ?? 0) + by
    },
    note: (note) => {
      notes.push(note)
    },
    keep: (odsCode, differences) => {
      if (keptCodes.has(odsCode)) return
      keptCodes.add(odsCode)
      counts.kept++
      notes.push({ kind: KEPT, subject: odsCode, message: differences.join('; ') })
    },
    refuse: (refusal) => {
      counts.refused++
      refusals.push(refusal)
    },
    writeRefusals: async () => {
      const rows = refusals.map(({ line, cells, reasons }) => [...cells, String(line), reasons.join('; ')])
      refusedFile = await writeBeside(inputPath, '.refused.csv', [[...header, 'LINE', 'REASONS'], ...rows])
    },
    finish: async () => {
      const rows = notes.map(({ kind, subject, message }) => [kind, subject, message])
      const notesFile = await writeBeside(inputPath, '.notes.csv', [['ABOUT', 'SUBJECT', 'NOTE'], ...rows])
      return { ...counts, details, notes, refusedFile, notesFile }
    },
  }
}

/**
 * Writes rows beside the input, or in the working folder where that is not allowed. Without rows the file of an earlier
 * run is removed, because it would describe another run. The first row is the header.
 */
async function writeBeside(
  inputPath: string,
  suffix: string,
  rows: readonly (readonly string[])[],
): Promise<string | undefined> {
  const stem = inputPath.slice(0, inputPath.length - extname(inputPath).length)
  const places = [`${stem}${suffix}`, join(process.cwd(), `${basename(stem)}${suffix}`)]
  if (rows.length < 2) {
    for (const place of places) await rm(place, { force: true }).catch(() => undefined)
    return undefined
  }
  const text = rows.map(csvLine).join('')
  for (const place of places.slice(0, -1)) if (await couldWrite(place, text)) return place
  const last = places.at(-1) ?? ''
  await writeFile(last, text)
  return last
}

async function couldWrite(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text)
    return true
  } catch {
    return false
  }
}
