/**
 * Issues receipts: for one act of one person, one submission and one receipt a pharmacy, in the transaction of the act,
 * whether it came from a form, a bulk change, a restore or an approval.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Config } from '#src/config.ts'
import { queueEmail } from '#src/emails/email-jobs.ts'
import { canonicalJson, sha256 } from '#src/platform/db/canonical-json.ts'
import type { Queryable, Tx } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { keylessWords } from '#src/profiles/keyless-actors.ts'
import type { Profile, ProfileSection } from '#src/profiles/profile.ts'
import {
  changedParts,
  type PartValue,
  type ProfilePart,
  partDifferences,
  partTitle,
  partValues,
  splitContent,
} from '#src/profiles/section-words.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { quarterOf } from '#src/rules/financial-quarter.ts'
import { dateOf, toLondon } from '#src/rules/london-time.ts'
import { sharedMailboxOf } from '#src/rules/shared-mailbox.ts'
import {
  RECEIPT_FORMAT,
  type ReceiptSection,
  receiptCode,
  receiptReference,
  type SignedReceipt,
  signReceipt,
} from './receipt.ts'
import { type SigningKey, signingKey } from './receipt-key.ts'
import { sectionLines } from './receipt-words.ts'

/** What an act did at one pharmacy. Its profile is locked, or was made in this transaction. */
export type DecidedAt = {
  /** Undefined for a profile that the act made. */
  readonly before: Profile | undefined
  readonly after: Profile
  /** The version after the act. */
  readonly version: number
  /** Sections that were confirmed as they stand. */
  readonly checked: readonly ProfileSection[]
  /** The audit entry of the act. */
  readonly auditSeq: number
}

export type Act = {
  /** `person:EMAIL`. */
  readonly actor: string
  readonly action: string
  /** UTC ISO text. */
  readonly recordedAt: string
  readonly decided: readonly DecidedAt[]
  /** False when the person gets one email about many pharmacies instead; shared mailboxes always get theirs. */
  readonly tellSubmitter: boolean
}

export type Issued = { readonly odsCode: string; readonly reference: string; readonly submissionId: number }

/** Issues the receipts of an act, in the order of its pharmacies. Acts that neither check nor change anything get none. */
export type IssueReceipts = (tx: Tx, act: Act) => Promise<readonly Issued[]>

export type ReceiptSettings = {
  readonly key: SigningKey
  /** Where people reach the site. */
  readonly baseUrl: string
  readonly holidays: () => HolidayCalendar
  /** The pharmacy's shared mailbox, which gets a copy of every receipt; null when it has none. */
  readonly sharedMailboxOf: (profile: Profile) => string | null
}

/** Issuing as the settings have it. Throws when the key of the settings is none. */
export const receiptIssuerFor = (
  config: Pick<Config, 'receiptSigningKey' | 'secretsPepper' | 'baseUrl' | 'sharedMailboxDomains'>,
  holidays: () => HolidayCalendar,
): IssueReceipts =>
  receiptIssuer({
    key: signingKey(config),
    baseUrl: config.baseUrl,
    holidays,
    sharedMailboxOf: (profile) => sharedMailboxOf(profile, config.sharedMailboxDomains),
  })

/** Binds issuing to a key. */
export function receiptIssuer(settings: ReceiptSettings): IssueReceipts {
  return async (tx, act) => {
    const decided = act.decided
      .map((at) => ({ ...at, changed: changedParts(at.before, at.after) }))
      .filter(({ checked, changed }) => checked.length > 0 || changed.length > 0)
    if (decided.length === 0) return []
    const quarter = quarterOf(dateOf(toLondon(new Date(act.recordedAt)).day)).id
    const name = await nameOf(tx, act.actor)
    const last = await lastReceipts(tx, decided)
    const made = decided.map((at) => makeReceipt(settings, { ...act, quarter, name }, at, last.get(at.after.odsCode)))
    const submissions = await storeSubmissions(tx, { ...act, quarter }, decided)
    await storeReceipts(tx, act, settings.key, made, submissions)
    await appendToLedger(
      tx,
      act.recordedAt,
      made.map(({ signed }) => ledgerEntry(act, signed)),
    )
    await tellPeople(tx, settings, act, name, made)
    return made.map(({ odsCode, signed }) => ({
      odsCode,
      reference: signed.receipt.reference,
      submissionId: submissions.get(odsCode) ?? 0,
    }))
  }
}

type Decided = DecidedAt & { readonly changed: readonly ProfilePart[] }
type Made = {
  readonly odsCode: string
  readonly profile: Profile
  readonly number: number
  readonly salt: string
  readonly signed: SignedReceipt
}

function makeReceipt(
  { key, baseUrl, holidays }: ReceiptSettings,
  act: { readonly quarter: string; readonly name: string | null; readonly recordedAt: string; readonly actor: string },
  decided: Decided,
  last: { readonly number: number; readonly hash: string } | undefined,
): Made {
  const { after, auditSeq } = decided
  const { odsCode, name } = after
  const number = (last?.number ?? 0) + 1
  const salt = randomBytes(16).toString('hex')
  const signed = signReceipt(
    {
      format: RECEIPT_FORMAT,
      issuer: baseUrl,
      reference: receiptReference(act.quarter, odsCode, number),
      pharmacy: { odsCode, name },
      quarter: act.quarter,
      submittedAt: act.recordedAt,
      submittedBy: act.name ?? keylessWords(act.actor) ?? 'A person with access to this profile',
      sections: sectionsOf(decided, salt, holidays()),
      ledgerEntry: auditSeq,
      previousHash: last?.hash ?? null,
      keyId: key.jwk.kid,
    },
    key,
  )
  return { odsCode, profile: after, number, salt, signed }
}

function sectionsOf({ before, after, checked, changed }: Decided, salt: string, holidays: HolidayCalendar) {
  const base = before ?? nothingSaidBy(after)
  return [
    ...changed.map(
      (part): ReceiptSection => ({
        ...bindingOf(after, part, salt),
        act: 'changed',
        values: partDifferences(base, after, part, holidays).map(({ label, before, after, isPublic }) =>
          isPublic ? { label, before, after } : { label, withheld: true },
        ),
      }),
    ),
    ...checked.map(
      (part): ReceiptSection => ({
        ...bindingOf(after, part, salt),
        act: 'checked',
        values: partValues(after, part, holidays).flatMap(stated),
      }),
    ),
  ]
}

const stated = ({ label, text, isPublic }: PartValue): ReceiptSection['values'] => {
  if (text === null) return []
  return [isPublic ? { label, text } : { label, withheld: true }]
}

/** What a new profile is compared with. */
const nothingSaidBy = (profile: Profile): Profile => ({
  odsCode: profile.odsCode,
  name: '',
  ownerName: null,
  kind: profile.kind,
  status: profile.status,
  address: { lines: [], postcode: '', position: null },
  contact: {},
  weekly: profile.weekly.map(() => null),
  holidays: {},
  changes: [],
  commissioning: profile.commissioning,
})

/** What ties a receipt to the words of a section: the hash of what is public, and a seal on the rest. */
export function bindingOf(
  profile: Profile,
  part: ProfilePart,
  salt: string,
): Pick<ReceiptSection, 'section' | 'title' | 'contentHash' | 'seal'> {
  const { shown, hidden } = splitContent(profile, part)
  return {
    section: part,
    title: partTitle(part, profile.kind),
    contentHash: sha256(canonicalJson(shown)),
    ...(hidden === undefined
      ? {}
      : { seal: createHmac('sha256', Buffer.from(salt, 'hex')).update(canonicalJson(hidden)).digest('hex') }),
  }
}

async function nameOf(db: Queryable, actor: string): Promise<string | null> {
  const email = emailOf(actor)
  if (email === null) return null
  const person = await db.selectFrom('person').select('name').where('email', '=', email).executeTakeFirst()
  return person?.name ?? null
}

const emailOf = (actor: string): string | null => (actor.startsWith('person:') ? actor.slice('person:'.length) : null)

/** The newest receipt of each pharmacy. Their profiles are locked, so nobody adds another meanwhile. */
async function lastReceipts(db: Queryable, decided: readonly DecidedAt[]) {
  const rows = await db
    .selectFrom('receipt')
    .distinctOn('ods_code')
    .select(['ods_code', 'number', 'hash'])
    .where('ods_code', '=', (value) => value.fn.any(value.val(decided.map(({ after }) => after.odsCode))))
    .orderBy('ods_code')
    .orderBy('number', 'desc')
    .execute()
  return new Map(rows.map((row) => [row.ods_code, row]))
}

/** Writes the submissions; their numbers by pharmacy. */
async function storeSubmissions(
  tx: Tx,
  { actor, action, recordedAt, quarter }: Act & { readonly quarter: string },
  decided: readonly Decided[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await tx
    .insertInto('submission')
    .values(
      decided.map(({ after, version, checked, changed, auditSeq }) => ({
        ods_code: after.odsCode,
        submitted_at: recordedAt,
        person: actor,
        action,
        quarter,
        profile_version: version,
        checked: [...checked],
        changed: [...changed],
        audit_seq: auditSeq,
      })),
    )
    .returning(['id', 'ods_code'])
    .execute()
  return new Map(rows.map(({ id, ods_code }) => [ods_code, id]))
}

/** One statement, however many: the key, where it is new, and the receipts. */
async function storeReceipts(
  tx: Tx,
  { recordedAt }: Act,
  { jwk }: SigningKey,
  made: readonly Made[],
  submissions: ReadonlyMap<string, number>,
): Promise<void> {
  const rows = made.map(({ odsCode, number, salt, signed }) => ({
    submission_id: submissions.get(odsCode),
    ods_code: odsCode,
    number,
    reference: signed.receipt.reference,
    document: signed.document,
    hash: signed.hash,
    previous_hash: signed.receipt.previousHash,
    key_id: jwk.kid,
    signature: signed.signature,
    salt,
  }))
  await sql`
    with new_key as (
      insert into receipt_key (key_id, public_key, first_used_at) values (${jwk.kid}, ${jwk.x}, ${recordedAt})
      on conflict do nothing
    )
    insert into receipt (submission_id, ods_code, number, reference, document, hash, previous_hash, key_id, signature, salt)
    select submission_id, ods_code, number, reference, document, hash, previous_hash, key_id, signature, salt
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as given (
      submission_id bigint, ods_code text, number integer, reference text, document text, hash text,
      previous_hash text, key_id text, signature text, salt text
    )`.execute(tx)
}

/** Puts the receipt under the chain of the audit as well, so that none can be taken away or made anew later. */
const ledgerEntry = ({ actor }: Act, { receipt, hash }: SignedReceipt) => ({
  actor,
  action: 'issue-receipt',
  target: `receipt:${receipt.reference}`,
  detail: { hash },
  changes: [],
})

/** To whoever acted and to the pharmacy's shared mailbox; one email where they are the same. */
async function tellPeople(
  tx: Tx,
  { sharedMailboxOf }: ReceiptSettings,
  { actor, tellSubmitter }: Act,
  name: string | null,
  made: readonly Made[],
): Promise<void> {
  const submitter = tellSubmitter ? emailOf(actor) : null
  for (const { profile, signed } of made) {
    const shared = sharedMailboxOf(profile)
    const { receipt, hash } = signed
    const facts = {
      kind: 'receipt',
      reference: receipt.reference,
      code: receiptCode(hash),
      pharmacyName: receipt.pharmacy.name,
      odsCode: receipt.pharmacy.odsCode,
      quarter: receipt.quarter,
      submittedAt: receipt.submittedAt,
      submittedBy: receipt.submittedBy,
      sections: receipt.sections.map(sectionLines).map(({ heading, lines }, index) => ({
        heading,
        lines: receipt.sections[index]?.act === 'changed' ? lines : [],
      })),
    } as const
    if (submitter !== null) await queueEmail(tx, { ...facts, recipient: submitter, name: name ?? '', own: true })
    if (shared !== null && shared !== submitter) {
      await queueEmail(tx, { ...facts, recipient: shared, name: '', own: false })
    }
  }
}
