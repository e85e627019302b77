import { writeBackup } from '#src/platform/db/backup.ts'
import { WrongBackup } from '#src/platform/db/backup-file.ts'
import { restoreBackup } from '#src/platform/db/restore.ts'
import { type Command, UsageProblem, valueAt } from './command.ts'

/** Everything that matters in one file, for either database. */
export const backupCommand: Command = {
  name: 'backup',
  usage: 'FILE',
  description: 'writes everything into one file, while the server goes on',
  values: { least: 1, most: 1 },
  options: [],
  async run({ withDb, clock, print }, given) {
    const { tables, rows } = await withDb((db) => writeBackup(db, valueAt(given, 0), clock.now()))
    print(`written  ${rows} rows of ${tables} tables`)
    return 0
  },
}

/** The way back; the server must be stopped. */
export const restoreCommand: Command = {
  name: 'restore',
  usage: 'FILE',
  description: 'puts a backup in the place of everything stored; stop the server first',
  values: { least: 1, most: 1 },
  options: [],
  async run({ config, log, print }, given) {
    const { databaseUrl, dataDir } = config
    try {
      const { createdAt, tables, rows } = await restoreBackup({ databaseUrl, dataDir, log }, valueAt(given, 0))
      print(`restored  ${rows} rows of ${tables} tables, as of ${createdAt}`)
      return 0
    } catch (error) {
      if (error instanceof WrongBackup) throw new UsageProblem(error.message, { cause: error })
      throw error
    }
  },
}
