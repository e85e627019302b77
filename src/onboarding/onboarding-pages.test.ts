import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import type { Browser } from '#test/support/browser.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { AMINA, errorsOf, type Manager, send, startManager, visible } from '#test/support/manage.ts'

const SERVICES = '/manage/FX123/referral-services'
const QUEUE = '/workspace/onboarding'
const PRESSURE = 'SRV0560'

describe('the way to a referral service', () => {
  let db: OpenDb
  let manager: Manager
  let pharmacy: Browser
  let lead: Browser
  let one = ''
  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    const commissioning = { parentCode: null, icbCode: 'QOP', healthAndWellbeingBoard: null }
    manager = await startManager(db, { profile: { commissioning } })
    pharmacy = await manager.as(AMINA)
    lead = await manager.as({
      email: 'lee@nhs.example',
      name: 'Lee Park',
      grants: [{ role: 'lead', scope: 'area:QOP' }],
    })
  })
  after(async () => {
    await manager.close()
    await db.close()
  })

  test('a pharmacy sees what is live and signs up to the rest', async () => {
    const list = await pharmacy.open(SERVICES)
    assert.match(visible(list), /Pharmacy First .*Live.*NHS Blood Pressure Check .*You have not signed up/)
    assert.doesNotMatch(list.body, /value="OWN-PHARMACY-FIRST"/, 'what is live is not signed up to')
    const done = await pharmacy.open(SERVICES, { ...csrf(list), service: PRESSURE })
    assert.match(visible(done), /You have signed up.*Waiting for the directory team/)
    one = done.url.pathname.split('/').at(-1) ?? ''
    const wrong = await pharmacy.open(SERVICES, { ...csrf(list), service: 'SRV9999' })
    assert.equal(wrong.status, 422)
    assert.deepEqual(errorsOf(wrong), { service: 'There is no such referral service' })
  })

  test('the team finds it in its queue and on the workspace, prepares it, and is asked for what is missing', async () => {
    assert.match(visible(await lead.open('/workspace')), /Referral services to set up 1 waiting/)
    assert.match(visible(await lead.open(QUEUE)), /Waiting for us: 1 NHS Blood Pressure Check: Hill & Sons, FX123/)
    const page = await lead.open(`${QUEUE}/${one}`)
    const asked = await send(lead, page, `${QUEUE}/${one}`, { step: 'profile' })
    assert.deepEqual(errorsOf(asked), { entry: 'Select which entry' })
    assert.deepEqual(errorsOf(await send(lead, page, `${QUEUE}/${one}`)), { step: 'Select what you want to do' })
    const long = await send(lead, page, `${QUEUE}/${one}`, { step: 'pause', words: 'x'.repeat(10_000) })
    assert.deepEqual(errorsOf(long), { words: 'What you say must be 500 characters or fewer' })
    const saved = await send(lead, page, `${QUEUE}/${one}`, { step: 'profile', entry: 'new' })
    assert.match(visible(saved), /The pharmacy is told by email.*Entry prepared.*Waiting for the pharmacy/)
    assert.match(saved.body, /href="\/workspace\/services\/2140000001"/)
  })

  test('the pharmacy checks its entry with its own profile laid over it, and says what is wrong', async () => {
    const page = await pharmacy.open(`${SERVICES}/${one}`)
    assert.match(
      visible(page),
      /as NHS 111 would be shown it.*NHS Blood Pressure Check: Hill & Sons.*01632 960001.*Monday 9am to 5pm/,
    )
    const asked = await send(pharmacy, page, `${SERVICES}/${one}`, { step: 'dispute' })
    assert.deepEqual(errorsOf(asked), { words: 'Say what is wrong' })
    const said = await send(pharmacy, page, `${SERVICES}/${one}`, { step: 'dispute', words: 'Side door <b>only</b>' })
    assert.match(visible(said), /“Side door <b>only<\/b>”/)
    assert.doesNotMatch(said.body, /<b>only/)
    const stale = await send(pharmacy, page, `${SERVICES}/${one}`, { step: 'agree' })
    assert.equal(stale.status, 409)
    assert.match(visible(stale), /Somebody else did something while you were reading/)
  })

  test('what waits too long is late, until it is paused', async () => {
    manager.clock.set('2026-12-18T10:35:00Z')
    const late = await manager.as({ email: 'lee@nhs.example', grants: [{ role: 'lead', scope: 'area:QOP' }] })
    assert.match(visible(await late.open(QUEUE)), /Entry is wrong Late/)
    assert.match(visible(await late.open(`${QUEUE}?show=late`)), /Late: 1/)
    assert.match(visible(await late.open('/workspace')), /Referral services to set up 1 waiting 1 late/)
    const page = await late.open(`${QUEUE}/${one}`)
    assert.match(visible(await send(late, page, `${QUEUE}/${one}`, { step: 'pause', words: 'Refit' })), /Paused/)
    assert.match(visible(await late.open(`${QUEUE}?show=late`)), /Late: none/)
  })

  test('another area, another pharmacy and a number that is none find nothing', async () => {
    const other = await manager.as({ email: 'ola@nhs.example', grants: [{ role: 'lead', scope: 'area:QHL' }] })
    assert.match(visible(await other.open(`${QUEUE}?show=paused`)), /Paused: none/)
    const own = await manager.as({ email: 'amina@nhs.example', grants: [{ role: 'owner', scope: 'ods:FX123' }] })
    for (const [browser, address] of [
      [other, `${QUEUE}/${one}`],
      [own, `${SERVICES}/999999`],
      [own, `${SERVICES}/%00`],
      [own, `${SERVICES}/${'9'.repeat(12)}`],
    ] as const) {
      assert.equal((await browser.ask(address)).status, 404, address.slice(0, 60))
    }
  })
})

const csrf = (page: { readonly body: string }) => ({ _csrf: /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '' })
