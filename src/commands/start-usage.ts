/** What somebody is told who writes words after `npm start`, which takes none. */
import { COMMANDS } from './all-commands.ts'

const ENOUGH = 40
const USAGE = [
  'Usage: npm start',
  '',
  'Settings are environment variables, for example: PORT=8080 npm start',
  'docs/operating.md lists them all.',
  '',
  'Imports, access and backups are commands: npm run signpost -- COMMAND',
  ...COMMANDS.map(({ name }) => `  ${name}`),
  'What each takes: npm run signpost -- help',
]

/** The lines to print and how to exit: 0 for somebody who asked for help, 2 for words that would change nothing. */
export function startUsage(words: readonly string[]): { readonly lines: readonly string[]; readonly exitCode: 0 | 2 } {
  if (words.some((word) => ['--help', '-h', 'help'].includes(word))) return { lines: USAGE, exitCode: 0 }
  // The beginning is enough to recognise a pasted line by.
  const given = words.join(' ').slice(0, ENOUGH)
  return { lines: [`npm start takes no arguments, and was given: ${given}`, '', ...USAGE], exitCode: 2 }
}
