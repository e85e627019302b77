/** When several services are open today and tomorrow, on one axis. Pure: hours in, places on the axis and words out. */
import { formatSessions } from '#src/rules/clock-time.ts'
import { type CompiledHours, compiledSessionsOn } from '#src/rules/compiled-hours.ts'
import { type DayNumber, type LondonTime, MINUTES_PER_DAY } from '#src/rules/london-time.ts'

export const MOST_COMPARED = 4
/** Today and tomorrow. */
export const AXIS_DAYS = 2
const AXIS_MINUTES = AXIS_DAYS * MINUTES_PER_DAY

/** Minutes after midnight of today, within the axis. */
export type Stretch = { readonly from: number; readonly to: number }
export type Line = {
  readonly open: readonly Stretch[]
  /** Days of which nobody knows. */
  readonly unknown: readonly Stretch[]
  /** Today and tomorrow in words. */
  readonly days: readonly string[]
}

/** The stretches of a service; one that began yesterday and ends after midnight begins at 0. */
export function axisLine(hours: CompiledHours, today: DayNumber): Line {
  const days = [-1, 0, 1].map((ahead) => ({ ahead, ...dayOn(hours, today + ahead) }))
  const open = days.flatMap(({ ahead, sessions }) =>
    (sessions ?? []).flatMap(({ opens, closes }) =>
      within(ahead * MINUTES_PER_DAY + opens, ahead * MINUTES_PER_DAY + closes),
    ),
  )
  const shown = days.filter(({ ahead }) => ahead >= 0)
  return {
    open,
    unknown: shown
      .filter(({ sessions }) => sessions === null)
      .flatMap(({ ahead }) => within(ahead * MINUTES_PER_DAY, (ahead + 1) * MINUTES_PER_DAY)),
    days: shown.map(({ sessions }) => (sessions === null ? 'Not known' : formatSessions(sessions))),
  }
}

const ALL_DAY = [{ opens: 0, closes: MINUTES_PER_DAY }]
const dayOn = (hours: CompiledHours, day: DayNumber) =>
  hours.openAllHours && compiledSessionsOn(hours, day).sessions === null
    ? { sessions: ALL_DAY }
    : { sessions: compiledSessionsOn(hours, day).sessions }

function within(from: number, to: number): readonly Stretch[] {
  const cut = { from: Math.max(0, from), to: Math.min(AXIS_MINUTES, to) }
  return cut.from < cut.to ? [cut] : []
}

/** Drawn in units that are pixels at the narrowest screen, so that its letters can be read there. */
const WIDTH = 288
const MARGIN = 4
const ROW = 46
const AXIS_HEIGHT = 40
const BAR = { below: 22, height: 14 } as const
const TRACK_HEIGHT = 4
const SIX_HOURS = 360
const LONGEST_NAME = 40

export type Chart = {
  readonly width: number
  readonly height: number
  readonly rows: readonly {
    readonly name: string
    readonly textY: number
    readonly barY: number
    readonly barHeight: number
    readonly trackY: number
    readonly trackHeight: number
    readonly open: readonly Drawn[]
    readonly unknown: readonly Drawn[]
  }[]
  readonly track: Drawn
  readonly ticks: readonly { readonly x: number; readonly text: string; readonly anchor: string }[]
  readonly dayNames: readonly { readonly x: number; readonly text: string }[]
  readonly axisY: number
  readonly nowX: number
}
type Drawn = { readonly x: number; readonly width: number }

/** The picture of several lines. */
export function chartOf(
  lines: readonly { readonly name: string; readonly line: Line }[],
  now: Pick<LondonTime, 'minute'>,
): Chart {
  const scale = (minute: number): number => round(MARGIN + (minute / AXIS_MINUTES) * (WIDTH - 2 * MARGIN))
  const drawn = ({ from, to }: Stretch): Drawn => ({ x: scale(from), width: round(scale(to) - scale(from)) })
  const axisY = lines.length * ROW
  return {
    width: WIDTH,
    height: axisY + AXIS_HEIGHT,
    rows: lines.map(({ name, line }, index) => ({
      name: name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name,
      textY: index * ROW + 16,
      barY: index * ROW + BAR.below,
      barHeight: BAR.height,
      trackY: index * ROW + BAR.below + (BAR.height - TRACK_HEIGHT) / 2,
      trackHeight: TRACK_HEIGHT,
      open: line.open.map(drawn),
      unknown: line.unknown.map(drawn),
    })),
    track: drawn({ from: 0, to: AXIS_MINUTES }),
    ticks: TICKS.map((text, index) => ({
      x: scale(index * SIX_HOURS),
      text,
      anchor: index === 0 ? 'start' : index === TICKS.length - 1 ? 'end' : 'middle',
    })),
    dayNames: ['Today', 'Tomorrow'].map((text, day) => ({ x: scale((day + 0.5) * MINUTES_PER_DAY), text })),
    axisY,
    nowX: scale(now.minute),
  }
}

/** Every six hours; those between are marked and not named. */
const TICKS = ['12am', '', '12pm', '', '12am', '', '12pm', '', '12am']
const round = (value: number): number => Math.round(value * 10) / 10
