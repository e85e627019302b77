import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDb } from '#src/platform/db/open-db.ts'
import { createLog } from '#src/platform/log.ts'
import { freshDatabase } from '#test/support/databases.ts'
import { startApp } from '#test/support/start-app.ts'
import { mailboxPages } from './mailbox.ts'

test('shows every email that would have been sent, the latest first, and runs nothing that is in it', async () => {
  const db = await openDb({ ...(await freshDatabase('embedded')), log: createLog('error') })
  const { app, close } = await startApp(db, { mountMore: (pages) => mailboxPages(pages, { db }) })
  const emptyPage = await app.inject('/demo/mailbox')
  assert.match(emptyPage.body, /There is nothing yet/)
  const emails = [
    {
      event: 'one',
      sent_at: '2026-12-11T10:34:00Z',
      subject: 'First & oldest',
      body: 'Hello\n\nhttp://localhost:3000/manage',
    },
    { event: 'two', sent_at: '2026-07-01T10:34:00Z', subject: 'Long ago', body: 'Hello' },
    {
      event: 'three',
      sent_at: '2026-12-11T11:00:00Z',
      subject: 'Latest',
      body: '<script>alert(1)</script> http://a.example',
    },
  ]
  await db.pool
    .insertInto('email_sent')
    .values(emails.map((email) => ({ ...email, recipient: 'a@nhs.net' })))
    .execute()
  const { body } = await app.inject('/demo/mailbox')
  const order = ['Latest', 'First &amp; oldest', 'Long ago'].map((subject) => body.indexOf(subject))
  assert.deepEqual(
    order,
    order.toSorted((one, other) => one - other),
  )
  assert.ok(order.every((place) => place > 0))
  assert.match(body, /Wednesday 1 July 2026, 11:34am/, 'in British Summer Time')
  assert.match(body, /<a href="http:\/\/localhost:3000\/manage">/)
  assert.match(body, /&lt;script&gt;alert\(1\)&lt;\/script&gt; http:\/\/a\.example/)
  await close()
  await db.close()
})

test('is not there unless it is mounted', async () => {
  const db = await openDb({ ...(await freshDatabase('embedded')), log: createLog('error') })
  const { app, close } = await startApp(db)
  assert.equal((await app.inject('/demo/mailbox')).statusCode, 404)
  await close()
  await db.close()
})
