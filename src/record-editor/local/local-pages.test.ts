/** The local catalogue in the real app: made, owned, reviewed, and whom it reaches. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { saveServices } from '#src/directory/save-services.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { storeCatalogue } from '#src/reference-data/reference-file.ts'
import type { Browser, Page } from '#test/support/browser.ts'
import { aService } from '#test/support/builders.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { errorsOf, type Manager, startManager, visible } from '#test/support/manage.ts'
import { LOCAL_CODES } from './local-records.ts'
import { queueLocalReviews } from './remind-owners.ts'

const AT = '2026-12-01T09:00:00.000Z'
const LIST = '/workspace/local-services'
const OWNER = { 'owner-kind': 'team', 'owner-name': 'North team', mailbox: 'north@icb.example', months: '6' }
const NEW = { name: 'Falls helpline', type: '7', postcode: 'ZZ9 9AA', code: '360 14500', ...OWNER }

describe('the local catalogue', () => {
  let db: OpenDb
  let manager: Manager
  let lea: Browser
  let oli: Browser
  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    const place = { latitude: 53.4, longitude: -2.3, easting: 378_900, northing: 391_900, source: 'test' }
    await db.pool
      .insertInto('postcode')
      .values([
        { postcode_key: 'ZZ99AA', icb_code: 'E54000001', ...place },
        { postcode_key: 'ZZ88AA', icb_code: 'E54000002', ...place },
      ])
      .execute()
    await db.pool
      .insertInto('icb_area')
      .values([
        { icb_code: 'E54000001', icb_ods_code: 'QX1', pharmacies: 1 },
        { icb_code: 'E54000002', icb_ods_code: 'QX2', pharmacies: 1 },
      ])
      .execute()
    await db.transact(async (tx) => {
      const catalogue = { types: [{ id: 7, name: 'Mental Health' }], pairs: { 360: [14_207, 14_500], 1011: [4003] } }
      await storeCatalogue(tx, catalogue, { actor: 'command:test', action: 'test', at: AT })
      const local = (uid: number, name: string, postcode: string, codes: readonly number[]) =>
        aService({ uid, name, postcode, typeId: 7, odsCode: null, other: { sgsd: { 360: codes } } })
      await saveServices(
        tx,
        [
          local(901, 'Nobody’s', 'ZZ9 9AA', [14_500]),
          local(902, 'Of the other area', 'ZZ8 8AA', [14_500]),
          local(903, 'A surgery of the Service Finder', 'ZZ9 9AA', [14_023]),
        ],
        { actor: 'command:test', action: 'test', recordedAt: AT },
      )
    })
    manager = await startManager(db)
    lea = await manager.as({ email: 'lea@nhs.example', grants: [{ role: 'lead', scope: 'area:QX1' }] })
    oli = await manager.as({ email: 'oli@nhs.example', grants: [{ role: 'lead', scope: 'area:QX2' }] })
  })
  after(async () => {
    await manager?.close()
    await db.close()
  })
  const send = (browser: Browser, page: Page, action: string, fields: Record<string, string> = {}) => {
    const hidden = Object.fromEntries(
      [...page.body.matchAll(/name="(_csrf|version)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    )
    return browser.open(action, { ...hidden, ...fields })
  }

  test('lists services with a local code, of the reader’s areas alone', async () => {
    const list = visible(await lea.open(LIST))
    assert.match(list, /1 local service Nobody’s Nobody answers for it UID 901 Type Mental Health Z codes 360=14500/)
    assert.match(visible(await oli.open(LIST)), /1 local service Of the other area/)
    assert.equal((await lea.ask(`${LIST}/902`)).status, 404)
    assert.equal((await lea.ask(`${LIST}/903`)).status, 404)
    for (const path of ['x', '0', '%00', '9'.repeat(30), '999/owner'])
      assert.ok([400, 404].includes((await lea.ask(`${LIST}/${path}`)).status), path)
    assert.match(
      visible(await lea.open('/workspace')),
      /Local services to review Nothing waiting Local services that nobody answers for 1 waiting/,
    )
  })

  test('a new one gets the next number of ours, an owner, and a draft that waits for a second person', async () => {
    const page = await lea.open(`${LIST}/new`)
    const wrong = await send(lea, page, `${LIST}/new`, {
      ...NEW,
      name: '',
      type: '22',
      postcode: 'ZZ1 1ZZ',
      code: '1011 4003',
      mailbox: 'x',
    })
    assert.deepEqual(errorsOf(wrong), {
      name: 'Enter the name of the service',
      type: 'Choose what type of service it is',
      postcode: 'We do not know this postcode, so searches could not find the service. Check it',
      code: '1011=4003 is not a Z code: those have discriminators from 11000',
      mailbox: 'Enter an email address, like local.services@icb.nhs.uk',
    })
    const misplaced = await send(lea, page, `${LIST}/new`, { ...NEW, type: '132', code: '360=14207' })
    assert.match(errorsOf(misplaced)['code'] ?? '', /does not belong on Pharmacy Enhanced/)
    const elsewhere = await send(lea, page, `${LIST}/new`, { ...NEW, postcode: 'ZZ8 8AA' })
    assert.match(errorsOf(elsewhere)['postcode'] ?? '', /outside the areas you look after/)
    const made = await send(lea, page, `${LIST}/new`, NEW)
    assert.match(
      visible(made),
      /The service has its number\..*Falls helpline, UID 2140000001 Clinical profile .*1 pair in 1 group Changed/,
    )
    const { record, status } = await db.pool
      .selectFrom('service')
      .select(['record', 'status'])
      .where('uid', '=', 2_140_000_001)
      .executeTakeFirstOrThrow()
    assert.equal(status, 'COMMISSIONING')
    assert.deepEqual((record as { other: { sgsd: unknown } }).other.sgsd, {}, 'nothing clinical is published yet')
    assert.match(
      visible(await lea.open(`${LIST}/2140000001`)),
      /Commissioning .* Answered for by North team, north@icb\.example Review by 11 June 2027/,
    )
  })

  test('an owner is named, and of two who do it at once the second is told', async () => {
    const page = await lea.open(`${LIST}/901/owner`)
    assert.deepEqual(Object.keys(errorsOf(await send(lea, page, `${LIST}/901/owner`))), [
      'owner-kind',
      'owner-name',
      'mailbox',
      'months',
    ])
    assert.match(visible(await send(lea, page, `${LIST}/901/owner`, OWNER)), /Saved who answers for it\./)
    const late = await send(lea, page, `${LIST}/901/owner`, { ...OWNER, 'owner-name': 'Late' })
    assert.equal(late.status, 409)
    assert.match(late.body, /value="North team"/)
    assert.equal((await oli.ask(`${LIST}/901/owner`, { _csrf: 'x' })).status, 403)
  })

  test('on the day of its review the owner is told once, and reviewing sets the next day', async () => {
    const told = async () => {
      const rows = await db.pool.selectFrom('job').select('payload').execute()
      return rows
        .map(({ payload }) => payload as { kind?: string; recipient?: string; uid?: number })
        .filter(({ kind }) => kind === 'local-review')
    }
    assert.equal(await queueLocalReviews(db, new Date('2027-06-10T22:59:00Z')), 0)
    assert.equal(await queueLocalReviews(db, new Date('2027-06-11T07:00:00Z')), 2)
    assert.equal(await queueLocalReviews(db, new Date('2027-06-12T07:00:00Z')), 0)
    assert.deepEqual((await told()).map(({ uid, recipient }) => [uid, recipient]).sort(), [
      [2_140_000_001, 'north@icb.example'],
      [901, 'north@icb.example'],
    ])
    manager.clock.set('2027-06-11T09:00:00Z')
    lea = await manager.as({ email: 'lea@nhs.example', grants: [{ role: 'lead', scope: 'area:QX1' }] })
    assert.match(visible(await lea.open(`${LIST}?show=due`)), /2 local services to review Nobody’s Review overdue/)
    assert.match(visible(await lea.open('/workspace')), /Local services to review 2 waiting 2 late/)
    const page = await lea.open(`${LIST}/901`)
    assert.match(
      visible(await send(lea, page, `${LIST}/901/review`)),
      /Saved that the record is right\. .*Review by 11 December 2027 Last reviewed 11 June 2027/,
    )
    assert.equal((await send(lea, page, `${LIST}/901/review`)).status, 409)
    assert.match(visible(await lea.open('/workspace')), /Local services to review 1 waiting 1 late/)
    const actions = await db.pool
      .selectFrom('audit')
      .select('action')
      .where('target', '=', 'service:901')
      .orderBy('seq')
      .execute()
    assert.deepEqual(
      actions.map(({ action }) => action),
      ['name-local-owner', 'review-local-service'],
    )
  })

  test('the index is of the same codes as the rule', async () => {
    const query = sql<{
      text: string
    }>`select indexdef as text from pg_indexes where indexname = 'service_with_local_code'`
    const { rows } = await query.execute(db.pool)
    const plain = (text: string) => text.replaceAll(/[\s"()]/g, '')
    assert.ok(plain(rows[0]?.text ?? '').includes(plain(LOCAL_CODES)), rows[0]?.text)
  })
})
