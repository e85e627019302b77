/** Asks for a code to close a pharmacy: counted, limited, and sent where the pharmacy's people are. */
import { createHmac } from 'node:crypto'
import { sql } from 'kysely'
import { networkOf } from '#src/accounts/failed-attempts.ts'
import { CODE_MINUTES, issueCode } from '#src/accounts/one-time-codes.ts'
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import { CODE_HERE, queuePhone } from '#src/platform/phone/phone-jobs.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { type CodeCounts, codeLimitReached } from '#src/rules/code-limits.ts'
import type { ByCodeDeps } from './by-code-deps.ts'
import { type Channel, type Destination, destinationOf } from './code-channels.ts'

export const PURPOSE = 'close-pharmacy'
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Counted for a day; kept for one more, for whoever looks into a flood. */
const KEPT_MS = 2 * DAY_MS

/** `limit`: too many were asked for. `nothing-on-record`: the pharmacy has nowhere for it to go. */
export type AskedCode = { readonly codeId: string } | 'limit' | 'nothing-on-record'

/** Sends a code by a channel, unless there were too many. What is not on record counts all the same. */
export async function askForCode(
  deps: ByCodeDeps,
  asked: { readonly profile: Profile; readonly channel: Channel; readonly address: string },
): Promise<AskedCode> {
  const { profile, channel } = asked
  const { odsCode } = profile
  const now = deps.clock.now()
  const network = networkHash(asked.address, deps.pepper)
  return await deps.db.transact(async (tx) => {
    await inTurn(tx, [`network ${network}`, `pharmacy ${odsCode}`])
    if (codeLimitReached(await countAsked(tx, { odsCode, network, now }), deps.limits)) return 'limit'
    const to = destinationOf(profile, channel, { domains: deps.sharedMailboxDomains, hasPhone: deps.hasPhone })
    // One subject for each network: nobody elsewhere can take somebody's code away by asking for another.
    const subject = `${odsCode} ${network}`
    const issued = to && (await issueCode(tx, { purpose: PURPOSE, subject, now, pepper: deps.pepper }))
    if (to && !issued) return 'limit'
    const codeId = issued?.codeId ?? null
    await tx
      .insertInto('closure_code')
      .values({
        code_id: codeId,
        ods_code: odsCode,
        channel,
        sent_to: to?.shown ?? null,
        asked_at: now.toISOString(),
        asked_from: network,
      })
      .execute()
    if (!to || codeId === null) return 'nothing-on-record'
    await send(tx, { profile, to, codeId, expiresAt: new Date(now.getTime() + CODE_MINUTES * 60_000).toISOString() })
    return { codeId }
  })
}

async function send(
  tx: Tx,
  given: { readonly profile: Profile; readonly to: Destination; readonly codeId: string; readonly expiresAt: string },
): Promise<void> {
  const { profile, to, codeId, expiresAt } = given
  const { odsCode, name } = profile
  if (to.by === 'email') {
    const pharmacy = { odsCode, name }
    await queueEmail(tx, { kind: 'closure-code', codeId, recipient: to.address, pharmacy, expiresAt })
    return
  }
  const text = to.by === 'text' ? texted(profile) : said(profile)
  await queuePhone(tx, { id: `closure-code ${codeId}`, way: to.by, to: to.number, text, codeId, expiresAt })
}

const texted = ({ name, odsCode }: Profile): string =>
  `Signpost: ${CODE_HERE} is the code to close or reopen ${name} (${odsCode}) without signing in. It works for ${CODE_MINUTES} minutes. If nobody at the pharmacy asked for it, do nothing and give it to nobody.`

const said = ({ name }: Profile): string =>
  `This is Signpost, with a code to close or reopen ${name}. If nobody at the pharmacy asked for it, hang up and give it to nobody. The code is: ${CODE_HERE}. Again, the code is: ${CODE_HERE}. Once more: ${CODE_HERE}. Goodbye.`

/** A code that this browser asked for. */
export type KnownAsk = { readonly odsCode: string; readonly channel: Channel; readonly sentTo: string }

/** For which pharmacy a code was asked, and where it went; undefined when it is not one of these. */
export async function loadAsk(db: Queryable, codeId: string): Promise<KnownAsk | undefined> {
  const row = await db
    .selectFrom('closure_code')
    .select(['ods_code', 'channel', 'sent_to'])
    .where('code_id', '=', codeId)
    .executeTakeFirst()
  return row && { odsCode: row.ods_code, channel: row.channel as Channel, sentTo: row.sent_to ?? '' }
}

/** Forgets what counts for no limit any more. */
export async function sweepAsked(db: Queryable, now: Date): Promise<void> {
  await db.deleteFrom('closure_code').where('asked_at', '<=', before(now, KEPT_MS)).execute()
}

async function countAsked(
  tx: Tx,
  { odsCode, network, now }: { readonly odsCode: string; readonly network: string; readonly now: Date },
): Promise<CodeCounts> {
  const hourAgo = before(now, HOUR_MS)
  const counted = await tx
    .selectFrom('closure_code')
    .select(({ fn, and, eb }) => {
      const ofPharmacy = eb('ods_code', '=', odsCode)
      const ofNetwork = eb('asked_from', '=', network)
      const lately = eb('asked_at', '>', hourAgo)
      return [
        fn
          .countAll<number>()
          .filterWhere(and([ofPharmacy, lately]))
          .as('pharmacyHour'),
        fn.countAll<number>().filterWhere(ofPharmacy).as('pharmacyDay'),
        fn
          .countAll<number>()
          .filterWhere(and([ofNetwork, lately]))
          .as('networkHour'),
        fn.countAll<number>().filterWhere(ofNetwork).as('networkDay'),
      ]
    })
    .where('asked_at', '>', before(now, DAY_MS))
    .where((row) => row.or([row('ods_code', '=', odsCode), row('asked_from', '=', network)]))
    .executeTakeFirstOrThrow()
  return {
    pharmacyHour: Number(counted.pharmacyHour),
    pharmacyDay: Number(counted.pharmacyDay),
    networkHour: Number(counted.networkHour),
    networkDay: Number(counted.networkDay),
  }
}

/** Those who ask at once are counted one after the other; everybody locks the network first. */
async function inTurn(tx: Tx, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`closure codes of ${key}`}, 0))`.execute(tx)
  }
}

/** Enough to count by, and no address. */
const networkHash = (address: string, pepper: string): string =>
  createHmac('sha256', pepper)
    .update(`network ${networkOf(address)}`)
    .digest('base64url')
    .slice(0, 22)

const before = (now: Date, milliseconds: number): string => new Date(now.getTime() - milliseconds).toISOString()
