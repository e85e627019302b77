import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import type { Page } from '#test/support/browser.ts'
import { aProfile } from '#test/support/builders.ts'
import { freshDatabase, testLog } from '#test/support/databases.ts'
import { AMINA, errorsOf, type Manager, send, startManager, storePharmacy, visible } from '#test/support/manage.ts'

const QUEUE = '/workspace/access-requests'
const LEAD = { email: 'lead@nhs.example', name: 'Lea Dowd', grants: [{ role: 'lead', scope: 'area:QX1' }] }
const ELSEWHERE = { email: 'other@nhs.example', name: 'Oli Reed', grants: [{ role: 'lead', scope: 'area:QX2' }] }
const DESK = { email: 'desk@nhs.example', name: 'Fiona Walsh', grants: [{ role: 'desk', scope: '' }] }
const NOBODY = { email: 'nobody@nhs.example', name: 'No Body', grants: [] }

describe('the workspace', () => {
  let db: OpenDb
  let manager: Manager
  before(async () => {
    db = await openDb({ ...(await freshDatabase('embedded')), log: testLog })
    const commissioning = { parentCode: null, icbCode: 'QX1', healthAndWellbeingBoard: null }
    manager = await startManager(db, { profile: { commissioning } })
    for (let number = 0; number < 30; number++) {
      const odsCode = `FY${String(number).padStart(3, '0')}`
      await storePharmacy(db, aProfile({ odsCode, name: `Branch ${odsCode}`, commissioning }))
    }
    const elsewhere = { ...commissioning, icbCode: 'QX2' }
    await storePharmacy(db, aProfile({ odsCode: 'FZ900', name: 'Far Chemist', commissioning: elsewhere }))
  })
  after(async () => {
    await manager.close()
    await db.close()
  })
  const asks = async (email: string, ...odsCodes: string[]) => {
    for (const ods_code of odsCodes) {
      await db.pool
        .insertInto('access_request')
        .values({
          ...{ ods_code, email, name: 'Gus Newman', job_role: 'Pharmacist', role: 'editor', mailbox: null },
          asked_at: manager.clock.now().toISOString(),
        })
        .execute()
    }
  }
  const headings = (page: Page) => [...page.body.matchAll(/<h2[^>]*><a href="[^"]*">([^<]*)</g)].map(([, text]) => text)

  test('is in the navigation of those who have one, and closed to the others', async () => {
    for (const person of [LEAD, DESK]) {
      const page = await (await manager.as(person)).open('/workspace')
      assert.match(page.body, /<a class="nhsuk-header__navigation-link" href="\/workspace"/)
      assert.match(visible(page), /Requests for access Nothing waiting/)
    }
    for (const person of [AMINA, NOBODY]) {
      const browser = await manager.as(person)
      assert.doesNotMatch((await browser.open('/manage')).body, /href="\/workspace"/)
      for (const path of ['/workspace', QUEUE, `${QUEUE}/1`]) assert.equal((await browser.ask(path)).status, 403, path)
    }
    assert.equal((await manager.app.inject('/workspace')).headers.location, '/sign-in?return=%2Fworkspace')
  })

  test('says when nothing waits', async () => {
    assert.match(visible(await (await manager.as(LEAD)).open(QUEUE)), /Nothing waits for you\./)
  })

  test('lists who waits in one’s area, page by page, and marks who is late', async () => {
    await asks('gus@nhs.net', ...Array.from({ length: 30 }, (_, number) => `FY${String(number).padStart(3, '0')}`))
    await asks('gus@nhs.net', 'FZ900')
    const lead = await manager.as(LEAD)
    const first = await lead.open(QUEUE)
    assert.match(visible(first), /30 requests wait for you\. The oldest are first\./)
    assert.match(
      visible(first),
      /gus@nhs\.net asks to be editor Asked on Friday 11 December 2026 at 10:34am Decide by Monday 14 December 2026 at 10:34am/,
    )
    assert.equal(headings(first).length, 25)
    assert.equal(headings(await lead.open(`${QUEUE}?page=2`)).length, 5)
    for (const page of ['0', '-1', 'x', '99999']) assert.equal((await lead.open(`${QUEUE}?page=${page}`)).status, 200)
    const other = await manager.as(ELSEWHERE)
    assert.deepEqual(headings(await other.open(QUEUE)), ['Far Chemist (FZ900)'])
    manager.clock.set('2026-12-14T10:34:00Z')
    const late = await (await manager.as(LEAD)).open(QUEUE)
    assert.match(visible(late), /30 requests wait for you, 30 for longer than 1 working day/)
    assert.match(visible(await (await manager.as(DESK)).open('/workspace')), /31 waiting 31 late/)
    manager.clock.set('2026-12-11T10:34:00Z')
  })

  test('a request of another area is not one’s to see or decide', async () => {
    const { id } = await db.pool
      .selectFrom('access_request')
      .select('id')
      .where('ods_code', '=', 'FZ900')
      .executeTakeFirstOrThrow()
    const lead = await manager.as(LEAD)
    const own = await lead.open(QUEUE)
    const csrf = { _csrf: /name="_csrf" value="([^"]*)"/.exec(own.body)?.[1] ?? '' }
    assert.equal((await lead.ask(`${QUEUE}/${id}`)).status, 403)
    assert.equal((await lead.ask(`${QUEUE}/${id}`, { ...csrf, verdict: 'yes' })).status, 403)
    for (const path of ['999999', 'x', '1.5', '%00', '99999999999999999999']) {
      assert.ok([400, 404].includes((await lead.ask(`${QUEUE}/${path}`)).status), path)
    }
    // Through the address of a pharmacy of one's own, too.
    assert.ok([403, 404].includes((await lead.ask(`/manage/FX123/people/requests/${id}`)).status))
  })

  test('a decision needs a reason when it is no, and a sign-in of the last quarter of an hour', async () => {
    const lead = await manager.as(LEAD)
    const { id } = await db.pool
      .selectFrom('access_request')
      .select('id')
      .where('ods_code', '=', 'FY000')
      .executeTakeFirstOrThrow()
    const page = await lead.open(`${QUEUE}/${id}`)
    assert.match(
      visible(page),
      /Nobody owns the pharmacy’s profile yet\. Other requests from this address within a year: FZ900 as editor/,
    )
    assert.deepEqual(errorsOf(await send(lead, page, `${QUEUE}/${id}`)), { verdict: 'Select yes or no' })
    const no = await send(lead, page, `${QUEUE}/${id}`, { verdict: 'no', reason: ' ' })
    assert.deepEqual(errorsOf(no), { reason: 'Enter why you say no' })
    const long = await send(lead, page, `${QUEUE}/${id}`, { verdict: 'no', reason: 'x'.repeat(501) })
    assert.deepEqual(errorsOf(long), { reason: 'Reason must be 500 characters or fewer' })
    manager.clock.set('2026-12-11T10:50:00Z')
    const stale = await lead.ask(`${QUEUE}/${id}`)
    assert.equal(stale.headers.get('location'), `/sign-in/again?${new URLSearchParams({ return: `${QUEUE}/${id}` })}`)
    manager.clock.set('2026-12-11T10:34:00Z')
    const done = await send(lead, page, `${QUEUE}/${id}`, { verdict: 'no', reason: 'Nobody there knows you' })
    assert.match(visible(done), /You said no\. We have told them by email\. Requests for access 29 requests/)
  })
})
