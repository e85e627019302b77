import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { NOT_OFFERED } from '#src/profiles/decide-services.ts'
import { loadProfile, loadServicesOf } from '#src/profiles/load-profiles.ts'
import { BLOOD_PRESSURE_CHECK } from '#src/rules/service-matching.ts'
import type { Browser } from '#test/support/browser.ts'
import { aProfile, aService } from '#test/support/builders.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { errorsOf, type Manager, send, startManager, storePharmacy, visible } from '#test/support/manage.ts'

const HUB = '/manage/FX134'
const OWNER = {
  email: 'imran@nhs.example',
  name: 'Imran Rahman',
  grants: ['FX134', 'FX135'].map((code) => ({ role: 'owner', scope: `ods:${code}` })),
}
const DISTANCE_SELLING = 2_000_000_134
const URGENT_MEDICINES = 2_000_000_131
const BLOOD_PRESSURE = 2_000_000_148

/** As an import may bring it: with a service of the directory, and an answer, that nobody can give at a distance. */
const ONLINE = aProfile({
  odsCode: 'FX134',
  name: 'Rahman Online',
  kind: 'distance-selling',
  contact: { phone: '01632 960134', website: 'https://www.rahman.example' },
  services: { [BLOOD_PRESSURE_CHECK]: { ...NOT_OFFERED, offered: true } },
})
const SERVICES = [
  aService({ uid: DISTANCE_SELLING, typeId: 134, odsCode: 'FX134', name: 'Distance selling' }),
  aService({ uid: URGENT_MEDICINES, typeId: 131, odsCode: 'FX134UMS', name: 'Urgent medicines' }),
  aService({ uid: BLOOD_PRESSURE, typeId: 148, odsCode: 'FX134BPS', name: 'Blood pressure' }),
]

const PAGES = [
  '',
  '/contact-details',
  '/contact-details/change',
  '/contact-details/delivery',
  '/opening-times',
  '/opening-times/change',
  '/opening-times/core-hours',
  '/bank-holidays',
  '/bank-holidays/change',
  '/closures-and-changes',
  '/closures-and-changes/add',
  '/services',
  '/services/change',
  '/services/SRV0560/change',
  '/urgent-care-services',
  '/urgent-care-services/change',
  '/facilities',
  '/facilities/change',
  '/check-everything',
  '/standing',
  '/history',
  '/evidence',
  '/people',
  '/address-and-name',
  '/address-and-name/name',
  '/address-and-name/address',
]

describe('a distance selling pharmacy', () => {
  let db: OpenDb
  let manager: Manager
  let imran: Browser
  const profile = async () => (await loadProfile(db.pool, 'FX134'))?.profile
  const recordOf = async (uid: number) =>
    (await loadServicesOf(db.pool, 'FX134')).find(({ record }) => record.uid === uid)?.record

  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    await storePharmacy(db, ONLINE, SERVICES)
    const { services: _, ...silent } = ONLINE
    const other = aService({ uid: 2_000_000_135, typeId: 148, odsCode: 'FX135BPS', name: 'Blood pressure' })
    await storePharmacy(db, { ...silent, odsCode: 'FX135' }, [other])
    manager = await startManager(db)
    imran = await manager.as(OWNER)
  })
  after(async () => {
    await manager.close()
    await db.close()
  })

  for (const path of PAGES) {
    test(`reads of no visits and no opening times at ${path || 'its hub'}`, async () => {
      const page = await imran.open(`${HUB}${path}`)
      if (path === '/services/SRV0560/change')
        return assert.equal(page.status, 404, 'nobody can give this at a distance')
      assert.equal(page.status, 200)
      const words = visible(page).replaceAll(/has no visitors|have no visitors/g, '')
      assert.doesNotMatch(words, /visit|walk|opening times|opening hours|\bdoor\b|travel|come in|people who come/i)
    })
  }

  test('has an on-site service of the directory in its list, with the reason why nobody may offer it', async () => {
    assert.match(visible(await imran.open('/manage/FX135')), /Blood pressure .*?Ask the directory team to close it/)
    const list = visible(await imran.open(`${HUB}/urgent-care-services`))
    assert.match(list, /Blood Pressure Check .*?Not shown to anybody: people have to be there for it/)
    const shown = await imran.open('/pharmacies/FX134')
    assert.doesNotMatch(visible(shown), /blood pressure check service/i)
    const { body } = await imran.open('/api/v1/pharmacies/FX134')
    const offered = JSON.parse(body).offeredServices as { code: string; offered: boolean }[]
    assert.equal(offered.find(({ code }) => code === BLOOD_PRESSURE_CHECK)?.offered, false)
  })

  test('changes its staffed hours, and its services of the directory have them', async () => {
    const form = await imran.open(`${HUB}/opening-times/change`)
    assert.match(visible(form), /Staffed on Monday/)
    const check = await send(imran, form, 'opening-times/change', { 'monday-1-from': '8am', 'monday-1-to': '8pm' })
    assert.match(visible(check), /Check your staffed hours/)
    const hub = await send(imran, check, 'opening-times/change/check')
    assert.match(hub.body, /Your staffed hours are saved/)
    for (const uid of [DISTANCE_SELLING, URGENT_MEDICINES]) {
      assert.deepEqual((await recordOf(uid))?.hours.weekly[0], [{ opens: 480, closes: 1200 }], String(uid))
    }
    assert.equal((await recordOf(BLOOD_PRESSURE))?.status, 'CLOSED', 'nobody can give it at a distance')
  })

  test('is told kindly what its delivery words must not say', async () => {
    const form = await imran.open(`${HUB}/contact-details/delivery`)
    const refused = await send(imran, form, 'contact-details/delivery', {
      how: 'By post, or pop in to our shop.',
      'order-by': 'noonish',
      'working-days': '99',
      'premises-number': '12',
    })
    assert.equal(refused.status, 422)
    assert.deepEqual(Object.keys(errorsOf(refused)).sort(), ['order-by', 'premises-number'])
    const again = await send(imran, refused, 'contact-details/delivery', { 'order-by': '', 'premises-number': '' })
    assert.deepEqual(errorsOf(again), {
      how: 'Take out “pop in”: how you deliver must not ask people to come to you',
      'working-days': 'The usual delivery time must be a whole number of working days from 1 to 10',
    })
    await send(imran, await imran.open(`${HUB}/contact-details/delivery`), 'delivery/discard')
  })

  test('says how it delivers, and everybody reads it', async () => {
    const form = await imran.open(`${HUB}/contact-details/delivery`)
    const check = await send(imran, form, 'contact-details/delivery', {
      how: 'Free, by tracked post & van.',
      'order-by': '2pm',
      'working-days': '2 days',
      'premises-number': 'GPhC 1999471',
    })
    assert.match(visible(check), /Usual delivery time After: 2 working days/)
    assert.match(visible(check), /This does not change what any DoS service says/)
    const page = await send(imran, check, 'delivery/check')
    assert.equal(page.url.pathname, `${HUB}/contact-details`)
    assert.match(visible(page), /How you deliver Free, by tracked post & van\. .*1999471/)
    assert.deepEqual((await profile())?.delivery, {
      how: 'Free, by tracked post & van.',
      orderBy: 840,
      workingDays: 2,
      premisesNumber: '1999471',
    })
    const shown = visible(await imran.open('/pharmacies/FX134'))
    assert.match(shown, /How you get your medicines .*Free, by tracked post & van\. .*order by 2pm/)
    assert.match(shown, /Staffed hours In these hours somebody answers the phone/)
    assert.match(visible(await imran.open(`${HUB}/history`)), /Changed: Contact details .*How you deliver/)
    const evidence = await imran.open(`${HUB}/evidence`)
    const receipt = /href="([^"]*\/receipts\/[^"/]*)"/.exec(evidence.body)?.[1] ?? ''
    assert.match(visible(await imran.open(receipt)), /Contact details.*How you deliver.*Free, by tracked post & van/)
    const { body } = await imran.open('/api/v1/pharmacies/FX134')
    assert.equal(JSON.parse(body).delivery.orderBy, '14:00')
  })

  test('chooses when somebody else said meanwhile how it delivers', async () => {
    const path = `${HUB}/contact-details/delivery`
    const form = await imran.open(path)
    const colleague = await manager.as({ ...OWNER, email: 'noor@nhs.example', name: 'Noor Rahman' })
    const theirs = await send(colleague, await colleague.open(path), 'contact-details/delivery', {
      'working-days': '3',
    })
    await send(colleague, theirs, 'delivery/check')
    const mine = await send(imran, form, 'contact-details/delivery', { 'working-days': '1' })
    assert.equal(mine.url.pathname, `${path}/conflict`)
    assert.match(visible(mine), /Noor Rahman saved a change .*Usual delivery time .*1 working day .*3 working days/)
    await send(imran, mine, 'delivery/conflict', { 'choose-working-days': 'theirs' })
    assert.equal((await profile())?.delivery?.workingDays, 3)
  })

  test('a colleague’s new phone number does not stand in the way of how it delivers', async () => {
    const form = await imran.open(`${HUB}/contact-details/delivery`)
    const change = await send(imran, await imran.open(`${HUB}/contact-details/change`), 'contact-details/change', {
      phone: '01632 960999',
    })
    await send(imran, change, 'contact-details/change/check')
    const check = await send(imran, form, 'contact-details/delivery', { 'order-by': '3pm' })
    await send(imran, check, 'delivery/check')
    const { contact, delivery } = (await profile()) ?? {}
    assert.deepEqual([contact?.phone, delivery?.orderBy], ['01632 960 999', 900])
  })

  test('cannot take its website away', async () => {
    const form = await imran.open(`${HUB}/contact-details/change`)
    const refused = await send(imran, form, 'contact-details/change', { website: '' })
    assert.deepEqual(Object.keys(errorsOf(refused)), ['website'])
    await send(imran, await imran.open(`${HUB}/contact-details/change`), 'contact-details/change/discard')
  })

  test('is asked about help at a distance, and not about a building', async () => {
    const form = await imran.open(`${HUB}/facilities/change`)
    assert.match(visible(form), /British Sign Language by video .*Large-print labels/)
    assert.doesNotMatch(visible(form), /Car parking|Wheelchair access|Induction loop|Baby changing/)
    const check = await send(imran, form, 'facilities/change', { 'facility-large-print': 'yes' })
    await send(imran, check, 'facilities/change/check')
    assert.deepEqual((await profile())?.facilities, { 'large-print': { has: true } })
    const page = await imran.open(`${HUB}/facilities`)
    const confirmed = await send(imran, page, 'facilities/confirm')
    assert.match(confirmed.body, /Facilities: everything is correct/)
  })

  test('a pharmacy that people visit has no such form', async () => {
    const amina = await manager.as({
      ...OWNER,
      grants: [{ role: 'owner', scope: 'ods:FX123' }],
      email: 'a@nhs.example',
    })
    assert.equal((await amina.open('/manage/FX123/contact-details/delivery')).status, 404)
    assert.doesNotMatch(visible(await amina.open('/manage/FX123/contact-details')), /deliver/)
  })
})
