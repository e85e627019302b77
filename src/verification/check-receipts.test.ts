import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Kysely, sql } from 'kysely'
import type { Db } from '#src/platform/db/db.ts'
import type { Tables } from '#src/platform/db/tables.ts'
import { verifyLedger } from '#src/platform/db/verify-ledger.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import { saveProfileChange } from '#src/profiles/save-profile-change.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { accepted } from '#src/rules/problems.ts'
import { aProfile, UNCHECKED } from '#test/support/builders.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { issueReceipts, testKey } from '#test/support/receipts.ts'
import { checkReceipts } from './check-receipts.ts'
import { confirmSections } from './confirm-sections.ts'
import { receiptIssuer } from './issue-receipts.ts'
import { receiptFile, signReceipt } from './receipt.ts'
import { signingKey } from './receipt-key.ts'

const holidays = () => holidayCalendar([])
const actor = 'person:amina@nhs.example'
const at = (instant: string) => ({ now: () => new Date(instant) })

/** Two pharmacies with three receipts: two checks and a change, of all kinds of values. */
async function withReceipts(db: Db): Promise<void> {
  const contact = { phone: '01632 960001', professionalPhone: '01632 960777', professionalEmail: 'a@nhs.net' }
  const profiles = ['FX123', 'FX124'].map((odsCode) => aProfile({ odsCode, contact }))
  await db.transact((tx) =>
    commitProfiles(
      tx,
      profiles.map((profile) => ({ before: undefined, profile, sections: UNCHECKED })),
      {
        actor: 'command:import',
        action: 'import',
        recordedAt: '2026-11-01T09:00:00.000Z',
        decides: false,
        onMeeting: 'keep',
      },
    ),
  )
  const deps = { db, clock: at('2026-11-21T10:00:00Z'), holidays, issueReceipts }
  await confirmSections(deps, { odsCode: 'FX123', sections: ['contact', 'hours'], expectedVersion: 1, actor })
  await saveProfileChange(deps, {
    odsCode: 'FX123',
    section: 'changes',
    expectedVersion: 1,
    actor,
    action: 'add-change',
    decide: (profile) =>
      accepted({
        ...profile,
        changes: [{ id: 'a', from: '2026-12-01', to: '2026-12-01', sessions: [], reason: 'Illness', note: 'Sorry' }],
      }),
  })
  await confirmSections(deps, { odsCode: 'FX124', sections: ['hours'], expectedVersion: 1, actor })
}

const DAMAGES: readonly (readonly [because: string, statement: string, problem: RegExp])[] = [
  [
    'a document',
    `update receipt set document = replace(document, 'Hill', 'Bill') where number = 2`,
    /FX123-0002 was changed \(hash, signature/,
  ],
  ['a hash', `update receipt set hash = repeat('0', 64) where ods_code = 'FX124'`, /FX124-0001 was changed \(hash/],
  ['the chain', `update receipt set previous_hash = repeat('0', 64) where number = 2`, /FX123-0002 does not lead on/],
  ['the first, removed', `delete from receipt where number = 1 and ods_code = 'FX123'`, /FX123-0001 is missing/],
  ['a number', `update receipt set number = 3 where number = 2`, /FX123-0002 does not follow number 1: one is missing/],
  [
    'a submission’s time',
    `update submission set submitted_at = submitted_at - interval '1 day'`,
    /does not say what was submitted/,
  ],
  [
    'a submission’s sections',
    `update submission set checked = '{contact}' where cardinality(checked) = 2`,
    /FX123-0001 does not say/,
  ],
  [
    'a salt',
    `update receipt set salt = repeat('0', 32) where number = 1 and ods_code = 'FX123'`,
    /FX123-0001 does not fit the contact details/,
  ],
  [
    'the history',
    `update profile_version set document = jsonb_set(document, '{weekly,0}', '[]') where ods_code = 'FX124'`,
    /FX124-0001 does not fit the standard opening times/,
  ],
  [
    'an attestation',
    `update attestation set content_hash = 'x' where section = 'hours' and ods_code = 'FX124'`,
    /FX124-0001 does not agree with the attestations/,
  ],
  [
    'an attestation’s person',
    `update attestation set person = 'person:ben@nhs.example'`,
    /does not agree with the attestations/,
  ],
  ['a removed attestation', `delete from attestation where section = 'contact'`, /FX123-0001 does not agree/],
  ['the keys', `update receipt_key set public_key = 'AAAA'`, /FX123-0001 was changed \(key\)/],
]

onBothDatabases((kind, open) => {
  test(`${kind}: receipts as they were issued are proved, and the audit with them`, async () => {
    const db = await open()
    assert.deepEqual(await checkReceipts(db.pool), { ok: true, receipts: 0, pharmacies: 0 })
    await withReceipts(db)
    assert.deepEqual(await checkReceipts(db.pool), { ok: true, receipts: 3, pharmacies: 2 })
    assert.equal((await verifyLedger(db.pool)).ok, true)
  })

  test(`${kind}: nobody changes or removes a receipt by a statement`, async () => {
    const db = await open()
    await withReceipts(db)
    for (const table of ['receipt', 'submission', 'receipt_key', 'attestation']) {
      for (const statement of [`delete from ${table}`, `truncate ${table} cascade`]) {
        await assert.rejects(sql.raw(statement).execute(db.pool), /append-only/, statement)
      }
    }
  })

  test(`${kind}: whoever gets around that is found`, async () => {
    const db = await open()
    await withReceipts(db)
    for (const [because, statement, problem] of DAMAGES) {
      const report = await afterDamage(db, statement)
      assert.match(report.ok ? 'nothing found' : report.problem, problem, because)
    }
    assert.equal((await checkReceipts(db.pool)).ok, true, 'all of it was undone')
  })

  test(`${kind}: a receipt signed anew with the real key is found, because the audit knows the old one`, async () => {
    const db = await open()
    await withReceipts(db)
    const row = await db.pool
      .selectFrom('receipt')
      .selectAll()
      .where('ods_code', '=', 'FX124')
      .executeTakeFirstOrThrow()
    const { receipt } = JSON.parse(receiptFile(row)) as { receipt: Parameters<typeof signReceipt>[0] }
    const forged = signReceipt({ ...receipt, submittedBy: 'Somebody Else' }, testKey)
    const quoted = [forged.document, forged.hash, forged.signature].map((text) => `'${text.replaceAll("'", "''")}'`)
    const report = await afterDamage(
      db,
      `update receipt set document = ${quoted[0]}, hash = ${quoted[1]}, signature = ${quoted[2]} where ods_code = 'FX124'`,
    )
    assert.match(report.ok ? '' : report.problem, /FX124-0001 is not the one that the audit knows/)
  })

  test(`${kind}: receipts of an earlier key stay verifiable`, async () => {
    const db = await open()
    await withReceipts(db)
    const key = signingKey({ receiptSigningKey: Buffer.alloc(32, 9).toString('base64'), secretsPepper: '' })
    const settings = { key, baseUrl: 'https://signpost.example', holidays, sharedMailboxOf: () => null }
    await confirmSections(
      { db, clock: at('2026-11-22T10:00:00Z'), holidays, issueReceipts: receiptIssuer(settings) },
      { odsCode: 'FX124', sections: ['contact'], expectedVersion: 1, actor },
    )
    assert.equal((await db.pool.selectFrom('receipt_key').selectAll().execute()).length, 2)
    assert.deepEqual(await checkReceipts(db.pool), { ok: true, receipts: 4, pharmacies: 2 })
  })
})

/** What the check says after a statement that the triggers would refuse; all of it is undone. */
async function afterDamage(db: Db, statement: string) {
  let report: Awaited<ReturnType<typeof checkReceipts>> | undefined
  const undo = new Error('undo')
  await assert.rejects(
    db.transact(async (tx) => {
      for (const table of ['receipt', 'submission', 'receipt_key', 'attestation', 'profile_version']) {
        await sql.raw(`alter table ${table} disable trigger user`).execute(tx)
      }
      await sql.raw(statement).execute(tx)
      report = await checkReceipts(tx as Kysely<Tables>)
      throw undo
    }),
    undo,
  )
  return report ?? assert.fail()
}
