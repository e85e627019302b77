import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { parse } from 'csv-parse/sync'
import { emailJobs } from '#src/emails/email-jobs.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { doReadyJobs } from '#src/platform/jobs/worker.ts'
import { createLog } from '#src/platform/log.ts'
import { smtpMailer } from '#src/platform/mail/smtp.ts'
import { writable } from '#src/platform/pdf-letters.ts'
import type { Browser } from '#test/support/browser.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { type MailServer, startMailServer } from '#test/support/mail-server.ts'
import { AMINA, errorsOf, type Manager, send, startManager, visible } from '#test/support/manage.ts'
import { testKey } from '#test/support/receipts.ts'
import { startApp } from '#test/support/start-app.ts'
import { shownInPdf } from '#test/support/words-in-files.ts'
import { isGenuine, readReceipt, receiptCode } from '../receipt.ts'
import { parseKeySet } from '../receipt-key.ts'
import { receiptPdf } from '../receipt-pdf.ts'
import { receiptWords } from '../receipt-words.ts'

const NAME = 'Fferyllfa’r Tŷ Gwyrdd “Łódź” & <Sons>'
const PRIVATE = ['01632 960777', 'gwyrdd.fferyllfa@nhs.net', 'Staff shortage', '960777']
const CHECK = 'SP-2026-27-Q3-FX123-0001'
const CHANGE = 'SP-2026-27-Q3-FX123-0002'
const CLOSURE = 'SP-2026-27-Q3-FX123-0003'

let db: OpenDb
let manager: Manager
let amina: Browser
let mail: MailServer

/** A check, a change of public and other values, and a closure with its reason. */
before(async () => {
  db = await openDb({ ...(await pageDatabase()), log: testLog })
  const contact = { phone: '01632 960001', professionalPhone: '01632 960777', professionalEmail: PRIVATE[1] ?? null }
  manager = await startManager(db, { profile: { name: NAME, contact } })
  amina = await manager.as(AMINA)
  mail = await startMailServer()
  await send(amina, await amina.open('/manage/FX123/check-everything'), 'check-everything', {
    contact: 'correct',
    hours: 'correct',
    declaration: 'yes',
  })
  const form = '/manage/FX123/contact-details/change'
  const check = await send(amina, await amina.open(form), 'contact-details/change', {
    phone: '01632 960002',
    'professional-phone': '01632 960778',
  })
  await amina.submit(check, `${form}/check`)
  const closure = '/manage/FX123/closures-and-changes/add'
  const checkClosure = await send(amina, await amina.open(closure), 'closures-and-changes/add', {
    'from-when': 'tomorrow',
    what: 'closed',
    reason: 'Staff shortage or illness',
    note: '=HYPERLINK("http://evil.example")',
  })
  await amina.submit(checkClosure, 'closures-and-changes/add/check')
})
after(async () => {
  await manager.close()
  await mail.close()
  await db.close()
})

const json = async (reference: string) => (await amina.open(`/manage/FX123/receipts/${reference}/json`)).body
const publicly = (url: string) => manager.app.inject(url)

test('each act has one receipt, chained', async () => {
  const files = await Promise.all([CHECK, CHANGE, CLOSURE].map(json))
  const readings = files.map((file) => readReceipt(file, [testKey.jwk]))
  assert.deepEqual(
    readings.map(({ faults }) => faults),
    [[], [], []],
  )
  const [first, second, third] = readings.map(({ signed }) => signed)
  assert.equal(first?.receipt.previousHash, null)
  assert.equal(second?.receipt.previousHash, first?.hash)
  assert.equal(third?.receipt.previousHash, second?.hash)
  assert.deepEqual(
    second?.receipt.sections.map(({ section, act, values }) => [section, act, values]),
    [
      [
        'contact',
        'changed',
        [
          { label: 'Public phone number', before: '01632 960001', after: '01632 960 002' },
          { label: 'Professional phone number', withheld: true },
        ],
      ],
    ],
  )
  assert.equal(second?.receipt.pharmacy.name, NAME)
})

test('no value that is not public is in a receipt, its PDF, the public page or the evidence', async () => {
  const pages = [
    ...(await Promise.all(
      [CHECK, CHANGE, CLOSURE].flatMap((reference) => [
        json(reference),
        amina.open(`/manage/FX123/receipts/${reference}`).then(({ body }) => body),
        pdfText(reference),
        publicly(`/verify/${reference}`).then(({ body }) => body),
      ]),
    )),
    (await amina.open('/manage/FX123/evidence')).body,
    (await amina.open('/manage/FX123/evidence.csv')).body,
  ]
  for (const page of pages)
    for (const word of PRIVATE) assert.ok(!page.includes(word), `${word} in ${page.slice(0, 200)}`)
})

test('the page tells what was confirmed, in words, with the way to verify it', async () => {
  const page = await amina.open(`/manage/FX123/receipts/${CHANGE}`)
  const words = visible(page)
  assert.match(words, /Contact details: changed Public phone number: 01632 960 002 \(before: 01632 960001\)/)
  assert.match(words, /Professional phone number: changed \(not public, so not shown here\)/)
  assert.match(words, /Submitted 11 December 2026 at 10:34am/)
  assert.match(words, /Quarter October to December 2026/)
  assert.match(page.body, /<svg [^>]*viewBox/)
  assert.match(page.body, new RegExp(`href="http://localhost:3000/verify/${CHANGE}\\?code=[0-9A-F-]{14}"`))
  assert.match(page.body, /Fferyllfa’r Tŷ Gwyrdd “Łódź” &amp; &lt;Sons&gt;/)
})

test('a receipt is found under its own pharmacy only', async () => {
  for (const reference of ['SP-2026-27-Q3-FX123-0099', 'x', '..%2F']) {
    assert.equal((await amina.open(`/manage/FX123/receipts/${reference}`)).status, 404, reference)
  }
  const other = await manager.as({ ...AMINA, email: 'zoe@nhs.example', grants: [{ role: 'national', scope: '' }] })
  assert.equal((await other.open(`/manage/FX123/receipts/${CHECK.toLowerCase()}`)).status, 200)
})

async function pdfText(reference: string): Promise<string> {
  const answer = await manager.app.inject({
    url: `/manage/FX123/receipts/${reference}/pdf`,
    headers: { cookie: `signpost-session=${amina.cookie('signpost-session')}` },
  })
  assert.equal(answer.headers['content-type'], 'application/pdf')
  assert.equal(answer.headers['content-disposition'], `attachment; filename="${reference}.pdf"`)
  return shownInPdf(answer.rawPayload)
}

test('the PDF has the words of the page, tagged, with a title and a language', async () => {
  const reading = readReceipt(await json(CHANGE), [testKey.jwk])
  const words = receiptWords(reading.signed ?? assert.fail(), 'http://localhost:3000')
  const text = await pdfText(CHANGE)
  const said = [
    words.title,
    ...words.facts.map(({ label, text }) => `${label}: ${text}`),
    ...words.sections.flatMap(({ heading, lines }) => [heading, ...lines]),
    words.verifyAddress,
  ]
  for (const line of said) assert.ok(text.includes(writable(line).replaceAll(/\s+/g, ' ')), `${line}\n${text}`)
  const raw = (await receiptPdf(words, { compress: false })).toString('latin1')
  assert.match(raw, /\/Lang \(en-GB\)/)
  assert.match(raw, /\/Marked true/)
  assert.match(raw, /\/DisplayDocTitle true/)
  for (const tag of ['Document', 'H1', 'H2', 'P', 'L', 'LI', 'LBody', 'Figure']) {
    assert.match(raw, new RegExp(`/S /${tag}\\b`), tag)
  }
  assert.match(raw, /\/Alt \(A QR code that leads to the address above\)/)
  const actual = Buffer.from(`\ufeffPharmacy: ${NAME} (FX123)`, 'utf16le').swap16().toString('latin1')
  assert.ok(raw.includes('/ActualText'), 'letters that the font lacks')
  assert.ok(unescapedPdf(raw).includes(actual), 'every letter of the name is behind its picture')
})

const unescapedPdf = (raw: string): string =>
  raw
    .replaceAll(/\\([()\\])/g, '$1')
    .replaceAll('\\r', '\r')
    .replaceAll('\\n', '\n')

const LETTERS: readonly (readonly [given: string, shown: string])[] = [
  ['Café “Zoë” – £5', 'Café “Zoë” – £5'],
  ['Tŷ’r Dŵr', 'Ty’r Dwr'],
  ['Łódź Żółć', 'Lódz Zólc'],
  ['Ľubica', 'Lubica'],
  ['药房 😀', '?? ?'],
  ['a\u0301', 'á'],
]
for (const [given, shown] of LETTERS) {
  test(`the PDF writes ${given} as ${shown}`, () => assert.equal(writable(given), shown))
}

test('evidence lists every receipt by quarter, and its CSV runs no formula', async () => {
  const words = visible(await amina.open('/manage/FX123/evidence'))
  assert.match(words, /Financial year 2026-27 October to December 2026 2 of 5 sections checked/)
  assert.match(
    words,
    new RegExp(`${CLOSURE} 11 December 2026 at 10:34am by Amina Khan Changed: closures and changes\\.`),
  )
  assert.match(words, /July to September 2026 There are no receipts of this quarter/)
  const { body, headers } = await amina.open('/manage/FX123/evidence.csv')
  assert.equal(headers.get('content-disposition'), 'attachment; filename="evidence-FX123.csv"')
  const rows = parse(body, { bom: true, columns: true }) as Record<string, string>[]
  assert.deepEqual(
    rows.map((row) => [row['Reference'], row['Section'], row['Checked or changed']]),
    [
      [CLOSURE, 'Closures and changes', 'changed'],
      [CHANGE, 'Contact details', 'changed'],
      [CHECK, 'Contact details', 'checked'],
      [CHECK, 'Standard opening times', 'checked'],
    ],
  )
  for (const row of rows) for (const cell of Object.values(row)) assert.doesNotMatch(cell, /^[=+@-]/)
  assert.equal((await amina.open('/manage/FX123/evidence?year=1999-00')).status, 200)
})

test('anybody sees that a receipt is genuine, and no name of a person', async () => {
  const page = await publicly(`/verify/${CHECK}`)
  assert.equal(page.statusCode, 200)
  assert.match(page.body, /This receipt is genuine/)
  assert.match(page.body, /Checked: contact details, standard opening times\./)
  assert.doesNotMatch(page.body, /Amina|960001|9am to 5pm/)
  assert.equal(page.headers['set-cookie'], undefined)
})

test('a code that fits says so, and one that does not too', async () => {
  const { signed } = readReceipt(await json(CHECK), [testKey.jwk])
  const code = receiptCode(signed?.hash ?? '')
  const right = await publicly(`/verify/${CHECK}?code=${code.toLowerCase().replaceAll('-', '%20')}`)
  assert.match(right.body, /It is the code of this receipt\./)
  assert.match(right.body, /This receipt is genuine/)
  const wrong = await publicly(`/verify/${CHECK}?code=0000-0000-0000`)
  assert.match(wrong.body, /The code does not fit this receipt/)
  assert.doesNotMatch(wrong.body, /This receipt is genuine/)
})

test('a reference is found as people type it, and one that is none is told', async () => {
  const found = await publicly(`/verify?reference=${encodeURIComponent(` ${CHECK.toLowerCase()} `)}&code=`)
  assert.equal(found.headers.location, `/verify/${CHECK}`)
  const cases: readonly (readonly [query: string, status: number, message: RegExp])[] = [
    ['?reference=&code=', 422, /Enter the reference of a receipt/],
    ['?reference=%3Cb%3E&code=', 422, /Enter a reference in the right format/],
    ['/SP-2026-27-Q3-FX123-0099', 404, /We never issued a receipt with this reference/],
    ['/nonsense', 404, /We never issued a receipt with this reference/],
  ]
  for (const [query, status, message] of cases) {
    const page = await publicly(`/verify${query}`)
    assert.equal(page.statusCode, status, query)
    assert.match(page.body, message)
    assert.match(page.body, /<title>\s*Error: /)
  }
})

/** Sends the form of `/verify` as a browser does: with a file, or with what was pasted. */
async function upload(given: { readonly file?: string | Buffer; readonly receipt?: string; readonly token?: string }) {
  const form = await publicly('/verify')
  const token = given.token ?? /name="_csrf" value="([^"]+)"/.exec(form.body)?.[1] ?? ''
  const cookie = [form.headers['set-cookie']]
    .flat()
    .map((line) => String(line).split(';')[0])
    .join('; ')
  const boundary = 'x-boundary-x'
  const part = (name: string, value: string | Buffer, more = '') =>
    Buffer.concat([
      Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n`),
      Buffer.from(value),
      Buffer.from('\r\n'),
    ])
  const payload = Buffer.concat([
    part('_csrf', token),
    part('file', given.file ?? '', '; filename="receipt.json"\r\ncontent-type: application/json'),
    part('receipt', given.receipt ?? ''),
    Buffer.from(`--${boundary}--\r\n`),
  ])
  return manager.app.inject({
    method: 'POST',
    url: '/verify',
    headers: { cookie, 'content-type': `multipart/form-data; boundary=${boundary}` },
    payload,
  })
}

test('a file is verified, uploaded or pasted, and then tells what it says', async () => {
  const file = await json(CHANGE)
  for (const given of [
    { file },
    { receipt: `\r\n${file}\r\n` },
    { receipt: JSON.stringify(JSON.parse(file), null, 2) },
  ]) {
    const page = await upload(given)
    assert.equal(page.statusCode, 200, page.body)
    assert.match(page.body, /This receipt is genuine/)
    assert.match(page.body, /Public phone number: 01632 960 002 \(before: 01632 960001\)/)
  }
})

test('a file that somebody changed is refused, with the part that does not fit, and tells nothing', async () => {
  const file = await json(CHANGE)
  const [check, change] = [readReceipt(await json(CHECK), []), readReceipt(file, [])].map(({ signed }) => signed)
  const cases: readonly (readonly [because: string, text: string, parts: readonly string[]])[] = [
    ['other words', file.replace('960 002', '960 003'), ['Content', 'Signature', 'Record', 'Chain']],
    ['another hash', file.replace(change?.hash ?? 'x', check?.hash ?? 'x'), ['Content', 'Record', 'Chain']],
    ['another key', file.replace(testKey.jwk.kid, 'A'.repeat(43)), ['Content', 'Signature', 'Record', 'Chain']],
    ['a reference of another', file.replaceAll(CHANGE, CHECK), ['Content', 'Signature', 'Record', 'Chain']],
    [
      'the signature of another',
      file.replace(change?.signature ?? 'x', check?.signature ?? 'x'),
      ['Signature', 'Chain'],
    ],
  ]
  for (const [because, text, parts] of cases) {
    const { body } = await upload({ file: text })
    assert.match(body, /This receipt is not genuine/, because)
    const rows = [...body.matchAll(/<li><strong>(\w+)<\/strong>[\s\S]*?<\/li>/g)]
    const wrong = rows.filter(([row]) => row.includes('nhsuk-tag--red')).map(([, label]) => label)
    assert.deepEqual(wrong, parts, because)
    assert.doesNotMatch(body, /960 00/, because)
  }
})

test('what is no receipt, nothing, too much, or forged is answered kindly', async () => {
  const nothing = await upload({})
  assert.equal(nothing.statusCode, 422)
  assert.match(nothing.body, /Choose the file of a receipt, or paste what is in it/)
  const other = await upload({ receipt: '<script>alert(1)</script>' })
  assert.equal(other.statusCode, 422)
  assert.match(other.body, /This is not the file of a receipt/)
  assert.doesNotMatch(other.body, /<script>alert/)
  const binary = await upload({ file: Buffer.from([0, 255, 254, 1, 2, 3]) })
  assert.equal(binary.statusCode, 422)
  const huge = await upload({ file: Buffer.alloc(2_000_000, 'x') })
  assert.equal(huge.statusCode, 413)
  assert.match(huge.body, /That was too much to send at once/)
  assert.equal((await upload({ token: 'guessed', receipt: 'x' })).statusCode, 403)
})

test('asking too often is refused with a page, by address', async () => {
  const limited = await startApp(db, { settings: { RATE_LIMIT_OPEN_DATA: '3' } })
  const ask = () => limited.app.inject(`/verify/${CHECK}`)
  const statuses = [await ask(), await ask(), await ask(), await ask()].map(({ statusCode }) => statusCode)
  assert.deepEqual(statuses, [200, 200, 200, 429])
  assert.match((await ask()).body, /Too many requests/)
  await limited.close()
})

test('the public keys are published as a set that verifies the file offline', async () => {
  const answer = await publicly('/.well-known/signpost-receipt-keys.json')
  assert.match(String(answer.headers['content-type']), /^application\/jwk-set\+json/)
  assert.equal(answer.headers['set-cookie'], undefined)
  const keys = parseKeySet(answer.body) ?? assert.fail()
  assert.deepEqual(
    keys.map(({ kid }) => kid),
    [testKey.jwk.kid],
  )
  assert.equal(isGenuine(readReceipt(await json(CLOSURE), keys)), true)
  assert.doesNotMatch(answer.body, /"d"/, 'nothing of the private key')
})

test('the receipt goes to who submitted it and to the shared mailbox, through a real mail server', async () => {
  const clock = manager.clock
  const mailer = smtpMailer(mail.url, 'Signpost <no-reply@signpost.example>')
  const deps = { db, clock, mailer, baseUrl: 'http://localhost:3000' }
  // One after the other: they arrive in the order in which they were sent.
  await doReadyJobs(db, emailJobs(deps), { log: createLog('silent'), clock, concurrency: 1 })
  await mailer.close()
  const receipts = mail.arrived.filter(({ mail }) => mail.subject?.startsWith('Receipt SP-'))
  assert.deepEqual(
    receipts.map(({ to, mail }) => `${to} ${mail.subject?.split(':')[0]}`).toSorted(),
    [CHECK, CHANGE, CLOSURE]
      .flatMap((reference) =>
        ['amina@nhs.example', 'gwyrdd.fferyllfa@nhs.net'].map((to) => `${to} Receipt ${reference}`),
      )
      .toSorted(),
  )
  const change = receipts.find(({ to, mail }) => to[0] === 'amina@nhs.example' && mail.subject?.includes(CHANGE))
  const text = change?.mail.text ?? ''
  assert.match(text, /^Hello Amina Khan$/m)
  assert.match(text, /on Friday 11 December 2026 at 10:34am\. Keep this email as evidence\./)
  assert.match(text, /Quarter: October to December 2026/)
  assert.match(text, /^- Public phone number: 01632 960 002 \(before: 01632 960001\)$/m)
  assert.match(text, /^- Professional phone number: changed \(not public, so not shown here\)$/m)
  assert.match(text, new RegExp(`^http://localhost:3000/verify/${CHANGE}\\?code=`, 'm'))
  assert.match(text, /If this was not you/)
  const shared = receipts.find(({ to, mail }) => to[0] !== 'amina@nhs.example' && mail.subject?.includes(CHECK))
  assert.match(shared?.mail.text ?? '', /^Amina Khan submitted this for /m)
  for (const { mail } of receipts) {
    for (const word of PRIVATE) assert.ok(!`${mail.text} ${mail.html}`.includes(word), word)
  }
})

test('a form that is wrong has its message beside its field', async () => {
  const page = await publicly('/verify?reference=x&code=')
  const asPage = {
    url: new URL('http://localhost:3000/verify'),
    status: 422,
    headers: new Headers(),
    body: page.body,
    bytes: page.rawPayload,
  }
  assert.deepEqual(Object.keys(errorsOf(asPage)), ['reference'])
})
