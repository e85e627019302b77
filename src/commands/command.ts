/** What a command is, and what it is given to work with. */
import type { Config } from '#src/config.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { CommandDb } from '#src/platform/db/command-db.ts'
import type { Log } from '#src/platform/log.ts'
import type { Progress } from '#src/reference-data/import-summary.ts'

export type CommandContext = {
  readonly config: Config
  readonly clock: Clock
  readonly log: Log
  /** Writes a line to standard output. */
  print(line: string): void
  readonly progress: Progress
  /** Opens the database, beside a running server or alone, and closes it afterwards. */
  withDb<T>(work: (db: CommandDb) => Promise<T>): Promise<T>
}

export type CommandArguments = {
  readonly values: readonly string[]
  /** By name without the dashes; only those that the command lists. */
  readonly options: Readonly<Record<string, string | undefined>>
  /** What was given for each option that may come several times; undefined when it did not come. */
  readonly lists: Readonly<Record<string, readonly string[] | undefined>>
  /** Options without a value that were given. */
  readonly flags: ReadonlySet<string>
}

export type Command = {
  /** `import ods`. */
  readonly name: string
  /** What follows the name: `FILE.csv`. */
  readonly usage: string
  readonly description: string
  /** How many values it needs and takes at most. */
  readonly values: { readonly least: number; readonly most: number }
  /** Names of its options, each of which takes a value. */
  readonly options: readonly string[]
  /** Names of options that may be given several times. */
  readonly lists?: readonly string[]
  /** Names of options without a value. */
  readonly flags?: readonly string[]
  /** Answers with the exit code. */
  run(context: CommandContext, given: CommandArguments): Promise<number>
}

/** A command that was called wrongly, or refuses what it was given. One line; exit code 2. */
export class UsageProblem extends Error {
  override readonly name = 'UsageProblem'
}

/** The value at `index`; the caller checked that it is there. */
export const valueAt = ({ values }: CommandArguments, index: number): string => values[index] ?? ''
