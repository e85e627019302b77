/** `npm run signpost -- COMMAND`: finds the command, runs it, and turns the outcome into an exit code. */
import { fileURLToPath } from 'node:url'
import { helpLines, parseCall } from './commands/all-commands.ts'
import { type CommandContext, UsageProblem } from './commands/command.ts'
import { progressLine } from './commands/progress-line.ts'
import { readConfig, WrongSetting } from './config.ts'
import { systemClock as clock } from './platform/clock.ts'
import { openCommandDb } from './platform/db/command-db.ts'
import { StartProblem } from './platform/errors.ts'
import { createLog } from './platform/log.ts'
import { InputRefused } from './reference-data/input-file.ts'

/** Called wrongly, or the input was refused as a whole. */
const REFUSED = 2
/** The database or the server cannot be used, or a fault of ours. */
const FAILED = 1

/** What the file system may say about a file that was named on the command line. */
const FILE_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission was refused',
  EPERM: 'permission was refused',
  EISDIR: 'it is a folder',
  ENOTDIR: 'part of the path is not a folder',
  ENOSPC: 'the disk is full',
  EROFS: 'the disk cannot be written to',
}

/** Whoever reads our output may stop, as `head` does: there is nobody left to print for. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

async function run(words: readonly string[]): Promise<number> {
  const call = parseCall(words)
  if (call.kind === 'help') {
    for (const line of helpLines()) print(line)
    return 0
  }
  const config = readConfig()
  goWhereCalled(config.calledFrom)
  const log = createLog(config.logLevel === 'info' ? 'warn' : config.logLevel)
  const { progress, end } = progressLine(process.stderr, clock)
  const context: CommandContext = {
    config,
    clock,
    log,
    print: (line) => {
      end()
      print(line)
    },
    progress,
    async withDb(work) {
      const db = await openCommandDb({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, log })
      try {
        return await work(db)
      } finally {
        await db.close()
      }
    },
  }
  try {
    return await call.command.run(context, call.given)
  } finally {
    end()
  }
}

/** npm moves to the project's folder first; file names are meant as seen from where the command was typed. */
function goWhereCalled(folder: string | undefined): void {
  const project = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
  if (folder !== undefined && process.cwd() === project) process.chdir(folder)
}

/** One line for people where the fault is theirs or the machine's; everything for us where it is ours. */
function explain(error: unknown): number {
  if (error instanceof UsageProblem || error instanceof InputRefused) return say(error.message, REFUSED)
  if (error instanceof StartProblem || error instanceof WrongSetting) return say(error.message, FAILED)
  const { code, path, message, stack } = error as NodeJS.ErrnoException
  const fault = FILE_FAULTS[code ?? '']
  if (fault !== undefined && path !== undefined) return say(`Cannot use ${path}: ${fault}`, REFUSED)
  return say(stack ?? message ?? String(error), FAILED)
}

function say(text: string, exitCode: number): number {
  process.stderr.write(`${text}\n`)
  return exitCode
}

process.exitCode = await run(process.argv.slice(2)).catch(explain)
