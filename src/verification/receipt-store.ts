/** Receipts as the database holds them. */
import { sql } from 'kysely'
import type { Queryable } from '#src/platform/db/db.ts'
import { isGenuine, type Receipt, type ReceiptFault, readReceipt, receiptFile } from './receipt.ts'
import type { PublicKeyJwk } from './receipt-key.ts'

export type StoredReceipt = {
  readonly odsCode: string
  /** Which of the pharmacy's receipts it is, from 1. */
  readonly number: number
  readonly reference: string
  /** The document as it is stored, whatever it says. */
  readonly document: string
  readonly hash: string
  readonly previousHash: string | null
  readonly keyId: string
  readonly signature: string
  /** `person:EMAIL`. */
  readonly person: string
  /** UTC ISO text. */
  readonly submittedAt: string
  readonly quarter: string
}

const receipts = (db: Queryable) =>
  db
    .selectFrom('receipt')
    .innerJoin('submission', 'submission.id', 'receipt.submission_id')
    .select([
      'receipt.ods_code as odsCode',
      'receipt.number',
      'receipt.reference',
      'receipt.document',
      'receipt.hash',
      'receipt.previous_hash as previousHash',
      'receipt.key_id as keyId',
      'receipt.signature',
      'submission.person',
      'submission.submitted_at as submittedAt',
      'submission.quarter',
    ])

/** The receipt with this reference; undefined when there is none. */
export const loadReceipt = (db: Queryable, reference: string): Promise<StoredReceipt | undefined> =>
  receipts(db).where('receipt.reference', '=', reference).executeTakeFirst()

/** The receipts of a pharmacy in these quarters, the newest first. */
export const loadReceiptsOf = (
  db: Queryable,
  odsCode: string,
  quarters: readonly string[],
): Promise<readonly StoredReceipt[]> =>
  receipts(db)
    .where('receipt.ods_code', '=', odsCode)
    .where('submission.quarter', 'in', [...quarters])
    .orderBy('receipt.number', 'desc')
    .execute()

/** The quarters in which a pharmacy has receipts, the latest first. */
export async function loadReceiptQuarters(db: Queryable, odsCode: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('submission')
    .select('quarter')
    .distinct()
    .where('ods_code', '=', odsCode)
    .orderBy('quarter', 'desc')
    .execute()
  return rows.map(({ quarter }) => quarter)
}

/** What a stored receipt says; undefined when it cannot be read as one. */
export const contentOf = ({ document, hash, signature }: StoredReceipt): Receipt | undefined =>
  readReceipt(receiptFile({ document, hash, signature }), []).signed?.receipt

/** `chain`: the receipts before and after it do not lead to it. */
export type RecordFault = ReceiptFault | 'chain'

/** What does not fit in a stored receipt: its own words, or its place among the receipts of the pharmacy. */
export async function recordFaults(
  db: Queryable,
  stored: StoredReceipt,
  keys: readonly PublicKeyJwk[],
): Promise<readonly RecordFault[]> {
  const { odsCode, number, hash, previousHash, reference } = stored
  const reading = readReceipt(receiptFile(stored), keys)
  const receipt = reading.signed?.receipt
  const { rows } = await sql<{ number: number; hash: string; previous_hash: string | null }>`
    select number, hash, previous_hash from receipt
    where ods_code = ${odsCode} and number in (${number - 1}, ${number + 1})`.execute(db)
  const before = rows.find((row) => row.number === number - 1)
  const after = rows.find((row) => row.number === number + 1)
  const leadsHere = number === 1 ? previousHash === null : before !== undefined && before.hash === previousHash
  const leadsOn = after === undefined || after.previous_hash === hash
  const saysSo = receipt?.previousHash === previousHash && receipt?.reference === reference
  const chain: readonly RecordFault[] = leadsHere && leadsOn && saysSo ? [] : ['chain']
  return [...(isGenuine(reading) ? [] : reading.faults), ...chain]
}
