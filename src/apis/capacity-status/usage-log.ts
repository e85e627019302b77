/**
 * The usage log: one line for each attempt to set a capacity, for whoever counts them. Of a note it keeps the length only,
 * because people write telephone numbers into notes; the note is in the history, and where it came from in the audit.
 */
import type { FastifyBaseLogger } from 'fastify'
import type { ApiAccount } from '#src/accounts/api-accounts.ts'
import { resetAfter } from '#src/rules/capacity-setting.ts'
import type { RequestFacts } from './asked-request.ts'
import type { Answered } from './set-one.ts'

/** Writes the line. `executionMs`: from when the request reached us. */
export function logUsage(
  log: FastifyBaseLogger,
  {
    account,
    facts,
    now,
    executionMs,
  }: {
    readonly account: ApiAccount
    readonly facts: RequestFacts
    readonly now: Date
    readonly executionMs: number
  },
  { status, service, payload }: Answered,
): void {
  const resetAt = payload && payload.status !== 'GREEN' ? resetAfter(payload, payload.startsAt ?? now) : null
  log.info(
    {
      usage: 'saveCapacityStatus',
      outcome: status < 300 ? 'success' : 'failure',
      answer: status,
      account: account.username,
      requestId: facts.requestId,
      ...(service && {
        orgId: service.uid,
        orgName: service.name,
        orgType: service.typeId,
        odsCode: service.odsCode,
        parentOrg: service.parentUid,
      }),
      ...(payload && {
        capacity: payload.status,
        noteLength: payload.note.length,
        resetAt: resetAt?.toISOString() ?? null,
        changedAt: now.toISOString(),
      }),
      executionMs: Math.round(executionMs * 10) / 10,
    },
    'capacity usage',
  )
}
