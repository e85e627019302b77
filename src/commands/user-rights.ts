import { type GrantedBy, grantRole, revokeRole, type SavedGrant } from '#src/accounts/grants.ts'
import type { Db } from '#src/platform/db/db.ts'
import type { Result } from '#src/rules/problems.ts'
import { type Command, type CommandArguments, type CommandContext, UsageProblem, valueAt } from './command.ts'

const USAGE = 'EMAIL ROLE [SCOPE]'
const VALUES = { least: 2, most: 3 }

/** Gives a person a right. */
export const userGrantCommand: Command = {
  name: 'user grant',
  usage: USAGE,
  description: 'gives a right, such as: user grant amina.khan@nhs.net owner ods:FA002',
  values: VALUES,
  options: [],
  run: (context, given) =>
    change(context, given, grantRole, { by: 'command:user grant', done: 'granted', already: 'had it already' }),
}

/** Takes a right back. */
export const userRevokeCommand: Command = {
  name: 'user revoke',
  usage: USAGE,
  description: 'takes a right back',
  values: VALUES,
  options: [],
  run: (context, given) =>
    change(context, given, revokeRole, { by: 'command:user revoke', done: 'revoked', already: 'did not have it' }),
}

type Save = (
  db: Db,
  asked: { readonly email: string; readonly role: string; readonly scope?: string | undefined },
  by: GrantedBy,
) => Promise<Result<SavedGrant>>
type Words = { readonly by: string; readonly done: string; readonly already: string }

async function change(
  { withDb, clock, print }: CommandContext,
  given: CommandArguments,
  save: Save,
  { by, done, already }: Words,
): Promise<number> {
  const asked = { email: valueAt(given, 0), role: valueAt(given, 1), scope: given.values[2] }
  const saved = await withDb((db) => save(db, asked, { by, now: clock.now() }))
  if (!saved.ok) throw new UsageProblem(saved.problems.map(({ message }) => message).join('; '))
  const { email, role, scope, changed } = saved.value
  print(`${email} ${role}${scope === '' ? '' : ` ${scope}`}: ${changed ? done : already}`)
  return 0
}
