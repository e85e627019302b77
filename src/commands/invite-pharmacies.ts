import { inviteToLaunch } from '#src/access/launch-invitations.ts'
import { parseOdsCode } from '#src/rules/ods-code.ts'
import { type Command, UsageProblem } from './command.ts'

/** Tells pharmacies where to sign in. */
export const invitePharmaciesCommand: Command = {
  name: 'invite-pharmacies',
  usage: '[--area CODE] [--limit N]',
  description: 'tells the shared mailbox of each pharmacy, once, where to sign in and how to ask for access',
  values: { least: 0, most: 0 },
  options: ['area', 'limit'],
  async run({ withDb, config, clock, print, progress }, { options }) {
    const asked = { clock, domains: config.sharedMailboxDomains, actor: 'command:invite-pharmacies', progress }
    const area = areaIn(options['area'])
    const limit = limitIn(options['limit'])
    const { read, queued, before, noMailbox, left } = await withDb((db) =>
      inviteToLaunch({ ...asked, db, area, limit }),
    )
    const counts = [
      ['read', read],
      ['sent', queued],
      ['had been sent', before],
      ['no shared mailbox', noMailbox],
      ['left for a later run', left],
    ] as const
    const width = String(read).length
    for (const [what, count] of counts) print(`${what.padEnd(20)}  ${String(count).padStart(width)}`)
    return 0
  },
}

function areaIn(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const code = parseOdsCode(text)
  if (!code) throw new UsageProblem(`--area must be the ODS code of an ICB, such as QOP; "${text}" is not`)
  return code
}

function limitIn(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new UsageProblem(`--limit must be a whole number from 1; "${text}" is not`)
  return Number(text)
}
