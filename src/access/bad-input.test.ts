/** Whatever a browser, a scanner or a rival sends to the pages about access: an answer of ours, never a fault, and nothing changed. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import type { Browser } from '#test/support/browser.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { AMINA, BEN, type Manager, startManager } from '#test/support/manage.ts'
import { memberKey } from './members.ts'

const DESK = { email: 'desk@nhs.example', name: 'Fiona Walsh', grants: [{ role: 'desk', scope: '' }] }
const FIELDS = ['full-name', 'job-role', 'pharmacies', 'role', 'step', 'declaration', 'pick-fx123', 'email', 'verdict']
const MORE_FIELDS = ['reason', 'last-day-day', 'last-day-month', 'last-day-year', 'do', 'code-1']
const VALUES: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['markup', '<script>alert(1)</script>'],
  ['a megabyte less a little', 'x'.repeat(9000)],
  ['control characters', '\u0000\u0007\u001b[31m'],
  ['half a surrogate pair', '\ud800'],
  ['right to left', '\u202egnp.exe'],
  ['a formula', '=HYPERLINK("http://evil.example")'],
  ['SQL', "'; drop table role_grant; --"],
  ['a wildcard', '%_\\'],
  ['an address elsewhere', '//evil.example/'],
  ['header lines', 'a\r\nLocation: http://evil.example'],
  ['the name of a property', '__proto__'],
]

describe('bad input', () => {
  let db: OpenDb
  let manager: Manager
  let amina: Browser
  let desk: Browser
  let paths: readonly string[]
  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    manager = await startManager(db)
    await manager.as(BEN)
    amina = await manager.as(AMINA)
    desk = await manager.as(DESK)
    const asked = { ods_code: 'FX123', name: 'Gus', job_role: 'x', role: 'viewer', asked_at: '2026-12-11T09:00:00Z' }
    const { id } = await db.pool
      .insertInto('access_request')
      .values({ ...asked, email: 'gus@nhs.net' })
      .returning('id')
      .executeTakeFirstOrThrow()
    const member = `/manage/FX123/people/members/${memberKey('FX123', BEN.email)}`
    paths = [
      '/manage/access',
      `/manage/access/requests/${id}/code`,
      `/manage/access/requests/${id}/new-code`,
      '/manage/FX123/people/invite',
      member,
      `/manage/FX123/people/requests/${id}`,
      '/manage/invitations/1',
      `/workspace/access-requests/${id}`,
      `/confirm-access/${id}/${'A'.repeat(43)}`,
    ]
  })
  after(async () => {
    await manager.close()
    await db.close()
  })
  const rights = async () =>
    JSON.stringify(await db.pool.selectFrom('role_grant').selectAll().orderBy('email').execute())
  const csrfOf = async (browser: Browser) =>
    /name="_csrf" value="([^"]*)"/.exec((await browser.open('/manage')).body)?.[1] ?? ''

  for (const [what, value] of VALUES) {
    test(`in every field: ${what}`, async () => {
      const before = await rights()
      const fields = Object.fromEntries([...FIELDS, ...MORE_FIELDS].map((name) => [name, value]))
      for (const browser of [amina, desk]) {
        const _csrf = await csrfOf(browser)
        for (const path of paths) {
          const page = await browser.ask(path, { ...fields, _csrf })
          assert.ok(page.status < 500, `${path} answered ${page.status}`)
          assert.doesNotMatch(page.body, /<script>alert/, path)
          const location = page.headers.get('location') ?? '/'
          assert.match(location, /^\/(?!\/)/, `${path} leads away: ${location}`)
        }
      }
      assert.equal(await rights(), before, 'nobody gained or lost anything')
    })
  }

  test('a field sent twice, or as an object, is no value', async () => {
    const before = await rights()
    const _csrf = await csrfOf(amina)
    const twice = FIELDS.flatMap((name) => [`${name}=a`, `${name}=b`]).join('&')
    for (const path of paths) {
      for (const [type, payload] of [
        ['application/x-www-form-urlencoded', `${twice}&_csrf=${encodeURIComponent(_csrf)}`],
        ['application/json', JSON.stringify({ _csrf, pharmacies: { a: 1 }, email: ['x'], role: null })],
        ['application/json', '[]'],
        ['text/plain', 'role=owner'],
      ] as const) {
        const session = amina.cookie('signpost-session')
        const secret = amina.cookie('signpost-csrf')
        const cookie = `signpost-session=${session}; signpost-csrf=${encodeURIComponent(secret ?? '')}`
        const headers = { 'content-type': type, cookie, host: 'localhost:3000' }
        const page = await manager.app.inject({ method: 'POST', url: path, headers, payload })
        assert.ok(page.statusCode < 500, `${path} with ${type} answered ${page.statusCode}`)
      }
    }
    assert.equal(await rights(), before)
  })

  test('numbers and keys in addresses that nobody gave out lead nowhere', async () => {
    for (const number of ['0', '-1', '1e3', '99999999999999999999', 'x'.repeat(199), '１']) {
      for (const path of [
        `/manage/invitations/${number}`,
        `/manage/FX123/people/members/${number}`,
        `/manage/FX123/people/requests/${number}`,
        `/workspace/access-requests/${number}`,
        `/confirm-access/${number}/${number}`,
      ]) {
        const page = await desk.ask(encodeURI(path).replaceAll('%25', '%'))
        assert.ok([302, 303, 400, 403, 404].includes(page.status), `${path} answered ${page.status}`)
      }
    }
  })

  test('opening every page again and again changes nothing: mail scanners follow every link', async () => {
    const state = async () => [
      await rights(),
      JSON.stringify(await db.pool.selectFrom('access_request').selectAll().execute()),
      (await db.pool.selectFrom('audit').select('seq').execute()).length,
    ]
    const before = await state()
    for (const path of paths.filter((each) => !/\/(code|new-code)$/.test(each))) {
      for (const browser of [amina, desk]) for (let round = 0; round < 2; round++) await browser.ask(path)
      await manager.app.inject(path)
      await manager.app.inject({ method: 'HEAD', url: path })
    }
    assert.deepEqual(await state(), before)
  })
})
