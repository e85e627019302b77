import assert from 'node:assert/strict'
import { test } from 'node:test'
import { htmlWords } from './html-words.ts'
import { ownWords, readMail } from './mail-words.ts'
import { tidyMessage } from './typed-words.ts'

const QUOTES: readonly (readonly [text: string, own: string, because: string])[] = [
  ['Yes\n\nOn Thu, 10 Dec 2026 at 10:34, A <a@b.example> wrote:\n> No', 'Yes', 'most programs'],
  ['Yes\n\nOn Thu, 10 Dec 2026 at 10:34, Somebody\n<a@b.example> wrote:\n> No', 'Yes', 'with a long name on two lines'],
  ['Yes\n-----Original Message-----\nFrom: A', 'Yes', 'Outlook of old'],
  ['Yes\n________________________________\nFrom: A\nSent: B', 'Yes', 'Outlook of today'],
  ['Yes\nFrom: A <a@b.example>\nSent: Thursday\nNo', 'Yes', 'Outlook without a line'],
  ['> No\nYes\n> No\nMaybe', 'Yes\nMaybe', 'answers between the lines'],
  ['> No', '> No', 'nothing but a quotation is better than nothing'],
  ['On the day they wrote: nothing', 'On the day they wrote: nothing', 'a sentence is no quotation'],
]

test('what an email quotes is left out', () => {
  for (const [text, own, because] of QUOTES) assert.equal(ownWords(text), own, because)
})

test('HTML becomes its words, and what a browser would run is gone', () => {
  const html =
    '<head><title>T</title></head><p>A &amp; B&#33;<br>C</p><SCRIPT >alert(1)</SCRIPT ><script>x<blockquote>D</blockquote>'
  assert.equal(tidyMessage(htmlWords(html)), 'A & B!\nC')
  assert.equal(ownWords(tidyMessage(htmlWords('<p>A</p><blockquote>B</blockquote>'))), 'A')
})

test('of a long email the beginning is read, and what comes after its words is counted', async () => {
  const read = (type: string, body: string) =>
    readMail(Buffer.from(`From: a@b.example\r\nContent-Type: ${type}\r\n\r\n${body}`))
  const long = await read('text/plain', `${'On \n'.repeat(500_000)}the end`)
  assert.match(long?.words ?? '', /^On\nOn\n[\s\S]*\[The email was longer\. The rest was not kept\.\]$/)
  assert.doesNotMatch(long?.mayName ?? '', /the end/)
  assert.equal((await read('text/html', '<script>'.repeat(200_000)))?.words, '')
  const parts = ['text/plain\r\n\r\nHello', 'image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n'].map(
    (part) => `--x\r\nContent-Type: ${part}`,
  )
  const mixed = await read('multipart/mixed; boundary=x', `${parts.join('\r\n')}${'AAAA\r\n'.repeat(20_000)}--x--`)
  assert.deepEqual([mixed?.words, mixed?.attachments], ['Hello', 1])
  assert.equal((await readMail(Buffer.alloc(0)))?.from, null)
})
