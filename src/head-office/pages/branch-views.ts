/** What the pages about one change of many branches show. */
import type { Fields } from '#src/platform/http/form-fields.ts'
import { formatMomentIn } from '#src/profiles/names-and-moments.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import type { Problem } from '#src/rules/problems.ts'
import type { BranchChange, BranchRow, BranchRowState, UnreadLine } from '../branch-changes-store.ts'
import type { BranchPreview } from '../preview-branches.ts'
import { UNDO_HOURS } from '../run-branch-change.ts'

export const BRANCHES_A_PAGE = 50

export type BranchesView = {
  readonly title: string
  readonly branches: number
  readonly kinds: readonly { readonly kind: string; readonly title: string }[]
  readonly changes: readonly ChangeLine[]
}

type Tag = { readonly text: string; readonly colour: string }
type ChangeLine = { readonly id: number; readonly title: string; readonly when: string; readonly tag: Tag }

const STATES: Readonly<Record<BranchChange['state'], Tag>> = {
  draft: { text: 'Not made yet', colour: 'grey' },
  waiting: { text: 'Waiting', colour: 'yellow' },
  running: { text: 'Being made', colour: 'blue' },
  done: { text: 'Made', colour: 'green' },
  undoing: { text: 'Being undone', colour: 'blue' },
  undone: { text: 'Undone', colour: 'grey' },
  cancelled: { text: 'Cancelled', colour: 'grey' },
}

/** The earlier changes of a person. */
export const listLines = (changes: readonly BranchChange[], now: Date): readonly ChangeLine[] =>
  changes.map((change) => ({
    id: change.id,
    title: change.title,
    when: whenOf(change, now),
    tag: STATES[change.state],
  }))

/** When the last thing happened to a change, or when it will be made, in words. */
function whenOf({ state, runAt, finishedAt, undoneAt, createdAt }: BranchChange, now: Date): string {
  if (state === 'waiting' && runAt && Date.parse(runAt) > now.getTime()) return `On ${formatMomentIn(runAt)}`
  if (state === 'cancelled') return formatMomentIn(createdAt)
  return formatMomentIn(undoneAt ?? finishedAt ?? runAt ?? createdAt)
}

export type DraftView = {
  readonly title: string
  readonly id: number
  readonly address: string
  readonly source: string | null
  readonly isCheck: boolean
  readonly counts: { readonly change: number; readonly same: number; readonly refused: number }
  readonly unread: readonly UnreadLine[]
  readonly branches: readonly (BranchPreview & { readonly field: string })[]
  readonly pages: Pages
  readonly fields: Fields
  readonly problems: readonly Problem[]
  /** An example of a date, soon enough to be of use. */
  readonly example: string
}

type Pages = {
  readonly page: number
  readonly pages: number
  readonly previous: string | null
  readonly next: string | null
}

/** A draft: what would become of each branch, those that would be refused first. */
export function draftView(
  change: BranchChange,
  previews: readonly BranchPreview[],
  given: {
    readonly page: number
    readonly fields: Fields
    readonly problems: readonly Problem[]
    readonly today: LocalDate
  },
): DraftView {
  const { id, title, source, kind, unread } = change
  const count = (outcome: BranchPreview['outcome']) => previews.filter((each) => each.outcome === outcome).length
  const ordered = previews.toSorted((a, b) => ORDER[a.outcome] - ORDER[b.outcome] || a.place - b.place)
  const pages = pagesOf(`/manage/branches/${id}`, given.page, ordered.length, '')
  const shown = ordered.slice((pages.page - 1) * BRANCHES_A_PAGE, pages.page * BRANCHES_A_PAGE)
  const [year, month, day] = given.today.split('-').map(Number)
  return {
    title,
    id,
    address: `/manage/branches/${id}`,
    source,
    isCheck: kind === 'check',
    counts: { change: count('change'), same: count('same'), refused: count('refused') },
    unread,
    branches: shown.map((preview) => ({ ...preview, field: `out-${preview.odsCode.toLowerCase()}` })),
    pages,
    fields: given.fields,
    problems: given.problems,
    example: `${day} ${month} ${year}`,
  }
}

const ORDER: Readonly<Record<BranchPreview['outcome'], number>> = { refused: 0, change: 1, same: 2 }

function pagesOf(address: string, page: number, total: number, query: string): Pages {
  const pages = Math.max(1, Math.ceil(total / BRANCHES_A_PAGE))
  const at = Math.min(page, pages)
  const link = (to: number) => `${address}?${query}page=${to}`
  return { page: at, pages, previous: at > 1 ? link(at - 1) : null, next: at < pages ? link(at + 1) : null }
}

export type ProgressView = {
  readonly title: string
  readonly id: number
  readonly address: string
  readonly state: Tag
  readonly when: string
  /** True while it waits for its time, so that it can be cancelled. */
  readonly isWaiting: boolean
  /** True while branches are being changed or changed back. */
  readonly isUnderWay: boolean
  readonly finished: number
  readonly total: number
  readonly counts: Readonly<Record<BranchRowState, number>>
  readonly unread: readonly UnreadLine[]
  readonly rows: readonly { readonly odsCode: string; readonly tag: Tag; readonly reason: string | null }[]
  readonly pages: Pages
  readonly onlyBad: boolean
  readonly bad: number
  /** Until when it can be undone; null when it cannot. */
  readonly undoUntil: string | null
}

const ROW_STATES: Readonly<Record<BranchRowState, Tag>> = {
  waiting: { text: 'Waiting', colour: 'yellow' },
  done: { text: 'Changed', colour: 'green' },
  unchanged: { text: 'Said so already', colour: 'grey' },
  refused: { text: 'Not changed', colour: 'red' },
  undone: { text: 'Changed back', colour: 'grey' },
  'not-undone': { text: 'Not changed back', colour: 'red' },
}

const rowTag = (change: Pick<BranchChange, 'state'>, row: BranchRowState): Tag =>
  change.state === 'cancelled' ? STATES.cancelled : ROW_STATES[row]

/** A change that was started: how far it is, and what became of each branch. */
export function progressView(
  change: BranchChange,
  given: {
    readonly counts: Readonly<Record<BranchRowState, number>>
    readonly rows: readonly BranchRow[]
    readonly page: number
    readonly onlyBad: boolean
    readonly now: Date
  },
): ProgressView {
  const { id, title, state, unread } = change
  const { counts, onlyBad, now } = given
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
  const bad = state === 'undone' ? counts['not-undone'] : counts.refused
  const left = state === 'undoing' ? counts.done : counts.waiting
  const undoEnds = change.finishedAt ? Date.parse(change.finishedAt) + UNDO_HOURS * 3_600_000 : 0
  const canUndo = state === 'done' && change.kind !== 'check' && counts.done > 0 && undoEnds > now.getTime()
  return {
    title,
    id,
    address: `/manage/branches/${id}`,
    state: STATES[state],
    when: whenOf(change, now),
    isWaiting: state === 'waiting' && Date.parse(change.runAt ?? '') > now.getTime(),
    isUnderWay: ['waiting', 'running', 'undoing'].includes(state),
    finished: total - left,
    total,
    counts,
    unread,
    rows: given.rows.map(({ odsCode, state: row, reason }) => ({ odsCode, tag: rowTag(change, row), reason })),
    pages: pagesOf(`/manage/branches/${id}`, given.page, onlyBad ? bad : total, onlyBad ? 'show=not-changed&' : ''),
    onlyBad,
    bad,
    undoUntil: canUndo ? formatMomentIn(new Date(undoEnds).toISOString()) : null,
  }
}

/** The rows of the results as a file. */
export function resultRows(change: BranchChange, rows: readonly BranchRow[]): readonly (readonly string[])[] {
  return [
    ['ODS code', 'Line', 'Result', 'Reason'],
    ...rows.map(({ odsCode, place, state, reason }) => [
      odsCode,
      change.source ? String(place) : '',
      rowTag(change, state).text,
      reason ?? '',
    ]),
    ...change.unread.map(({ odsCode, line, reason }) => [odsCode, String(line), ROW_STATES.refused.text, reason]),
  ]
}
