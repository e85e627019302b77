/** Figures of the measurements, and how they are summed up and printed. */
export type Figure = {
  readonly what: string
  readonly figure: number
  readonly unit: string
  /** What the project promises, in words. */
  readonly wanted?: string
}

export const median = (values: readonly number[]): number => percentile(values, 50)

/** The value that `share` percent of the values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * share) / 100))] ?? Number.NaN
}

/** Prints the figures as a table. */
export function printFigures(figures: readonly Figure[]): void {
  const shown = figures.map(({ what, figure, unit, wanted }) => ({
    what,
    figure: `${rounded(figure)} ${unit}`,
    wanted: wanted ?? '',
  }))
  console.table(shown)
}

const rounded = (figure: number): string =>
  figure >= 100 ? Math.round(figure).toLocaleString('en-GB') : Number(figure.toPrecision(3)).toString()
