/**
 * A receipt: what one act of one person checked or changed at one pharmacy, as it is signed, and as it travels in a file.
 *
 * The file is canonical JSON of `{ hash, receipt, signature }`. `hash` is the SHA-256 of the canonical JSON of
 * `receipt`, `signature` the Ed25519 signature of the same bytes. Values that are not public are never in it: a receipt
 * belongs to the pharmacy, but it is shown around.
 */
import { z } from 'zod'
import { canonicalJson, sha256 } from '#src/platform/db/canonical-json.ts'
import { isSignedBy, type PublicKeyJwk, type SigningKey } from './receipt-key.ts'

export const RECEIPT_FORMAT = 'signpost-receipt-1'

const hex64 = z.string().regex(/^[0-9a-f]{64}$/)
const words = z.string().max(2000)

const section = z.strictObject({
  section: z.string().regex(/^[a-z]{1,20}$/),
  title: words,
  act: z.enum(['checked', 'changed']),
  /** SHA-256 of the canonical JSON of everything public in the section. */
  contentHash: hex64,
  /** Binds what is not public, without telling it: only who keeps the receipts can open it. */
  seal: hex64.optional(),
  /** What a checked section said, and how a changed one changed. Values that are not public are only named. */
  values: z
    .array(
      z.union([
        z.strictObject({ label: words, text: words }),
        z.strictObject({ label: words, before: words.nullable(), after: words.nullable() }),
        z.strictObject({ label: words, withheld: z.literal(true) }),
      ]),
    )
    .max(2000),
})

const receipt = z.strictObject({
  format: z.literal(RECEIPT_FORMAT),
  /** Where it was issued and can be looked up. */
  issuer: z.string().max(500),
  reference: z.string().max(60),
  pharmacy: z.strictObject({ odsCode: z.string().max(12), name: words }),
  quarter: z.string().max(20),
  /** UTC ISO text. */
  submittedAt: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  submittedBy: words,
  sections: z.array(section).max(20),
  /** The number of the audit entry that recorded the act. */
  ledgerEntry: z.number().int(),
  /** Of the pharmacy's receipt before this one; null for its first. */
  previousHash: hex64.nullable(),
  keyId: z.string().max(100),
})

const file = z.strictObject({ hash: z.string(), receipt, signature: z.string() })

export type Receipt = z.infer<typeof receipt>
export type ReceiptSection = z.infer<typeof section>
export type ReceiptValue = ReceiptSection['values'][number]
export type SignedReceipt = {
  readonly receipt: Receipt
  /** Canonical JSON of the receipt: the bytes that are hashed and signed. */
  readonly document: string
  readonly hash: string
  readonly signature: string
}

/** Signs a receipt. */
export function signReceipt(receipt: Receipt, key: SigningKey): SignedReceipt {
  const document = canonicalJson(receipt)
  return { receipt, document, hash: sha256(document), signature: key.sign(document) }
}

/** A stored receipt as the file that a pharmacy downloads. */
export const receiptFile = ({ document, hash, signature }: Omit<SignedReceipt, 'receipt'>): string =>
  `{"hash":${JSON.stringify(hash)},"receipt":${document},"signature":${JSON.stringify(signature)}}`

/** What can be wrong with a file. `layout`: what it says is genuine, but it was written anew. */
export type ReceiptFault = 'unreadable' | 'hash' | 'key' | 'signature' | 'layout'

export type ReceiptReading = {
  /** Undefined when the text is no receipt of ours. */
  readonly signed: SignedReceipt | undefined
  /** Empty when every byte is as it was issued. */
  readonly faults: readonly ReceiptFault[]
}

/**
 * Reads a file and says what does not fit, with nothing but the published keys. Spaces at both ends do not count; any
 * other byte does. Never throws.
 */
export function readReceipt(text: string, keys: readonly PublicKeyJwk[]): ReceiptReading {
  const given = text.trim()
  const parsed = file.safeParse(jsonOf(given))
  if (!parsed.success) return { signed: undefined, faults: ['unreadable'] }
  const { receipt, hash, signature } = parsed.data
  const document = canonicalJson(receipt)
  const signed = { receipt, document, hash, signature }
  const key = keys.find(({ kid }) => kid === receipt.keyId)
  const faults: ReceiptFault[] = []
  if (sha256(document) !== hash) faults.push('hash')
  if (!key) faults.push('key')
  else if (!isSignedBy(key, document, signature)) faults.push('signature')
  const written = receiptFile(signed)
  if (given === written) return { signed, faults }
  // Laid out anew means spaces between its parts; anything else was written by somebody else.
  faults.push(withoutSpaces(given) === written ? 'layout' : 'signature')
  return { signed, faults: [...new Set(faults)] }
}

/** Whether what a receipt says is what was signed, however the file is laid out. */
export const isGenuine = ({ signed, faults }: ReceiptReading): boolean =>
  signed !== undefined && faults.every((fault) => fault === 'layout')

const STRING_OR_SPACE = /"(?:[^"\\]|\\.)*"|\s+/g

/** JSON text without the spaces outside its strings. */
const withoutSpaces = (json: string): string =>
  json.replaceAll(STRING_OR_SPACE, (part) => (part.startsWith('"') ? part : ''))

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** `SP-2026-27-Q3-FZ0D1-0007`: the quarter, the pharmacy, and which of its receipts it is. */
export const receiptReference = (quarter: string, odsCode: string, number: number): string =>
  `SP-${quarter}-${odsCode}-${String(number).padStart(4, '0')}`

/** Reads a reference as somebody types it; undefined when it is none. */
export function parseReference(text: string): string | undefined {
  const tidy = text
    .normalize('NFKC')
    .replaceAll(/\s/g, '')
    .replaceAll(/[‐-―−]/g, '-')
    .toUpperCase()
  return /^SP-\d{4}-\d\d-Q[1-4]-[A-Z0-9]{5}-\d{4,7}$/.test(tidy) ? tidy : undefined
}

/** The first 12 characters of a receipt's hash, in fours, to be compared with what is printed: `3F2A-09BC-77D1`. */
export const receiptCode = (hash: string): string => (hash.slice(0, 12).toUpperCase().match(/.{4}/g) ?? []).join('-')

/** Reads a code as somebody types it: 12 characters in lower case. Empty when there is none. */
export const parseCode = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^0-9a-z]/g, '')
