/** `verify-receipt` as an auditor calls it: another machine, a file, the published keys, and no database. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalJson } from '#src/platform/db/canonical-json.ts'
import { RECEIPT_FORMAT, receiptFile, signReceipt } from '#src/verification/receipt.ts'
import { startChild } from '#test/support/child-process.ts'
import { inputFile } from '#test/support/input-files.ts'
import { temporaryFolder } from '#test/support/postgres-cluster.ts'
import { testKey } from '#test/support/receipts.ts'

const FILE = receiptFile(
  signReceipt(
    {
      format: RECEIPT_FORMAT,
      issuer: 'https://signpost.example',
      reference: 'SP-2026-27-Q3-FX123-0001',
      pharmacy: { odsCode: 'FX123', name: 'Hill & Sons' },
      quarter: '2026-27-Q3',
      submittedAt: '2026-12-11T10:34:00.000Z',
      submittedBy: 'Amina\u001b[2J Khan',
      sections: [
        {
          section: 'hours',
          title: 'Standard opening times',
          act: 'checked',
          contentHash: '0'.repeat(64),
          values: [{ label: 'Monday', text: '9am to 5pm' }],
        },
      ],
      ledgerEntry: 12,
      previousHash: null,
      keyId: testKey.jwk.kid,
    },
    testKey,
  ),
)
const keys = inputFile('keys.json', JSON.stringify({ keys: [testKey.jwk] }))

async function verify(receipt: string, ...options: readonly string[]) {
  const env = {
    DATA_DIR: `${temporaryFolder('none')}/nothing-here`,
    DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none',
  }
  const child = startChild(
    '../src/signpost.ts',
    ['verify-receipt', inputFile('receipt.json', receipt), ...options],
    env,
  )
  const output: string[] = []
  child.process.stdout?.on('data', (chunk: Buffer) => output.push(chunk.toString()))
  const { code } = await child.ended
  return { code, lines: output.join('').trimEnd().split('\n'), errors: child.errors() }
}

test('a genuine receipt is told with what it says', async () => {
  const { code, lines, errors } = await verify(FILE, '--keys', keys)
  assert.deepEqual([code, errors], [0, ''])
  assert.equal(lines[0], 'GENUINE')
  assert.ok(lines.includes('Pharmacy: Hill & Sons (FX123)'))
  assert.ok(lines.includes('  Monday: 9am to 5pm'))
  assert.ok(lines.includes('Submitted by: Amina [2J Khan'), 'nothing in it moves the cursor')
})

const refused: readonly (readonly [because: string, text: string, line: RegExp])[] = [
  ['other hours', FILE.replace('9am to 5pm', '9am to 9pm'), /^ {2}content: /],
  ['another signature', FILE.replace(/"signature":"./, '"signature":"_'), /^ {2}signature: /],
  ['another key', FILE.replace(testKey.jwk.kid, 'A'.repeat(43)), /^ {2}content: /],
  ['half of it', FILE.slice(0, 300), /^ {2}it is not the file of a receipt/],
]
for (const [because, text, line] of refused) {
  test(`a receipt with ${because} is refused, and nothing of it is told`, async () => {
    const { code, lines } = await verify(text, '--keys', keys)
    assert.equal(code, 1)
    assert.equal(lines[0], 'NOT GENUINE')
    assert.match(lines[1] ?? '', line)
    assert.doesNotMatch(lines.join('\n'), /Hill/)
  })
}

test('a file that another program laid out is genuine, and told as that', async () => {
  const { code, lines } = await verify(JSON.stringify(JSON.parse(FILE), null, 2), '--keys', keys)
  assert.deepEqual(
    [code, lines[0], lines[1]],
    [0, 'GENUINE', '  layout: it was written anew; what it says is what was signed'],
  )
  assert.equal(canonicalJson(JSON.parse(FILE)), FILE)
})

test('what is no set of keys, or no file, is one line', async () => {
  const none = await verify(FILE, '--keys', inputFile('keys.json', '[]'))
  assert.equal(none.code, 2)
  assert.match(none.errors, /is not a set of keys/)
  const missing = await verify(FILE, '--keys', '/nowhere/keys.json')
  assert.equal(missing.code, 2)
  assert.match(missing.errors, /there is no such file/)
})
