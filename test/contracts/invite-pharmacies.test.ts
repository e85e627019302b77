/** `invite-pharmacies` as operators run it. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { openDb } from '#src/platform/db/open-db.ts'
import { aProfile } from '#test/support/builders.ts'
import { startChild } from '#test/support/child-process.ts'
import { type DatabaseAddress, freshDatabase, testLog as log } from '#test/support/databases.ts'
import { storePharmacy } from '#test/support/manage.ts'

let address: DatabaseAddress

before(async () => {
  address = await freshDatabase('embedded')
  const db = await openDb({ ...address, log })
  const commissioning = { parentCode: null, icbCode: 'QX1', healthAndWellbeingBoard: null }
  for (const odsCode of ['FX123', 'FX124']) {
    const contact = { professionalEmail: `pharmacy.${odsCode.toLowerCase()}@nhs.net` }
    await storePharmacy(db, aProfile({ odsCode, contact, commissioning }))
  }
  await storePharmacy(db, aProfile({ odsCode: 'FX125', contact: {}, commissioning }))
  await db.close()
})

async function invite(...args: string[]) {
  const settings = { DATA_DIR: address.dataDir, DATABASE_URL: '' }
  const child = startChild('../src/signpost.ts', ['invite-pharmacies', ...args], settings)
  const output: string[] = []
  child.process.stdout?.on('data', (chunk: Buffer) => output.push(chunk.toString()))
  const { code } = await child.ended
  const lines = output.join('').trimEnd().split('\n')
  return { code, lines: lines.map((line) => line.replace(/ +/g, ' ')), errors: child.errors() }
}

test('tells each pharmacy once, and says what it did', async () => {
  assert.deepEqual(await invite('--area', 'QX1', '--limit', '1'), {
    ...{ code: 0, errors: '' },
    lines: ['read 3', 'sent 1', 'had been sent 0', 'no shared mailbox 1', 'left for a later run 1'],
  })
  assert.deepEqual((await invite()).lines.slice(1, 3), ['sent 1', 'had been sent 1'])
  assert.deepEqual((await invite()).lines.slice(1, 3), ['sent 0', 'had been sent 2'])
})

test('refuses what it cannot mean', async () => {
  for (const [args, message] of [
    [['--limit', '0'], /--limit must be a whole number from 1; "0" is not/],
    [['--limit', 'all'], /--limit must be a whole number from 1; "all" is not/],
    [['--area', 'x!'], /--area must be the ODS code of an ICB, such as QOP; "x!" is not/],
    [['FX123'], /"FX123" is too much/],
  ] as const) {
    const { code, errors } = await invite(...args)
    assert.equal(code, 2)
    assert.match(errors, message)
  }
})
