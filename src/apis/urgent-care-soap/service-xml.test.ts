import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Returned } from '#src/directory/triage/triage-index.ts'
import { buildTriageReference } from '#src/directory/triage/triage-reference.ts'
import { toUrgentCare } from '#test/support/urgent-care.ts'
import { type ServiceWriter, serviceWriter } from './service-xml.ts'

const NOW = { day: 20_670, minute: 600 }
const itemBy = (writer: ServiceWriter, returned: Returned): string =>
  Buffer.from(writer.item(returned, NOW), 'latin1').toString()
const nameIn = (xml: string, element = 'name'): string | undefined =>
  new RegExp(`<ns1:${element}>([^<]*)<`).exec(xml)?.[1]

test('what is kept of a service ends with the next version of it', () => {
  const writer = serviceWriter('1.5')
  writer.refresh(buildTriageReference({}), NOW)
  const write = (name: string) =>
    nameIn(itemBy(writer, { service: toUrgentCare({ name }), distanceMetres: 0, label: 'Home' }))
  assert.equal(write('Old'), 'Old (Home)')
  assert.equal(write('New'), 'New (Home)')
})

test('the names of types are those of the catalogue as it is now', () => {
  const writer = serviceWriter('1.5')
  const service = toUrgentCare({ typeId: 13 })
  const typeName = (name: string) => {
    writer.refresh(buildTriageReference({ types: [{ id: 13, name }] }), NOW)
    return nameIn(itemBy(writer, { service, distanceMetres: 0, label: null }).split('serviceType')[1] ?? '')
  }
  assert.equal(typeName('Pharmacy'), 'Pharmacy')
  assert.equal(typeName('Community pharmacy'), 'Community pharmacy')
})

test('a session past midnight is written as two, up to 23:59 and from 00:00', () => {
  const writer = serviceWriter('1.5')
  writer.refresh(buildTriageReference({}), NOW)
  const late = [{ opens: 1320, closes: 1560 }]
  const weekly = [late, [], [], [], [], [], []]
  const service = toUrgentCare({ hours: { weekly, bankHoliday: [], openAllHours: false, specified: {} } })
  const xml = itemBy(writer, { service, distanceMetres: 0, label: null })
  const times = [
    ...xml.matchAll(
      /<ns1:startDayOfWeek>(\w+)<.*?<ns1:hours>(\d+)<.*?<ns1:hours>(\d+)<\/ns1:hours><ns1:minutes>(\d+)/g,
    ),
  ]
  assert.deepEqual(
    times.map((match) => match.slice(1).join(' ')),
    ['Monday 22 23 59', 'Tuesday 0 2 0'],
  )
})
