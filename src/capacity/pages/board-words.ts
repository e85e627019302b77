/** The board in words and as a bar: how many services are Red, Amber, closed and Green. */
import type { Board, BoardShow } from './board-rows.ts'

const COUNT = new Intl.NumberFormat('en-GB')

/** The filters of the board. */
export const SHOW_WORDS: Readonly<Record<BoardShow, string>> = {
  attention: 'Not Green',
  red: 'Red',
  amber: 'Amber',
  closed: 'Closed now',
  all: 'All',
}

/** How many services a filter shows. */
export function countOf(show: BoardShow, { counts, services }: Board): number {
  switch (show) {
    case 'attention':
      return counts.RED + counts.AMBER + counts.CLOSED
    case 'red':
      return counts.RED
    case 'amber':
      return counts.AMBER
    case 'closed':
      return counts.CLOSED
    case 'all':
      return services
  }
}

/** A part of the bar, and of the list beneath it. */
export type Part = {
  readonly text: string
  readonly count: string
  readonly kind: 'red' | 'closed' | 'amber' | 'green'
  /** Of the bar, in thousandths. */
  readonly from: number
  readonly width: number
}
/** What somebody sees of a part that is too small for the bar. */
const NARROWEST = 12

/** The bar: each part as wide as its share, and wide enough to be seen when there is any. */
export function partsOf({ counts }: Board): readonly Part[] {
  const parts = [
    { text: 'Red', kind: 'red', count: counts.RED },
    { text: 'Red: closed now', kind: 'closed', count: counts.CLOSED },
    { text: 'Amber', kind: 'amber', count: counts.AMBER },
    { text: 'Green', kind: 'green', count: counts.GREEN },
  ] as const
  const all = parts.reduce((sum, { count }) => sum + count, 0)
  const wide = parts.map(({ count }) => (count === 0 ? 0 : Math.max(NARROWEST, (count / all) * 1000)))
  const sum = wide.reduce((total, width) => total + width, 0)
  let from = 0
  return parts.map(({ text, kind, count }, index) => {
    const width = sum === 0 ? 0 : ((wide[index] ?? 0) / sum) * 1000
    const part = { text, kind, count: COUNT.format(count), from: round(from), width: round(width) }
    from += width
    return part
  })
}

const round = (value: number): number => Math.round(value * 10) / 10

/** What the list is of: `3 services are not Green`. */
export function headingOf(show: BoardShow, board: Board): string {
  const count = countOf(show, board)
  if (count === 0) return board.services === 0 ? NONE.all : NONE[show]
  const services = count === 1 ? '1 service' : `${COUNT.format(count)} services`
  return `${services}${RIGHT_AFTER[show].replace('are', count === 1 ? 'is' : 'are')}`
}

const NONE: Readonly<Record<BoardShow, string>> = {
  attention: 'Every service is Green',
  red: 'No service is Red',
  amber: 'No service is Amber',
  closed: 'No service is closed now',
  all: 'No services found',
}
const RIGHT_AFTER: Readonly<Record<BoardShow, string>> = {
  attention: ' are not Green',
  red: ' are Red',
  amber: ' are Amber',
  closed: ' are closed now',
  all: '',
}
