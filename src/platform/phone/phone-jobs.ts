/** The way of a text message or a call: queued in the transaction that causes it, made by a worker, tried again if need be. */
import type { Clock } from '../clock.ts'
import type { Queryable } from '../db/db.ts'
import { enqueue, GiveUp } from '../jobs/outbox.ts'
import type { JobHandler } from '../jobs/worker.ts'
import { type Phone, PhoneRefused } from './phone.ts'

/** What a queued message carries. Its code is not among it: whoever reads the outbox or its copy learns none. */
export type PhoneMessage = {
  /** Names this message for ever. */
  readonly id: string
  readonly way: 'text' | 'call'
  /** A UK number as `parsePhone` writes it. Not always public. */
  readonly to: string
  /** The words, with `CODE_HERE` where the digits go. */
  readonly text: string
  readonly codeId: string
  /** UTC ISO text: from then on it is not worth making. */
  readonly expiresAt: string
}

export const CODE_HERE = '{code}'

/** The waits between them (5 s, 20 s, 80 s, 5 minutes) lie within the ten minutes that a code is good for. */
const MOST_ATTEMPTS = 5

/** Queues a message; false when the same was queued before. */
export async function queuePhone(tx: Queryable, message: PhoneMessage): Promise<boolean> {
  return await enqueue(tx, 'phone', message, { uniqueKey: message.id, maxAttempts: MOST_ATTEMPTS })
}

/**
 * What a worker does with queued messages. One that nobody can take, or whose time is over before it could be made, is
 * given up and shown as stuck: somebody waited for it.
 */
export function phoneJobs({
  phone,
  clock,
  codeOf,
}: {
  readonly phone: Phone
  readonly clock: Clock
  readonly codeOf: (codeId: string) => string
}): { readonly phone: JobHandler } {
  return {
    phone: async (job) => {
      const { id, way, to, text, codeId, expiresAt } = job.payload as PhoneMessage
      if (clock.now().toISOString() >= expiresAt) throw new GiveUp('The code ran out before its message could be made')
      const code = codeOf(codeId)
      try {
        if (way === 'text') await phone.sendText(to, text.replaceAll(CODE_HERE, code), id)
        else await phone.callAndSay(to, text.replaceAll(CODE_HERE, spoken(code)), id)
      } catch (error) {
        throw error instanceof PhoneRefused ? new GiveUp(error.message, { cause: error }) : error
      }
    },
  }
}

/** One digit at a time, as one says a number to somebody who writes it down. */
const spoken = (code: string): string => [...code].join(', ')
