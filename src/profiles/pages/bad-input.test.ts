/** What people and programs send by mistake or on purpose: each is answered beside its field, shown again, and not saved. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { Browser, Page } from '#test/support/browser.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { AMINA, errorsOf, filledIn, type Manager, startManager } from '#test/support/manage.ts'

const SCRIPT = '<script>alert(1)</script>'
const HUGE = 'x'.repeat(100_000)
const CONTROL = '9\u0000am'

type Case = {
  /** Field to value; an array sends the name more than once. */
  readonly send: Readonly<Record<string, string | readonly string[]>>
  /** Field to message. */
  readonly expect: Readonly<Record<string, string>>
  readonly because: string
}

const phone = 'Enter a public phone number in the right format, like 0161 496 0000'
const email = 'Enter a public email address in the right format, like name@example.com'
const CONTACT: readonly Case[] = [
  { send: { phone: '' }, expect: { phone: 'Enter a public phone number' }, because: 'it is required' },
  { send: { phone: '   ' }, expect: { phone: 'Enter a public phone number' }, because: 'blanks are no number' },
  { send: { phone: '12345' }, expect: { phone }, because: 'too short' },
  { send: { phone: '+33 1 23 45 67 89' }, expect: { phone }, because: 'another country' },
  { send: { phone: SCRIPT }, expect: { phone }, because: 'markup' },
  { send: { phone: '01632 960\u0000001' }, expect: { phone }, because: 'a control character' },
  { send: { phone: ['01632 960001', '01632 960002'] }, expect: { phone }, because: 'sent twice' },
  { send: { phone: HUGE }, expect: { phone: 'Public phone number is too long' }, because: '100 kB' },
  { send: { phone: '०१६३२ ९६०००१' }, expect: { phone }, because: 'digits of another script are not folded' },
  {
    send: { website: 'name@example.com' },
    expect: { website: 'Enter a website, not an email address' },
    because: 'an email address in the website box',
  },
  {
    send: { website: 'javascript:alert(1)' },
    expect: { website: 'Enter a website in the right format, like www.example.com' },
    because: 'not a web address',
  },
  {
    send: { website: 'https://example.com:8080/' },
    expect: { website: 'Website must not contain a port number, such as :8080' },
    because: 'a port',
  },
  { send: { website: HUGE }, expect: { website: 'Website is too long' }, because: '100 kB' },
  { send: { email: 'name@example' }, expect: { email }, because: 'no top-level domain' },
  { send: { email: 'a@b.example\r\nBcc: c@d.example' }, expect: { email }, because: 'a smuggled header' },
  {
    send: { 'professional-email': 'näme@example.com' },
    expect: {
      'professional-email': 'Enter a professional email address in the right format, like name@nhs.net',
    },
    because: 'letters that email addresses do not have',
  },
  {
    send: { 'professional-phone': '01632960001' },
    expect: {
      'confirm-same-phone':
        'The professional phone number is the same as the public one. Change it, leave it empty, or tick to say that it is right',
    },
    because: 'a bypass number that is the public one is asked about',
  },
]

const opening = (day: string) => `Enter an opening time for ${day}, like 9am, 5:30pm or midday`
const closing = (day: string) => `Enter a closing time for ${day}, like 9am, 5:30pm or midday`
const HOURS: readonly Case[] = [
  {
    send: { 'monday-1-from': '', 'monday-1-to': '' },
    expect: { 'monday-1-from': 'Enter an opening time for Monday' },
    because: 'open without times',
  },
  {
    send: { 'tuesday-1-to': '' },
    expect: { 'tuesday-1-to': 'Enter a closing time for Tuesday' },
    because: 'half a session',
  },
  {
    send: { 'tuesday-1-from': '' },
    expect: { 'tuesday-1-from': 'Enter an opening time for Tuesday' },
    because: 'the other half',
  },
  {
    send: { 'monday-1-from': '24:00' },
    expect: { 'monday-1-from': opening('Monday') },
    because: 'no day opens at 24:00',
  },
  { send: { 'monday-1-to': '25:00' }, expect: { 'monday-1-to': closing('Monday') }, because: '25:00' },
  { send: { 'monday-1-to': '5:60pm' }, expect: { 'monday-1-to': closing('Monday') }, because: 'minute 60' },
  { send: { 'monday-1-to': '13pm' }, expect: { 'monday-1-to': closing('Monday') }, because: '13pm' },
  { send: { 'monday-1-to': 'late' }, expect: { 'monday-1-to': closing('Monday') }, because: 'a word' },
  {
    send: { 'monday-1-from': CONTROL },
    expect: { 'monday-1-from': opening('Monday') },
    because: 'a control character',
  },
  { send: { 'monday-1-from': SCRIPT }, expect: { 'monday-1-from': opening('Monday') }, because: 'markup' },
  { send: { 'monday-1-from': HUGE }, expect: { 'monday-1-from': opening('Monday') }, because: '100 kB' },
  { send: { 'monday-1-from': ['9', '10'] }, expect: { 'monday-1-from': opening('Monday') }, because: 'sent twice' },
  {
    send: { 'monday-1-from': '9am', 'monday-1-to': '09:00' },
    expect: { 'monday-1-to': 'Monday closing time must be different from its opening time' },
    because: 'opens and closes at once',
  },
  {
    send: { 'wednesday-2-from': '4pm', 'wednesday-2-to': '6pm' },
    expect: { 'wednesday-2-from': 'Wednesday times overlap' },
    because: 'overlapping sessions',
  },
  {
    send: { 'friday-1-from': '9', 'friday-1-to': '5' },
    expect: {
      'confirm-long':
        'More than 16 hours: Friday 9am to 5am the next day. Correct the times, or tick to say that they are right',
    },
    because: 'a morning typed for an afternoon',
  },
  {
    send: Object.fromEntries(
      ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'].map((day) => [`${day}-open`, '']),
    ),
    expect: {
      'confirm-closed':
        'You said that you are closed every day. Select the days you open, or tick to say that it is right',
    },
    because: 'closed all week',
  },
  {
    send: { 'saturday-1-from': '9', 'saturday-1-to': '12' },
    expect: { 'saturday-open': 'Select that Saturday is open, or clear the times you entered for it' },
    because: 'times for a day that is not ticked',
  },
  {
    send: { 'sunday-open': 'perhaps' },
    expect: { 'sunday-open': 'Select if Sunday is open or closed' },
    because: 'neither ticked nor not',
  },
]

const CHRISTMAS = 'Christmas Day, Friday 25 December 2026'
const HOLIDAYS: readonly Case[] = [
  { send: {}, expect: { 'holiday-2026-12-25': 'Answer at least one bank holiday' }, because: 'nothing is answered' },
  {
    send: { 'holiday-2026-12-25': 'maybe' },
    expect: { 'holiday-2026-12-25': `Select what you do on ${CHRISTMAS}` },
    because: 'no such answer',
  },
  {
    send: { 'holiday-2026-12-25': 'other' },
    expect: { 'holiday-2026-12-25-1-from': `Enter an opening time for ${CHRISTMAS}` },
    because: 'other hours without hours',
  },
  {
    send: { 'holiday-2026-12-25': 'other', 'holiday-2026-12-25-1-from': '10', 'holiday-2026-12-25-1-to': '25:00' },
    expect: { 'holiday-2026-12-25-1-to': closing(CHRISTMAS) },
    because: '25:00',
  },
  {
    send: { 'holiday-2026-12-25-1-from': '10', 'holiday-2026-12-25-1-to': '4pm' },
    expect: { 'holiday-2026-12-25': `Select what you do on ${CHRISTMAS}` },
    because: 'times without an answer',
  },
  {
    send: { 'holiday-2026-12-25': 'closed', 'holiday-2026-12-25-1-from': '10', 'holiday-2026-12-25-1-to': '4pm' },
    expect: { 'holiday-2026-12-25': `Select other hours for ${CHRISTMAS}, or clear the times you entered for it` },
    because: 'closed with times',
  },
  {
    send: { 'holiday-2026-12-24': 'closed' },
    expect: { 'holiday-2026-12-25': 'Answer at least one bank holiday' },
    because: 'a day that is no holiday',
  },
  {
    send: { 'holiday-2026-12-25': ['closed', 'usual'] },
    expect: { 'holiday-2026-12-25': `Select what you do on ${CHRISTMAS}` },
    because: 'sent twice',
  },
]

const RIGHT = { 'from-when': 'tomorrow', what: 'closed', reason: 'Staff training' }
const onDate = (day: string, month: string, year: string) => ({
  ...RIGHT,
  'from-when': 'other',
  'from-day': day,
  'from-month': month,
  'from-year': year,
})
const until = (day: string, month: string, year: string) => ({
  ...RIGHT,
  'to-day': day,
  'to-month': month,
  'to-year': year,
})
const CHANGES: readonly Case[] = [
  {
    send: {},
    expect: {
      'from-when': 'Select when the change starts',
      what: 'Select if you are closed or open at different times',
      reason: 'Select a reason',
    },
    because: 'nothing is filled in',
  },
  {
    send: { ...RIGHT, 'from-when': 'other' },
    expect: { 'from-day': 'Enter the first day of the change' },
    because: 'another date without a date',
  },
  { send: onDate('29', '2', '2027'), expect: { 'from-day': 'First day must be a real date' }, because: '29 February' },
  { send: onDate('31', 'April', '2027'), expect: { 'from-day': 'First day must be a real date' }, because: '31 April' },
  { send: onDate('1', '13', '2027'), expect: { 'from-day': 'First day must be a real date' }, because: 'month 13' },
  { send: onDate('', '12', '2026'), expect: { 'from-day': 'First day must include a day' }, because: 'no day' },
  {
    send: onDate('14', '', ''),
    expect: { 'from-month': 'First day must include a month and a year' },
    because: 'no month, no year',
  },
  {
    send: onDate('14', '12', '26'),
    expect: { 'from-year': 'First day must have a year of 4 numbers' },
    because: 'two figures of a year',
  },
  {
    send: onDate('10', '12', '2026'),
    expect: { 'from-day': 'The first day must be today or in the future' },
    because: 'yesterday',
  },
  {
    send: onDate('14', '12', '2036'),
    expect: { 'from-year': 'First day must be within the next 2 years' },
    because: 'ten years ahead',
  },
  {
    send: until('11', '12', '2026'),
    expect: { 'to-day': 'The last day must be the same as or after the first day' },
    because: 'ends before it starts',
  },
  {
    send: until('1', '6', '2027'),
    expect: { 'to-day': 'A change can last up to 3 months. Change your standard opening times instead' },
    because: 'half a year',
  },
  {
    send: { ...RIGHT, what: 'hours' },
    expect: { 'hours-1-from': 'Enter an opening time for these days' },
    because: 'other times without times',
  },
  {
    send: { ...RIGHT, 'from-when': 'today', what: 'part', 'part-from': '' },
    expect: { 'part-from': 'Enter the time you close' },
    because: 'part of the day without a time',
  },
  {
    send: { ...RIGHT, 'from-when': 'today', what: 'part', 'part-from': '3pm', 'part-to': '2pm' },
    expect: { 'part-to': 'The time you open again must be later than the time you close' },
    because: 'opens again before it closes',
  },
  {
    send: { ...RIGHT, 'from-when': 'today', what: 'part', 'part-from': '7pm' },
    expect: { 'part-from': 'You are already closed at this time on Friday 11 December 2026' },
    because: 'closed then anyway',
  },
  {
    send: { ...RIGHT, ...until('14', '12', '2026'), what: 'part', 'part-from': '2pm' },
    expect: {
      what: 'Your usual hours are not the same on all of these days. Select ‘Open at different times’ and enter the hours you are open',
    },
    because: 'a part of days with different hours is not one change',
  },
  { send: { ...RIGHT, reason: SCRIPT }, expect: { reason: 'Select a reason' }, because: 'a reason not in the list' },
  {
    send: { ...RIGHT, note: 'x'.repeat(141) },
    expect: { note: 'The public note must be 140 characters or fewer' },
    because: 'one character too many',
  },
  {
    send: { ...RIGHT, note: HUGE },
    expect: { note: 'The public note must be 140 characters or fewer' },
    because: '100 kB',
  },
  {
    send: { ...RIGHT, note: 'Sorry\u0007' },
    expect: { note: 'The public note must use letters, numbers and punctuation only' },
    because: 'a control character',
  },
]

const FORMS: readonly { readonly name: string; readonly path: string; readonly cases: readonly Case[] }[] = [
  { name: 'contact details', path: 'contact-details/change', cases: CONTACT },
  { name: 'standard opening times', path: 'opening-times/change', cases: HOURS },
  { name: 'bank holidays', path: 'bank-holidays/change', cases: HOLIDAYS },
  { name: 'a closure or change', path: 'closures-and-changes/add', cases: CHANGES },
]

/** A form's body with some fields sent differently. */
function bodyOf(fields: Readonly<Record<string, string>>, send: Case['send']): URLSearchParams {
  const body = new URLSearchParams(fields)
  for (const [field, value] of Object.entries(send)) {
    body.delete(field)
    for (const each of [value].flat()) body.append(field, each)
  }
  return body
}

/** Fields in which people type, without those whose value cannot be shown again (sent twice, control characters). */
const plainTextOf = (send: Case['send']): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(send).filter(
      ([field, value]) =>
        typeof value === 'string' &&
        !/\p{Cc}/u.test(value) &&
        /-(from|to|day|month|year)$|^(note|phone|website|email)$/.test(field),
    ),
  )

const shownOf = (fields: Readonly<Record<string, string>>, send: Case['send']): Record<string, unknown> =>
  Object.fromEntries(Object.keys(plainTextOf(send)).map((field) => [field, fields[field]]))

describe('bad input', () => {
  let db: OpenDb
  let manager: Manager
  let amina: Browser
  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    manager = await startManager(db)
    amina = await manager.as(AMINA)
  })
  after(async () => {
    await manager.close()
    await db.close()
  })

  /** Sends a form body as it is, names sent twice included. */
  const post = async (url: string, body: URLSearchParams | object): Promise<Page> => {
    const isForm = body instanceof URLSearchParams
    const answer = await manager.app.inject({
      method: 'POST',
      url,
      headers: {
        host: new URL(manager.config.baseUrl).host,
        cookie: ['signpost-session', 'signpost-csrf'].map((name) => `${name}=${amina.cookie(name) ?? ''}`).join('; '),
        'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
      },
      payload: isForm ? body.toString() : JSON.stringify(body),
    })
    return {
      url: new URL(url, manager.config.baseUrl),
      status: answer.statusCode,
      headers: new Headers(),
      body: answer.body,
      bytes: answer.rawPayload,
    }
  }

  const freshForm = async (path: string) => {
    const page = await amina.open(`/manage/FX123/${path}`)
    const fields = filledIn(page, path)
    if (!page.body.includes(`${path}/discard`)) return { page, fields }
    await amina.open(`/manage/FX123/${path}/discard`, { _csrf: fields['_csrf'] ?? '', draft: fields['draft'] ?? '' })
    const again = await amina.open(`/manage/FX123/${path}`)
    return { page: again, fields: filledIn(again, path) }
  }

  for (const { name, path, cases } of FORMS) {
    for (const { send, expect, because } of cases) {
      test(`${name}: ${because}`, async () => {
        const { fields } = await freshForm(path)
        const page = await post(`/manage/FX123/${path}`, bodyOf(fields, send))
        assert.equal(page.status, 422)
        assert.deepEqual(errorsOf(page), expect)
        assert.match(page.body, /<title>\s*Error: /)
        for (const field of Object.keys(expect)) {
          assert.match(page.body, new RegExp(`id="${field}"`), `the summary's link to ${field} leads somewhere`)
        }
        assert.ok(!page.body.includes(SCRIPT), 'markup is shown as text')
        assert.deepEqual(shownOf(filledIn(page, path), send), plainTextOf(send), 'what was entered is shown again')
        const stored = await loadProfile(db.pool, 'FX123')
        assert.equal(stored?.version, 1, 'nothing is saved')
      })
    }
  }

  test('objects and lists in a JSON body are refused beside their fields, never a fault of ours', async () => {
    const { fields } = await freshForm('contact-details/change')
    const page = await post('/manage/FX123/contact-details/change', {
      ...fields,
      phone: { toString: 'x' },
      website: ['www.example.com'],
      email: 12,
      'professional-phone': null,
    })
    assert.equal(page.status, 422)
    assert.deepEqual(Object.keys(errorsOf(page)), ['phone', 'website', 'email', 'professional-phone'])
  })

  test('full-width letters and digits are read as what they look like', async () => {
    const { fields } = await freshForm('contact-details/change')
    const body = new URLSearchParams({ ...fields, phone: '０１６３２ ９６０ ５５５', website: 'ｗｗｗ．example．com' })
    const page = await post('/manage/FX123/contact-details/change', body)
    assert.equal(page.status, 303)
  })

  test('a form without its token, or with another’s, is refused', async () => {
    const { fields } = await freshForm('contact-details/change')
    for (const token of ['', 'x', undefined]) {
      const { _csrf: _, ...others } = fields
      const body = new URLSearchParams(token === undefined ? others : { ...others, _csrf: token })
      const page = await post('/manage/FX123/contact-details/change', body)
      assert.equal(page.status, 403)
    }
  })

  test('a body larger than any form is refused', async () => {
    const { fields } = await freshForm('contact-details/change')
    const page = await post(
      '/manage/FX123/contact-details/change',
      new URLSearchParams({ ...fields, phone: HUGE.repeat(4) }),
    )
    assert.equal(page.status, 413)
  })

  test('ODS codes and drafts that cannot be are not found', async () => {
    for (const [address, status] of [
      ['/manage/FX12', 404],
      ['/manage/FX1234', 404],
      ['/manage/%00%00', 404],
      ['/manage/FX999', 403],
      [`/manage/${'F'.repeat(150)}`, 404],
      ['/manage/FX123/closures-and-changes/nothing/edit', 404],
      ['/manage/FX123/closures-and-changes/%F0%9F%92%8A/cancel', 404],
      ['/manage/FX123/contact-details/change?draft=x', 200],
      ['/manage/FX123/contact-details/change?draft=a&draft=b', 200],
      [`/manage/FX123?saved=${'a'.repeat(40)}`, 200],
      ['/manage/fx123', 200],
      ['/manage/ＦＸ１２３', 200],
    ] as const) {
      assert.equal((await amina.open(encodeURI(decodeURI(address)))).status, status, address)
    }
  })
})
