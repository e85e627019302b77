import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { sha256 } from '#src/platform/db/canonical-json.ts'
import { temporaryFolder } from '#test/support/postgres-cluster.ts'
import {
  isGenuine,
  parseCode,
  parseReference,
  RECEIPT_FORMAT,
  type Receipt,
  readReceipt,
  receiptCode,
  receiptFile,
  receiptReference,
  signReceipt,
} from './receipt.ts'
import { isSignedBy, parseKeySet, publicJwk, signingKey } from './receipt-key.ts'

const PEPPER = 'a pepper of more than thirty-two characters'
const key = signingKey({ receiptSigningKey: undefined, secretsPepper: PEPPER })
const other = signingKey({ receiptSigningKey: Buffer.alloc(32, 7).toString('base64'), secretsPepper: PEPPER })

const RECEIPT: Receipt = {
  format: RECEIPT_FORMAT,
  issuer: 'https://signpost.example',
  reference: 'SP-2026-27-Q3-FX123-0002',
  pharmacy: { odsCode: 'FX123', name: 'Fferyllfa Tŷ’r Dŵr “Łódź” & Sons' },
  quarter: '2026-27-Q3',
  submittedAt: '2026-12-11T10:34:00.000Z',
  submittedBy: 'Amina Khan',
  sections: [
    {
      section: 'contact',
      title: 'Contact details',
      act: 'checked',
      contentHash: sha256('contact'),
      seal: sha256('sealed'),
      values: [
        { label: 'Public phone number', text: '01632 960001' },
        { label: 'Professional phone number', withheld: true },
      ],
    },
    {
      section: 'hours',
      title: 'Standard opening times',
      act: 'changed',
      contentHash: sha256('hours'),
      values: [{ label: 'Monday', before: null, after: '9am to 5pm' }],
    },
  ],
  ledgerEntry: 12,
  previousHash: sha256('the one before'),
  keyId: key.jwk.kid,
}
const SIGNED = signReceipt(RECEIPT, key)
const FILE = receiptFile(SIGNED)
const faultsOf = (text: string, keys = [key.jwk]) => readReceipt(text, keys).faults

test('the key of RFC 8032 signs and is named as RFC 8037 says', () => {
  const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')
  const published = signingKey({ receiptSigningKey: seed.toString('base64'), secretsPepper: PEPPER })
  assert.equal(published.jwk.x, '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo')
  assert.equal(published.jwk.kid, 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
  const signature = Buffer.from(published.sign(''), 'base64url').toString('hex')
  assert.match(signature, /^e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155/)
})

test('without a key of its own an installation derives one that stays', () => {
  assert.equal(signingKey({ receiptSigningKey: undefined, secretsPepper: PEPPER }).jwk.kid, key.jwk.kid)
  assert.notEqual(signingKey({ receiptSigningKey: undefined, secretsPepper: `${PEPPER}!` }).jwk.kid, key.jwk.kid)
  assert.notEqual(other.jwk.kid, key.jwk.kid)
  assert.throws(() => signingKey({ receiptSigningKey: 'c2hvcnQ=', secretsPepper: PEPPER }), /32 bytes/)
})

test('a receipt reads as it was issued', () => {
  const reading = readReceipt(FILE, [other.jwk, key.jwk])
  assert.deepEqual(reading, { signed: SIGNED, faults: [] })
  assert.deepEqual(faultsOf(`\r\n${FILE}\n`), [], 'what pasting adds at the ends')
})

const altered = (change: (receipt: Receipt) => Receipt) =>
  receiptFile({ ...signReceipt(change(RECEIPT), key), hash: SIGNED.hash, signature: SIGNED.signature })

const CASES: readonly (readonly [because: string, text: string, faults: readonly string[], genuine: boolean])[] = [
  ['another name', altered((r) => ({ ...r, submittedBy: 'Ben Okafor' })), ['hash', 'signature'], false],
  ['a hash that fits what was changed', FILE.replace(SIGNED.hash, sha256('x')), ['hash'], false],
  ['signed by somebody else', receiptFile(signReceipt(RECEIPT, other)), ['signature'], false],
  [
    'names a key that nobody published',
    receiptFile(signReceipt({ ...RECEIPT, keyId: other.jwk.kid }, other)),
    ['key'],
    false,
  ],
  ['laid out by another program', JSON.stringify(JSON.parse(FILE), null, 2), ['layout'], true],
  ['a value said twice', FILE.replace('{"hash"', '{"hash":"0","hash"'), ['signature'], false],
  ['something more in it', FILE.replace('"format"', '"extra":1,"format"'), ['unreadable'], false],
  ['another spelling of the same letter', FILE.replace('Amina', '\\u0041mina'), ['signature'], false],
  ['a signature of another length', FILE.replace(SIGNED.signature, SIGNED.signature.slice(1)), ['signature'], false],
  ['no JSON', 'SP-2026-27-Q3-FX123-0002', ['unreadable'], false],
  ['nothing', '', ['unreadable'], false],
  ['null', 'null', ['unreadable'], false],
]
for (const [because, text, faults, genuine] of CASES) {
  test(`a file is told apart: ${because}`, () => {
    const reading = readReceipt(text, [key.jwk])
    assert.deepEqual(reading.faults, faults)
    assert.equal(isGenuine(reading), genuine)
  })
}

test('any single changed byte is found', () => {
  const bytes = Buffer.from(FILE)
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (place, shift) => {
      const changed = Buffer.from(bytes)
      changed[place] = ((bytes[place] ?? 0) + shift) % 256
      const text = changed.toString('utf8')
      // A byte that becomes a space at the very end or start is cut off, and leaves what is no JSON.
      return readReceipt(text, [key.jwk]).faults.length > 0 && !isGenuine(readReceipt(text, [key.jwk]))
    }),
    { numRuns: 3000 },
  )
})

test('any byte left out or added inside is found', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: FILE.length - 2 }),
      fc.constantFrom('', 'x', ' ', '"', '0'),
      (place, more) => {
        const text =
          more === '' ? FILE.slice(0, place) + FILE.slice(place + 1) : FILE.slice(0, place) + more + FILE.slice(place)
        return faultsOf(text).length > 0
      },
    ),
    { numRuns: 1000 },
  )
})

test('the set of keys is read strictly: a key has the name of its own bytes', () => {
  const text = JSON.stringify({
    keys: [
      { ...key.jwk, kid: 'another' },
      { kty: 'RSA', crv: '', x: '' },
    ],
  })
  assert.deepEqual(parseKeySet(text), [key.jwk])
  assert.equal(parseKeySet('{}'), undefined)
  assert.equal(parseKeySet('no'), undefined)
  assert.equal(isSignedBy(publicJwk('short'), SIGNED.document, SIGNED.signature), false)
})

test('openssl comes to the same verdict', () => {
  const folder = temporaryFolder('receipt')
  const at = (name: string) => join(folder, name)
  const pem = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(key.jwk.x, 'base64url')])
  writeFileSync(at('key.pem'), `-----BEGIN PUBLIC KEY-----\n${pem.toString('base64')}\n-----END PUBLIC KEY-----\n`)
  writeFileSync(at('receipt.json'), JSON.stringify(JSON.parse(FILE).receipt))
  writeFileSync(at('signature'), Buffer.from(SIGNED.signature, 'base64url'))
  const words = ['pkeyutl', '-verify', '-pubin', '-inkey', at('key.pem'), '-rawin', '-in', at('receipt.json')]
  const said = execFileSync('openssl', [...words, '-sigfile', at('signature')], { encoding: 'utf8' })
  assert.match(said, /Signature Verified Successfully/)
})

test('a reference and a code are read as people type them', () => {
  assert.equal(receiptReference('2026-27-Q3', 'FX123', 2), RECEIPT.reference)
  assert.equal(receiptReference('2026-27-Q3', 'FX123', 12_345), 'SP-2026-27-Q3-FX123-12345')
  assert.equal(parseReference(' sp–2026–27–q3–fx123–0002 '), RECEIPT.reference)
  for (const wrong of ['', 'SP-2026-27-Q5-FX123-0002', 'SP-2026-27-Q3-FX123', '../x', `${RECEIPT.reference}'`]) {
    assert.equal(parseReference(wrong), undefined, wrong)
  }
  assert.match(receiptCode(SIGNED.hash), /^[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}$/)
  assert.equal(parseCode(` ${receiptCode(SIGNED.hash).toLowerCase()} `), SIGNED.hash.slice(0, 12))
})
