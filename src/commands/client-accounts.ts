import { API_NAMES, API_PERMISSIONS } from '#src/accounts/api-accounts.ts'
import {
  disableApiAccount,
  type ListedAccount,
  listApiAccounts,
  type SavedAccount,
  saveApiAccount,
} from '#src/accounts/save-api-account.ts'
import type { Result } from '#src/rules/problems.ts'
import { type Command, UsageProblem } from './command.ts'

const NONE = { least: 0, most: 0 }

/** An account for a program, or changes to it. */
export const clientCreateCommand: Command = {
  name: 'client create',
  usage:
    `--api ${API_NAMES.join('|')} --username NAME [--password TEXT] [--role N] [--permission ${API_PERMISSIONS.join('|')}]… ` +
    '[--service UID]… [--per-minute N]',
  description: 'gives a program an account, or changes what is given of the one it has; prints the secret it makes',
  values: NONE,
  options: ['api', 'username', 'password', 'role', 'per-minute'],
  lists: ['permission', 'service'],
  async run({ withDb, config, clock, print }, { options, lists }) {
    const { api, username, password, role } = options
    if (api === undefined || username === undefined) {
      throw new UsageProblem(`client create needs --api and --username. APIs: ${API_NAMES.join(', ')}`)
    }
    const { permission: permissions, service: services } = lists
    const asked = { api, username, password, role, permissions, services, perMinute: options['per-minute'] }
    const by = { by: 'command:client create', now: clock.now(), pepper: config.secretsPepper }
    for (const line of savedLines(acceptedIn(await withDb((db) => saveApiAccount(db, asked, by))))) print(line)
    return 0
  },
}

/** What programs have an account. */
export const clientListCommand: Command = {
  name: 'client list',
  usage: '',
  description: 'the accounts of programs, without their secrets',
  values: NONE,
  options: [],
  async run({ withDb, print }) {
    const accounts = await withDb(listApiAccounts)
    for (const account of accounts) print(listedLine(account))
    if (accounts.length === 0) print('There are no accounts yet')
    return 0
  },
}

/** Shuts a program out. */
export const clientDisableCommand: Command = {
  name: 'client disable',
  usage: '--username NAME',
  description: 'shuts a program out within a second; client create lets it in again',
  values: NONE,
  options: ['username'],
  async run({ withDb, clock, print }, { options: { username } }) {
    if (username === undefined) throw new UsageProblem('client disable needs --username NAME')
    const by = { by: 'command:client disable', now: clock.now() }
    const { changed } = acceptedIn(await withDb((db) => disableApiAccount(db, username, by)))
    print(`${username}: ${changed ? 'disabled' : 'was disabled already'}`)
    return 0
  },
}

function acceptedIn<T>(result: Result<T>): T {
  if (!result.ok) throw new UsageProblem(result.problems.map(({ message }) => message).join('; '))
  return result.value
}

function savedLines({ account, outcome, changes, generated }: SavedAccount): readonly string[] {
  const what = {
    created: `created for ${account.api}`,
    changed: `changed (${changes.join(', ')})`,
    unchanged: 'unchanged',
  }
  return [
    `${account.username}: ${what[outcome]}`,
    `permissions  ${account.permissions.join(', ') || 'none'}`,
    ...(generated === undefined ? [] : [`secret       ${generated}`, 'Keep the secret now: it is shown this once.']),
    ...(account.api === 'capacity' ? ['It is sent as   Authorization: Token SECRET'] : []),
  ]
}

function listedLine(account: ListedAccount): string {
  const { username, api, status, role, permissions, services, perMinute, createdAt, createdBy } = account
  return [
    ...[username, api, status],
    ...(role === null ? [] : [`role ${role}`]),
    ...(permissions.length === 0 ? [] : [permissions.join(', ')]),
    ...(services.length === 0 ? [] : [`${services.length} services`]),
    ...(perMinute === 0 ? [] : [`${perMinute} requests a minute`]),
    `created ${createdAt.slice(0, 10)} by ${createdBy}`,
  ].join('  ')
}
