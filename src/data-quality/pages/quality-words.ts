/** Findings, severities and trends as people read them. */
import { formatDateShort } from '#src/rules/clock-time.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { POINTS, type QualityRule, type Severity } from '#src/rules/quality-rules.ts'
import type { Finding } from '../findings.ts'
import type { RuleDay } from '../quality-days.ts'

export type Tag = { readonly text: string; readonly colour: string }

const SEVERITY_TAGS: Readonly<Record<Severity, Tag>> = {
  high: { text: 'High', colour: 'red' },
  medium: { text: 'Medium', colour: 'orange' },
  low: { text: 'Low', colour: 'grey' },
}

export const severityTag = ({ severity }: Pick<QualityRule, 'severity'>): Tag => SEVERITY_TAGS[severity]

/** Who puts it right. */
export const byWords = ({ by }: Pick<QualityRule, 'by'>): string =>
  by === 'pharmacy' ? 'The pharmacy, in its profile' : 'The directory team'

/** What breaking it costs. */
export const pointsWords = ({ severity, kind }: QualityRule): string =>
  kind === 'drift' ? 'None: either side may be right' : `${POINTS[severity]} of 100`

/** `1 finding`, `No findings`. */
export const countWords = (count: number, one: string, more: string): string =>
  `${count === 0 ? 'No' : count.toLocaleString('en-GB')} ${count === 1 ? one : more}`

/** A finding as a list shows it. */
export type FindingRow = {
  readonly id: number
  /** What it is about: the pharmacy, else the service, else the code. */
  readonly title: string
  readonly address: string | null
  /** Null: it is about the pharmacy itself. */
  readonly service: { readonly text: string; readonly address: string | null } | null
  readonly detail: string
  readonly ours: string | null
  readonly theirs: string | null
  readonly since: string
  readonly exempt: string | null
}

export function findingRow(finding: Finding, mayOpenRecords: boolean): FindingRow {
  const { id, odsCode, pharmacy, place, uid, service, detail, ours, theirs } = finding
  const isCode = !place.startsWith('uid:')
  // Whether it is open or closed is said by the detail; the two sides are worth a line for a field.
  const isField = finding.rule.startsWith('differs-')
  return {
    ...{ id, detail, ours: isField ? ours : null, theirs: isField ? theirs : null },
    title: pharmacy === null ? (isCode ? `ODS code ${place}` : 'No ODS code') : `${pharmacy} (${odsCode})`,
    address: odsCode === null ? null : `/manage/${odsCode}`,
    service:
      uid === null
        ? null
        : { text: `${service ?? 'Service'} (${uid})`, address: mayOpenRecords ? `/workspace/services/${uid}` : null },
    since: sinceWords(finding),
    exempt: finding.exemption === null ? null : `Exempt until ${formatDateShort(finding.exemption.endsOn)}`,
  }
}

function sinceWords({ openedOn, closedOn, lastSeenOn, isFirst }: Finding): string {
  if (closedOn !== null) {
    return `Found on ${formatDateShort(openedOn)}, last seen on ${formatDateShort(lastSeenOn ?? closedOn)}, gone on ${formatDateShort(closedOn)}`
  }
  return `${isFirst ? 'There at the first comparison, on' : 'Found on'} ${formatDateShort(openedOn)}`
}

/** A rule's trend as a line of 120 by 24, and in words. */
export type Trend = {
  readonly points: string
  /** Where the rule itself was changed: `x` of a mark. */
  readonly marks: readonly number[]
  readonly words: string
  readonly days: readonly {
    readonly day: string
    readonly open: number
    readonly opened: number
    readonly closed: number
    readonly note: string
  }[]
}

export const TREND_WIDTH = 120
const TREND_HEIGHT = 24

/** Null before there are two days to draw a line between. */
export function trendOf(days: readonly RuleDay[]): Trend | null {
  const [first] = days
  const last = days.at(-1)
  if (!first || !last || days.length < 2) return null
  const [from, to] = [dayNumber(first.day), dayNumber(last.day)]
  const most = Math.max(1, ...days.map(({ open }) => open))
  const xOf = (day: LocalDate) => Math.round(((dayNumber(day) - from) / (to - from)) * TREND_WIDTH * 10) / 10
  const yOf = (open: number) => Math.round((TREND_HEIGHT - (open / most) * TREND_HEIGHT) * 10) / 10
  const isChanged = (index: number) => index > 0 && days[index]?.ruleVersion !== days[index - 1]?.ruleVersion
  return {
    points: days.map(({ day, open }) => `${xOf(day)},${yOf(open)}`).join(' '),
    marks: days.flatMap(({ day }, index) => (isChanged(index) ? [xOf(day)] : [])),
    words: `${first.open} on ${formatDateShort(first.day)}, ${last.open} on ${formatDateShort(last.day)}`,
    days: days
      .map(({ day, open, opened, closed, ruleVersion }, index) => ({
        ...{ open, opened, closed, day: formatDateShort(day) },
        note: isChanged(index) ? `The rule was changed: version ${ruleVersion}` : '',
      }))
      .toReversed(),
  }
}

const dayNumber = (day: LocalDate): number => Date.parse(day) / 86_400_000
