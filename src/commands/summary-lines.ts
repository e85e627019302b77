/** An import's summary as lines of text. */
import type { ImportSummary, Note } from '#src/reference-data/import-summary.ts'

const COLUMNS = ['read', 'stored', 'changed', 'unchanged', 'kept', 'refused'] as const
const EXAMPLES = 3

/** Counts in a column, then details, what to look at, and where the files are. */
export function summaryLines(summary: ImportSummary): readonly string[] {
  const details = Object.entries(summary.details)
  const counts = COLUMNS.map((name) => [name, summary[name]] as const)
  const width = Math.max(...[...counts, ...details].map(([, count]) => String(count).length))
  const line = (name: string, count: number) => `${name.padEnd(9)}  ${String(count).padStart(width)}`
  return [
    ...counts.map(([name, count]) => line(name, count)),
    ...details.map(([what, count]) => `${' '.repeat(9)}  ${String(count).padStart(width)}  ${what}`),
    ...noteLines(summary.notes),
    ...(summary.refusedFile ? [`Refused rows, with reasons: ${summary.refusedFile}`] : []),
    ...(summary.notesFile ? [`All notes: ${summary.notesFile}`] : []),
  ]
}

function noteLines(notes: readonly Note[]): readonly string[] {
  return [...Map.groupBy(notes, ({ kind }) => kind)].map(([kind, group]) => {
    const examples = group.slice(0, EXAMPLES).map(({ subject }) => subject)
    const more = group.length > EXAMPLES ? ` and ${group.length - EXAMPLES} more` : ''
    return `Note: ${kind}: ${examples.join(', ')}${more}`
  })
}
