import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import { openTrainingPharmacy, resetTrainingPharmacy } from '#src/profiles/training-pharmacy.ts'
import type { Browser } from '#test/support/browser.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { type Manager, send, startManager, visible } from '#test/support/manage.ts'

const NEWCOMER = { email: 'new@nhs.example', name: 'New Person', grants: [] }

describe('the training pharmacy', () => {
  let db: OpenDb
  let manager: Manager
  let newcomer: Browser

  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    manager = await startManager(db)
    newcomer = await manager.as(NEWCOMER)
  })
  after(async () => {
    await manager.close()
    await db.close()
  })

  test('is not there until somebody asks for it, and nobody comes in without signing in', async () => {
    assert.equal(await loadProfile(db.pool, 'TRAIN'), undefined)
    await resetTrainingPharmacy({ db, clock: manager.clock })
    assert.equal(await loadProfile(db.pool, 'TRAIN'), undefined, 'the night leaves what nobody opened')
    const page = await newcomer.open('/manage/training')
    const hub = await send(newcomer, page, 'manage/training')
    assert.equal(hub.url.pathname, '/manage/TRAIN')
    assert.match(hub.body, /This is a training pharmacy\. Nothing you do here reaches patients/)
    const again = await send(newcomer, page, 'manage/training')
    assert.equal(again.url.pathname, '/manage/TRAIN')
  })

  test('is opened once, however many ask at the same time, and opening it again changes nothing', async () => {
    const fresh = await openDb({ ...(await pageDatabase()), log: testLog })
    const opened = await Promise.all([1, 2, 3].map(() => openTrainingPharmacy({ db: fresh, clock: manager.clock })))
    assert.equal(new Set(opened).size, 1)
    assert.equal((await loadProfile(fresh.pool, 'TRAIN'))?.version, 1)
    await fresh.close()
  })

  test('takes changes of anyone, shows them to nobody outside, and begins again', async () => {
    const form = await newcomer.open('/manage/TRAIN/contact-details/change')
    const check = await send(newcomer, form, 'contact-details/change', { phone: '01632 960 999' })
    assert.match(visible(check), /This does not change what any DoS service says/)
    await send(newcomer, check, 'change/check')
    assert.equal((await loadProfile(db.pool, 'TRAIN'))?.profile.contact.phone, '01632 960 999')
    for (const address of ['/pharmacies/TRAIN', '/api/v1/pharmacies/TRAIN']) {
      assert.equal((await newcomer.open(address)).status, 404, address)
    }
    await resetTrainingPharmacy({ db, clock: manager.clock })
    assert.equal((await loadProfile(db.pool, 'TRAIN'))?.profile.contact.phone, '01632 960 100')
  })

  for (const path of ['people', 'address-and-name/name', 'missing-service']) {
    test(`has no ${path}: what people ask of others is not for trying`, async () => {
      assert.equal((await newcomer.open(`/manage/TRAIN/${path}`)).status, 403)
    })
  }
})
