/** Whether every receipt is as it was issued, in its place, and agrees with what was checked and changed. */
import { sql } from 'kysely'
import type { Queryable } from '#src/platform/db/db.ts'
import type { Profile, ProfileSection } from '#src/profiles/profile.ts'
import { PROFILE_PARTS, type ProfilePart } from '#src/profiles/section-words.ts'
import { contentHash } from './confirm-sections.ts'
import { bindingOf } from './issue-receipts.ts'
import { type Receipt, readReceipt, receiptFile, receiptReference } from './receipt.ts'
import { type PublicKeyJwk, publicJwk } from './receipt-key.ts'

export type ReceiptsReport =
  | { readonly ok: true; readonly receipts: number; readonly pharmacies: number }
  /** `problem` names the first that is wrong. */
  | { readonly ok: false; readonly problem: string }

/** Receipts read at a time; each brings the profile that it is about. */
const CHUNK = 200

type Row = {
  readonly submission_id: number
  readonly ods_code: string
  readonly number: number
  readonly reference: string
  readonly document: string
  readonly hash: string
  readonly previous_hash: string | null
  readonly key_id: string
  readonly signature: string
  readonly salt: string
  readonly submitted_at: string
  readonly quarter: string
  readonly person: string
  readonly checked: readonly string[]
  readonly changed: readonly string[]
  readonly audit_seq: number
  readonly profile: unknown
  /** What the audit says the hash is; null when it says nothing. */
  readonly audited: string | null
  readonly attestations: readonly Attestation[]
}
type Attestation = {
  readonly section: string
  readonly content_hash: string
  readonly person: string
  readonly quarter: string
}
type Place = { readonly odsCode: string; readonly number: number; readonly hash: string | null }

/**
 * Reads everything, pharmacy by pharmacy, and stops at the first that is wrong. Finds receipts that were changed,
 * removed, added, reordered or signed anew: the audit holds the hash of each, and the audit has a chain of its own.
 * Receipts that are issued meanwhile are looked at or left to the next time.
 */
export async function checkReceipts(db: Queryable): Promise<ReceiptsReport> {
  const gone = await removedReceipt(db)
  if (gone) return { ok: false, problem: gone }
  const keys = (await db.selectFrom('receipt_key').selectAll().execute()).map(({ public_key }) => publicJwk(public_key))
  let last: Place = NOWHERE
  let receipts = 0
  let pharmacies = 0
  for await (const row of allRows(db)) {
    const before = row.ods_code === last.odsCode ? last : NOWHERE
    const problem = problemOf(row, before, keys)
    if (problem) return { ok: false, problem: `receipt ${row.reference} ${problem}` }
    receipts += 1
    pharmacies += before === NOWHERE ? 1 : 0
    last = placeOf(row)
  }
  return { ok: true, receipts, pharmacies }
}

/** Before the first receipt of a pharmacy. */
const NOWHERE: Place = { odsCode: '', number: 0, hash: null }
const placeOf = (row: Row): Place => ({ odsCode: row.ods_code, number: row.number, hash: row.hash })

async function* allRows(db: Queryable): AsyncGenerator<Row> {
  let rows = await rowsAfter(db, NOWHERE)
  while (rows.length > 0) {
    yield* rows
    const last = rows.at(-1)
    rows = last && rows.length === CHUNK ? await rowsAfter(db, placeOf(last)) : []
  }
}

async function rowsAfter(db: Queryable, { odsCode, number }: Place): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    select receipt.*, submission.submitted_at, submission.quarter, submission.person, submission.checked,
      submission.changed, submission.audit_seq, version.document as profile,
      (select detail::jsonb ->> 'hash' from audit
        where target = 'receipt:' || receipt.reference and action = 'issue-receipt' order by seq limit 1) as audited,
      coalesce((select jsonb_agg(jsonb_build_object('section', section, 'content_hash', content_hash,
          'person', attestation.person, 'quarter', attestation.quarter) order by attestation.id)
        from attestation where attestation.submission_id = receipt.submission_id), '[]'::jsonb) as attestations
    from receipt
    join submission on submission.id = receipt.submission_id
    left join profile_version as version
      on version.ods_code = submission.ods_code and version.version = submission.profile_version
    where (receipt.ods_code, receipt.number) > (${odsCode}, ${number}::integer)
    order by receipt.ods_code, receipt.number limit ${CHUNK}`.execute(db)
  return rows
}

/** What is wrong with a receipt, as the end of a sentence that begins with its name; undefined when nothing is. */
function problemOf(row: Row, before: Place, keys: readonly PublicKeyJwk[]): string | undefined {
  if (row.number !== before.number + 1) return `does not follow number ${before.number}: one is missing`
  const { signed, faults } = readReceipt(receiptFile(row), keys)
  if (!signed || faults.length > 0) return `was changed (${faults.join(', ')})`
  if (row.previous_hash !== before.hash || signed.receipt.previousHash !== before.hash) {
    return 'does not lead on from the receipt before it'
  }
  if (row.audited !== row.hash) return 'is not the one that the audit knows'
  return (
    recordProblem(row, signed.receipt) ??
    contentProblem(row, signed.receipt) ??
    attestationProblem(row, row.profile as Profile)
  )
}

function recordProblem(row: Row, receipt: Receipt): string | undefined {
  const acts = (act: string) => receipt.sections.filter((section) => section.act === act).map(({ section }) => section)
  const agrees =
    receipt.reference === row.reference &&
    row.reference === receiptReference(row.quarter, row.ods_code, row.number) &&
    receipt.pharmacy.odsCode === row.ods_code &&
    receipt.submittedAt === row.submitted_at &&
    receipt.ledgerEntry === row.audit_seq &&
    receipt.keyId === row.key_id &&
    acts('checked').join() === row.checked.join() &&
    acts('changed').join() === row.changed.join()
  return agrees ? undefined : 'does not say what was submitted'
}

function contentProblem({ profile, salt }: Row, { sections }: Receipt): string | undefined {
  if (profile === null) return 'is about a profile that is not in its history'
  const wrong = sections.find(({ section, contentHash, seal }) => {
    if (!isPart(section)) return true
    const binding = bindingOf(profile as Profile, section, salt)
    return binding.contentHash !== contentHash || binding.seal !== seal
  })
  return wrong && `does not fit the ${wrong.title.toLowerCase()} in the profile’s history`
}

const isPart = (section: string): section is ProfilePart => (PROFILE_PARTS as readonly string[]).includes(section)

/** Each checked section has one attestation, of the same person, quarter and words. */
function attestationProblem({ checked, attestations, person, quarter }: Row, profile: Profile): string | undefined {
  const fits =
    attestations.map(({ section }) => section).join() === checked.join() &&
    attestations.every(
      (each) =>
        each.person === person &&
        each.quarter === quarter &&
        each.content_hash === contentHash(profile, each.section as ProfileSection),
    )
  return fits ? undefined : 'does not agree with the attestations'
}

/** A receipt that the audit knows and nobody holds any more, or an act that never got one. */
async function removedReceipt(db: Queryable): Promise<string | undefined> {
  const { rows } = await sql<{ problem: string }>`
    (select substr(target, 9) || ' is missing' as problem from audit
      where action = 'issue-receipt'
        and not exists (select from receipt where 'receipt:' || receipt.reference = audit.target) limit 1)
    union all
    (select 'of submission ' || id || ' is missing' from submission
      where not exists (select from receipt where receipt.submission_id = submission.id) limit 1)`.execute(db)
  const [first] = rows
  return first && `receipt ${first.problem}`
}
