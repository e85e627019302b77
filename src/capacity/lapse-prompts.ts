/** "Is it still Red?": an email to whoever set Red or Amber, before it lapses. Nothing when it was changed since. */

import { queueEmail } from '#src/emails/email-jobs.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db, Tx } from '#src/platform/db/db.ts'
import { enqueue, type Job } from '#src/platform/jobs/outbox.ts'
import { PROMPT_BEFORE_MINUTES, PROMPTED_FROM_MINUTES } from '#src/rules/capacity-setting.ts'

/** Runs `sendPrompt`. */
export const CAPACITY_PROMPT = 'capacity-prompt'

const MINUTE_MS = 60_000
const PERSON = 'person:'

type Prompt = { readonly settingIds: readonly number[]; readonly recipient: string; readonly resetAt: string }

/** Queues the prompts of what a person has just set: one for all services that lapse at the same instant. */
export async function queuePrompts(
  tx: Tx,
  settings: readonly { readonly id: number; readonly resetAt: string | null }[],
  { actor, now }: { readonly actor: string; readonly now: Date },
): Promise<void> {
  if (!actor.startsWith(PERSON)) return
  const recipient = actor.slice(PERSON.length)
  for (const [resetAt, due] of Map.groupBy(settings, (setting) => setting.resetAt)) {
    if (resetAt === null) continue
    const endsAt = Date.parse(resetAt)
    if (endsAt - now.getTime() <= PROMPTED_FROM_MINUTES * MINUTE_MS) continue
    const prompt: Prompt = { settingIds: due.map(({ id }) => id), recipient, resetAt }
    await enqueue(tx, CAPACITY_PROMPT, prompt, { runAt: new Date(endsAt - PROMPT_BEFORE_MINUTES * MINUTE_MS) })
  }
}

/** Queues the email about those that nobody has changed since; none when all were, or when it is too late. */
export async function sendPrompt(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  { payload }: Job,
): Promise<void> {
  const { settingIds, recipient, resetAt } = payload as Prompt
  await db.transact(async (tx) => {
    if (clock.now().toISOString() >= resetAt) return
    const rows = await tx
      .selectFrom('capacity_setting')
      .innerJoin('service', 'service.uid', 'capacity_setting.uid')
      .select(['capacity_setting.id', 'capacity_setting.uid', 'capacity_setting.status', 'service.record'])
      .where('capacity_setting.id', '=', (value) => value.fn.any(value.val([...settingIds])))
      .where('capacity_setting.replaced_at', 'is', null)
      .orderBy('capacity_setting.uid')
      .execute()
    const [first] = rows
    if (!first) return
    await queueEmail(tx, {
      kind: 'capacity-lapses',
      recipient,
      settingId: first.id,
      resetAt,
      services: rows.map(({ uid, status, record }) => ({ uid, status, name: (record as { name: string }).name })),
    })
  })
}
