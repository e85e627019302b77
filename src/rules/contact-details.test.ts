import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isPremiumRate, parseEmail, parsePhone, parseWebsite, phoneKey, websiteKey } from './contact-details.ts'
import type { Result } from './problems.ts'

/** A string is what the text is read as; a `!code` is the problem it is refused for. */
type Case = readonly [typed: string, outcome: string, because: string]
function table(name: string, parse: (text: string) => Result<string>, cases: readonly Case[]): void {
  for (const [typed, outcome, because] of cases) {
    test(`${name} ${JSON.stringify(typed.slice(0, 60))}: ${because}`, () => {
      const result = parse(typed)
      assert.equal(result.ok ? result.value : `!${result.problems[0]?.code}`, outcome)
      if (!result.ok) assert.match(result.problems[0]?.message ?? '', /^(Enter|Telephone|Website|Email) /)
    })
  }
}

table('phone', parsePhone, [
  ['0161 496 0001', '0161 496 0001', 'as Ofcom writes it'],
  ['01614960001', '0161 496 0001', 'without spaces'],
  ['(0161) 496-0001', '0161 496 0001', 'brackets and a hyphen'],
  [' 01632 960 001 ', '01632 960 001', 'blanks around it'],
  ['01632 960001', '01632 960 001', 'two groups'],
  ['01204 96001', '01204 96001', 'a number of ten digits'],
  ['020 7946 0001', '020 7946 0001', 'London'],
  ['07700 900982', '07700 900 982', 'a mobile'],
  ['0808 157 0192', '0808 157 0192', 'freephone'],
  ['+44 161 496 0001', '0161 496 0001', 'from abroad'],
  ['+44 (0)161 496 0001', '0161 496 0001', 'from abroad, with the zero'],
  ['0044 161 496 0001', '0161 496 0001', 'the long way from abroad'],
  ['0161 496 0001 ext 12', '0161 496 0001 ext 12', 'an extension'],
  ['0161 496 0001 x12', '0161 496 0001 ext 12', 'a short extension'],
  ['0161 496 0001, extension 4567', '0161 496 0001 ext 4567', 'a spelt extension'],
  ['0161\u00a0496\u00a00001', '0161 496 0001', 'spaces that do not break'],
  ['０１６１ ４９６ ０００１', '0161 496 0001', 'full-width digits are digits'],
  ['0161–496–0001', '0161 496 0001', 'dashes'],
  ['0909 879 0000', '0909 879 0000', 'a premium rate is for a warning, not refused'],
  ['', '!blank', 'nothing'],
  ['   ', '!blank', 'blanks only'],
  ['0161', '!not-a-phone', 'too short'],
  ['0161 496 00012345', '!not-a-phone', 'too long for a number'],
  ['0'.repeat(51), '!too-long', 'too long for anything'],
  ['00000000000', '!not-a-phone', 'no such area'],
  ['0461 496 0001', '!not-a-phone', 'no number begins with 04'],
  ['+33 1 23 45 67 89', '!not-a-phone', 'another country'],
  ['161 496 0001', '!not-a-phone', 'the zero is missing'],
  ['0161 496 000l', '!not-a-phone', 'a letter that looks like a digit'],
  ['٠١٦١٤٩٦٠٠٠١', '!not-a-phone', 'digits of another script'],
  ['0161 496 0001 <script>', '!not-a-phone', 'markup'],
  ['0161 496 0001 ☎', '!not-a-phone', 'a picture'],
  ['0161 496\u00000001', '!not-a-phone', 'a control character'],
  ['call us', '!not-a-phone', 'words'],
  ['0161 496 0001 / 0161 496 0002', '!not-a-phone', 'two numbers'],
  ['0161 496 0001 ext', '!not-a-phone', 'an extension without a number'],
])

table('website', parseWebsite, [
  ['https://www.Example.com', 'https://www.example.com', 'the host becomes lower case'],
  ['HTTPS://WWW.Example.COM/Path', 'https://www.example.com/Path', 'so does the scheme, the path does not'],
  ['www.Example.com', 'www.example.com', 'no scheme'],
  ['www.Example.com/Path/SUB', 'www.example.com/Path/SUB', 'no scheme, a path'],
  ['https://www.example.com/', 'https://www.example.com/', 'the slash at the end is kept'],
  [' www.example.com ', 'www.example.com', 'blanks around it are taken off'],
  ['https://www.example.com?x=1', 'https://www.example.com?x=1', 'a query needs no slash'],
  ['https://example.com/@shop?q=a%20b#top', 'https://example.com/@shop?q=a%20b#top', 'everything a path may hold'],
  ['x.co', 'x.co', 'a label of one letter'],
  ['my--shop.example.uk', 'my--shop.example.uk', 'hyphens inside'],
  ['', '!blank', 'nothing'],
  [`www.${'a'.repeat(260)}.com`, '!too-long', 'over 255'],
  [`www.${'a'.repeat(64)}.com`, '!not-a-website', 'a label over 63'],
  ['shop@example.com', '!email', 'an email address'],
  ['https://SHOP@EXAMPLE.COM', '!email', 'an email address dressed as a website'],
  ['mailto:shop@example.com', '!email', 'a link to write to'],
  ['http://localhost', '!not-a-website', 'one label'],
  ['http://192.168.0.1/', '!not-a-website', 'an address of numbers'],
  ['www..com', '!not-a-website', 'an empty label'],
  ['www.-example.com', '!not-a-website', 'a label that starts with a hyphen'],
  ['www.my_shop.com', '!not-a-website', 'an underscore'],
  ['N/A', '!not-a-website', 'a placeholder'],
  ['https://www.example.com:8080', '!port', 'a port'],
  ['www.example.com/a b', '!encoding', 'a space'],
  ['www.example.com/é', '!encoding', 'a letter with an accent'],
  ['www.example.com/%zz', '!encoding', 'a percent sign that encodes nothing'],
  ['www.example.com/<script>', '!encoding', 'markup'],
  ['www.example.com/\u0007', '!encoding', 'a control character'],
  ['ftp://example.com', '!scheme', 'another scheme'],
  ['javascript://example.com/%0aalert(1)', '!scheme', 'a script'],
  ['javascript:alert(1)', '!not-a-website', 'a script without slashes'],
  ['data:text/html,x', '!not-a-website', 'data'],
  ['www.ехample.com', '!not-a-website', 'Cyrillic letters that look like ours'],
  ['www.💊.com', '!not-a-website', 'a picture'],
])

table('email', parseEmail, [
  ['Name.Other+tag@Example.COM', 'Name.Other+tag@example.com', 'the host becomes lower case, the name is kept'],
  [' shop@nhs.net ', 'shop@nhs.net', 'blanks around it are taken off'],
  ["o'brien@example.com", "o'brien@example.com", 'an apostrophe'],
  ['', '!blank', 'nothing'],
  [`${'a'.repeat(250)}@example.com`, '!too-long', 'over 254'],
  [`${'a'.repeat(65)}@example.com`, '!not-an-email', 'a name over 64'],
  ['shop', '!not-an-email', 'no @'],
  ['shop@localhost', '!not-an-email', 'one label'],
  ['shop@@example.com', '!not-an-email', 'two @'],
  ['a@b@example.com', '!not-an-email', 'two @ apart'],
  ['a b@example.com', '!not-an-email', 'a space'],
  ['.shop@example.com', '!not-an-email', 'a dot at the start'],
  ['shop..a@example.com', '!not-an-email', 'two dots'],
  ['shop@example..com', '!not-an-email', 'an empty label'],
  ['shop@example.com\r\nBcc: x@example.com', '!not-an-email', 'a header'],
  ['Shop <shop@example.com>', '!not-an-email', 'a name beside it'],
  ['shop@ехample.com', '!not-an-email', 'Cyrillic letters that look like ours'],
  ['sh💊p@example.com', '!not-an-email', 'a picture'],
])

const keys: readonly (readonly [a: string, b: string, same: boolean])[] = [
  ['0161 496 0001', '(0161) 4960001', true],
  ['0161 496 0001', '+44 161 496 0001', true],
  ['0161 496 0001 ext 2', '01614960001x2', true],
  ['0161 496 0001 ext 2', '0161 496 0001', false],
  ['0161 496 0001', '0161 496 0002', false],
  ['', ' ', true],
]
for (const [a, b, same] of keys) {
  test(`${a || '(blank)'} and ${b || '(blank)'} are ${same ? 'one number' : 'two'}`, () => {
    assert.equal(phoneKey(a) === phoneKey(b), same)
  })
}

test('a premium rate is one that begins with 09, however it is written', () => {
  for (const number of ['0909 879 0000', '+44 909 879 0000', '(0909)8790000']) assert.ok(isPremiumRate(number), number)
  for (const number of ['0161 909 0900', '0808 157 0192', '']) assert.equal(isPremiumRate(number), false, number)
})

test('websites are compared without regard to the case of scheme and host, but of the path', () => {
  assert.equal(websiteKey('WWW.OLD.COM'), websiteKey('www.old.com'))
  assert.notEqual(websiteKey('www.old.com/A'), websiteKey('www.old.com/a'))
})

test('what was accepted is accepted again, unchanged', () => {
  const digits = fc.stringMatching(/^0[1235789]\d{8,9}$/)
  fc.assert(
    fc.property(digits, fc.option(fc.nat({ max: 99_999 })), (number, extension) => {
      const once = parsePhone(extension === null ? number : `${number} x${extension}`)
      assert.ok(once.ok)
      assert.deepEqual(parsePhone(once.value), once)
      assert.equal(phoneKey(once.value).startsWith(number), true)
    }),
  )
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true }), (url) => {
      const once = parseWebsite(url)
      if (once.ok) assert.deepEqual(parseWebsite(once.value), once)
    }),
  )
})

test('no text makes any of them throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      for (const parse of [parsePhone, parseWebsite, parseEmail]) assert.equal(typeof parse(text).ok, 'boolean')
      assert.equal(typeof phoneKey(text), 'string')
    }),
  )
})
