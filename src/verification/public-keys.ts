/** The public keys with which the receipts of this installation are verified. */
import type { Queryable } from '#src/platform/db/db.ts'
import { type PublicKeyJwk, publicJwk } from './receipt-key.ts'

/** The public keys that ever signed a receipt here, and `current`, the first of them. */
export async function loadPublicKeys(db: Queryable, current: PublicKeyJwk): Promise<readonly PublicKeyJwk[]> {
  const rows = await db.selectFrom('receipt_key').select('public_key').orderBy('first_used_at', 'desc').execute()
  const earlier = rows.map(({ public_key }) => publicJwk(public_key)).filter(({ kid }) => kid !== current.kid)
  return [current, ...earlier]
}
