/** What a pharmacy says it offers, and files that say otherwise: `import services` on both databases. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Db } from '#src/platform/db/db.ts'
import { checkProjection } from '#src/profiles/check-projection.ts'
import { decideSetServices, NOT_OFFERED } from '#src/profiles/decide-services.ts'
import { loadProfile, loadServicesOf } from '#src/profiles/load-profiles.ts'
import type { ServiceAnswer } from '#src/profiles/profile.ts'
import { saveProfileChange } from '#src/profiles/save-profile-change.ts'
import { exportServices } from '#src/reference-data/export-services.ts'
import { importServices } from '#src/reference-data/import-services.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { inputFile } from '#test/support/input-files.ts'
import { temporaryFolder } from '#test/support/postgres-cluster.ts'
import { issueReceipts } from '#test/support/receipts.ts'
import { aServiceLine, REFERENCE_JSON, servicesJsonl } from '#test/support/service-lines.ts'

const clock = fixedClock()
const today = londonDateOf(clock.now())
const progress = () => {}
const yes: ServiceAnswer = { ...NOT_OFFERED, offered: true }

const MAIN = aServiceLine({ uid: 11 })
const FIRST = aServiceLine({ uid: 12, odsCode: 'FZ001PF1', typeId: 132 })
const PRESSURE = aServiceLine({ uid: 13, odsCode: 'FZ001BPS', typeId: 148 })
const CONTRACEPTION = aServiceLine({ uid: 14, odsCode: 'FZ001CON', typeId: 149, status: 'CLOSED' })
const FAMILY = [MAIN, FIRST, PRESSURE, CONTRACEPTION]

const importLines = (db: Db, lines: readonly object[]) =>
  importServices(
    {
      path: inputFile('services.jsonl', servicesJsonl(lines)),
      referencePath: inputFile('reference.json', REFERENCE_JSON),
    },
    { db, clock, progress },
  )

async function exported(db: Db): Promise<unknown[]> {
  const path = join(temporaryFolder('export'), 'services.jsonl')
  await exportServices(path, db, progress)
  const lines = readFileSync(path, 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line) as unknown)
}

async function say(db: Db, answers: Record<string, ServiceAnswer>): Promise<void> {
  const stored = await loadProfile(db.pool, 'FZ001')
  const saved = await saveProfileChange(
    { db, clock, issueReceipts },
    {
      odsCode: 'FZ001',
      section: 'services',
      expectedVersion: stored?.version ?? 0,
      actor: 'person:amina@example.nhs.uk',
      action: 'set-services',
      decide: (profile) => decideSetServices(profile, answers, { today }),
    },
  )
  assert.equal(saved.outcome, 'saved')
}

type Standing = Readonly<Record<number, readonly [status: string, projected: boolean, sgsd: unknown]>>
async function standing(db: Db): Promise<Standing> {
  const services = await loadServicesOf(db.pool, 'FZ001')
  return Object.fromEntries(
    services.map(({ record, profileOds }) => [
      record.uid,
      [record.status, profileOds !== null, (record.other['sgsd'] as Record<string, unknown>)['360']],
    ]),
  )
}

const agrees = async (db: Db) => assert.deepEqual((await checkProjection(db.pool, today)).disagreements, [])

onBothDatabases((kind, open) => {
  test(`${kind}: files decide about services on which the pharmacy has said nothing`, async () => {
    const db = await open()
    await importLines(db, FAMILY)
    await say(db, { SRV0257: yes })
    const later = [MAIN, FIRST, { ...PRESSURE, status: 'CLOSED' }, { ...CONTRACEPTION, status: 'ACTIVE' }]
    const summary = await importLines(db, later)
    assert.deepEqual([summary.changed, summary.kept], [2, 0])
    assert.deepEqual(await exported(db), JSON.parse(JSON.stringify(later)))
    await agrees(db)
  })

  test(`${kind}: what the pharmacy offers stands against every later file, which is told so`, async () => {
    const db = await open()
    await importLines(db, FAMILY)
    await say(db, { SRV0560: NOT_OFFERED, SRV2000: yes, SRV0559: { ...yes, stockCheckedOn: today } })
    const decided: Standing = {
      11: ['ACTIVE', true, [14167]],
      12: ['ACTIVE', true, undefined],
      13: ['CLOSED', false, undefined],
      14: ['ACTIVE', true, [14210]],
    }
    assert.deepEqual(await standing(db), decided)
    await agrees(db)
    // The service that opened takes its bank holidays from the file, as its siblings did when they met the profile.
    for (const changed of [1, 0]) {
      const summary = await importLines(db, FAMILY)
      assert.deepEqual([summary.changed, summary.unchanged, summary.kept], [changed, 4 - changed, 1])
      assert.deepEqual(await standing(db), decided)
    }
    const file = await exported(db)
    const again = await importLines(db, file as object[])
    assert.deepEqual([again.changed, again.kept], [0, 0], 'its own words, sent back, are no difference')
    await agrees(db)
  })

  test(`${kind}: hours that the pharmacy stated for a service stand against every later file`, async () => {
    const db = await open()
    await importLines(db, FAMILY)
    const mornings = [...Array.from({ length: 5 }, () => [{ opens: 540, closes: 720 }]), [], []]
    await say(db, { 'OWN-PHARMACY-FIRST': { ...yes, hours: mornings } })
    const closes = async () =>
      (await loadServicesOf(db.pool, 'FZ001')).map(({ record }) => record.hours.weekly[0]?.[0]?.closes)
    assert.deepEqual(await closes(), [1050, 720, 1050, 1050])
    const summary = await importLines(db, FAMILY)
    assert.deepEqual([summary.changed, summary.unchanged], [0, 4])
    assert.deepEqual(await closes(), [1050, 720, 1050, 1050])
    await agrees(db)
  })

  test(`${kind}: a new service that the pharmacy offers opens as soon as another one is active`, async () => {
    const db = await open()
    await importLines(db, [MAIN])
    await say(db, { SRV2000: yes })
    await importLines(db, [{ ...MAIN, status: 'SUSPENDED' }])
    await importLines(db, [CONTRACEPTION])
    assert.deepEqual((await standing(db))[14], ['CLOSED', false, undefined], 'nothing of the pharmacy is active')
    await importLines(db, [FIRST])
    assert.deepEqual((await standing(db))[14], ['ACTIVE', true, [14210]])
    await agrees(db)
  })
})
