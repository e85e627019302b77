import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseReturnPath } from './return-path.ts'

const kept: [text: string, path: string, because: string][] = [
  ['/manage', '/manage', 'a page of ours'],
  [
    '/manage/FA002/hours?day=monday#top',
    '/manage/FA002/hours?day=monday',
    'the query stays, the fragment is the browser’s',
  ],
  ['/manage?back=%2Fmanage%2FFA002', '/manage?back=%2Fmanage%2FFA002', 'an encoded slash in the query is harmless'],
  ['/sign-in-help', '/sign-in-help', 'another page whose name begins alike'],
  ['/manage/../finder', '/finder', 'dots are resolved'],
]
for (const [text, path, because] of kept) {
  test(`returns to ${text}: ${because}`, () => assert.equal(parseReturnPath(text), path))
}

const refusedPaths: [text: unknown, because: string][] = [
  ['//evil.example', 'a host without a scheme'],
  ['/\\evil.example', 'browsers read a backslash as a slash'],
  ['\\\\evil.example', 'two backslashes'],
  ['/\t/evil.example', 'browsers drop tabs'],
  ['/\n/evil.example', 'browsers drop newlines'],
  ['/manage\r\nSet-Cookie: a=b', 'a header'],
  ['/manage\u0000', 'a control character'],
  ['https://evil.example/manage', 'another site'],
  ['https:evil.example', 'a scheme without slashes'],
  ['javascript:alert(1)', 'a script'],
  ['data:text/html,hello', 'a document'],
  ['/%2f%2fevil.example', 'encoded slashes'],
  ['/%5cevil.example', 'an encoded backslash'],
  ['/manage%0d%0a', 'an encoded newline'],
  ['/..//evil.example', 'dots that leave two slashes'],
  ['/.//evil.example', 'a dot that leaves two slashes'],
  ['manage', 'not from the root'],
  [' /manage', 'a space in front'],
  ['/mänage', 'letters that must be encoded'],
  ['/sign-in', 'the sign-in page itself'],
  ['/sign-in/callback?code=x', 'a used answer'],
  ['/sign-out', 'would sign out again'],
  ['', 'empty'],
  [undefined, 'absent'],
  [['/manage', '/finder'], 'given twice'],
  [`/${'a'.repeat(2000)}`, 'too long'],
]
for (const [text, because] of refusedPaths) {
  test(`does not return to ${JSON.stringify(text)?.slice(0, 40)}: ${because}`, () =>
    assert.equal(parseReturnPath(text), undefined))
}
