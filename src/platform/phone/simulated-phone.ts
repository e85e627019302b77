/** A telephone that rings nowhere: where no provider is set, what would have been sent or said is kept and read on a page. */
import type { Clock } from '../clock.ts'
import type { Db } from '../db/db.ts'
import type { Phone } from './phone.ts'

/** Keeps each message once, however often it is tried. */
export function simulatedPhone({ db, clock }: { readonly db: Db; readonly clock: Clock }): Phone {
  const keep = (way: 'text' | 'call') => async (recipient: string, words: string, id: string) => {
    await db.pool
      .insertInto('phone_simulated')
      .values({ id, way, recipient, words, sent_at: clock.now().toISOString() })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
  return { sendText: keep('text'), callAndSay: keep('call') }
}
