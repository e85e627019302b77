/** Every command, in the order of the help text. */

import { parseArgs } from 'node:util'
import { backupCommand, restoreCommand } from './back-up.ts'
import { checkCommand } from './check.ts'
import { clientCreateCommand, clientDisableCommand, clientListCommand } from './client-accounts.ts'
import { type Command, type CommandArguments, UsageProblem } from './command.ts'
import { exportServicesCommand } from './export-services.ts'
import { importBankHolidaysCommand } from './import-bank-holidays.ts'
import { importDosContactsCommand } from './import-dos-contacts.ts'
import { importOdsCommand } from './import-ods.ts'
import { importPharmaceuticalListCommand } from './import-pharmaceutical-list.ts'
import { importPostcodesCommand } from './import-postcodes.ts'
import { importReferenceCommand } from './import-reference.ts'
import { importServicesCommand } from './import-services.ts'
import { importSuspensionContactsCommand } from './import-suspension-contacts.ts'
import { invitePharmaciesCommand } from './invite-pharmacies.ts'
import { reportDailyChangesCommand, reportVerificationCommand } from './report.ts'
import { gapsCommand, searchesCommand } from './searches.ts'
import { userGrantCommand, userRevokeCommand } from './user-rights.ts'
import { verifyReceiptCommand } from './verify-receipt.ts'

export const COMMANDS: readonly Command[] = [
  importPharmaceuticalListCommand,
  importOdsCommand,
  importPostcodesCommand,
  importBankHolidaysCommand,
  importServicesCommand,
  importReferenceCommand,
  importSuspensionContactsCommand,
  importDosContactsCommand,
  exportServicesCommand,
  userGrantCommand,
  userRevokeCommand,
  invitePharmaciesCommand,
  clientCreateCommand,
  clientListCommand,
  clientDisableCommand,
  searchesCommand,
  gapsCommand,
  reportDailyChangesCommand,
  reportVerificationCommand,
  backupCommand,
  restoreCommand,
  verifyReceiptCommand,
  checkCommand,
]

export type Call =
  | { readonly kind: 'help' }
  | { readonly kind: 'run'; readonly command: Command; readonly given: CommandArguments }

/** Finds the command that is meant. Throws `UsageProblem`, one line that lists what exists. */
export function parseCall(words: readonly string[]): Call {
  if (words.length === 0 || words[0] === 'help' || words.includes('--help') || words.includes('-h')) {
    return { kind: 'help' }
  }
  const command = COMMANDS.find(({ name }) => name.split(' ').every((word, index) => words[index] === word))
  if (!command) {
    throw new UsageProblem(
      `There is no command "${words.slice(0, 2).join(' ')}". Commands: ${COMMANDS.map(({ name }) => name).join(', ')}`,
    )
  }
  return { kind: 'run', command, given: parseGiven(command, words.slice(command.name.split(' ').length)) }
}

function parseGiven(command: Command, words: readonly string[]): CommandArguments {
  const call = `${command.name} ${command.usage}`.trim()
  const { values, positionals } = parsed(command, words, call)
  if (positionals.length < command.values.least) throw new UsageProblem(`Something is missing. Call it as: ${call}`)
  if (positionals.length > command.values.most) {
    throw new UsageProblem(`"${positionals[command.values.most]}" is too much. Call it as: ${call}`)
  }
  const { lists = [], flags = [] } = command
  const of = <T>(names: readonly string[]) => Object.fromEntries(names.map((name) => [name, values[name] as T]))
  return {
    values: positionals,
    options: of<string | undefined>(command.options),
    lists: of<readonly string[] | undefined>(lists),
    flags: new Set(flags.filter((name) => values[name] === true)),
  }
}

function parsed(command: Command, words: readonly string[], call: string) {
  const { options: single, lists = [], flags = [] } = command
  const names = [...single, ...lists, ...flags]
  const options = Object.fromEntries(
    names.map((name) => [
      name,
      { type: flags.includes(name) ? 'boolean' : 'string', multiple: lists.includes(name) } as const,
    ]),
  )
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true })
  } catch (error) {
    const unknown = words.find((word) => word.startsWith('-') && !names.includes(word.replace(/^-+|=.*/g, '')))
    const fault = unknown ? `${command.name} has no option ${unknown}` : 'An option lacks its value'
    throw new UsageProblem(`${fault}. Call it as: ${call}`, { cause: error })
  }
}

/** What `help` prints. */
export function helpLines(): readonly string[] {
  const calls = COMMANDS.map(({ name, usage }) => `${name} ${usage}`.trim())
  return [
    'npm run signpost -- COMMAND',
    '',
    ...COMMANDS.flatMap(({ description }, index) => [`  ${calls[index]}`, `      ${description}`]),
    '',
    'Each works beside a running server and may be run again with the same result.',
    'Refused rows, with every reason, go to FILE.refused.csv.',
  ]
}
