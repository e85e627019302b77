import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { MAILBOX, postOffice, type SentEmail } from '#test/support/access.ts'
import { type Browser, formOf, type Page } from '#test/support/browser.ts'
import { aProfile } from '#test/support/builders.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { AMINA, BEN, errorsOf, type Manager, send, startManager, storePharmacy, visible } from '#test/support/manage.ts'
import { memberKey } from './members.ts'

const PEOPLE = '/manage/FX123/people'
const INVITE = `${PEOPLE}/invite`
const HEAD_OFFICE = { email: 'head@nhs.example', name: 'Dev Patel', grants: [{ role: 'group', scope: 'group:PX1' }] }
const LEAD = { email: 'lead@nhs.example', name: 'Lea Dowd', grants: [{ role: 'lead', scope: 'area:QX1' }] }
const DESK = { email: 'desk@nhs.example', name: 'Fiona Walsh', grants: [{ role: 'desk', scope: '' }] }
const MARKUP = '<script>alert(1)</script>'

describe('people and access', () => {
  let db: OpenDb
  let manager: Manager
  let post: () => Promise<readonly SentEmail[]>
  let amina: Browser
  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    const commissioning = { parentCode: 'PX1', icbCode: 'QX1', healthAndWellbeingBoard: null }
    const contact = { phone: '01632 960001', professionalEmail: MAILBOX }
    manager = await startManager(db, { profile: { contact, commissioning } })
    await storePharmacy(db, aProfile({ odsCode: 'FX900', name: 'Old Chemist', status: 'closed', commissioning }))
    for (const person of [BEN, HEAD_OFFICE, LEAD]) await manager.as(person)
    await grant('old@nhs.example', 'owner', 'FX900')
    amina = await manager.as(AMINA)
    post = postOffice(db, manager.clock, { baseUrl: manager.config.baseUrl, pepper: manager.config.secretsPepper })
  })
  after(async () => {
    await manager.close()
    await db.close()
  })

  const grant = async (email: string, role: string, odsCode = 'FX123', expires_at: string | null = null) => {
    const row = {
      email,
      role,
      scope: `ods:${odsCode}`,
      granted_at: '2026-12-01T09:00:00Z',
      granted_by: 'command:test',
      expires_at,
    }
    await db.pool.insertInto('role_grant').values(row).execute()
  }
  const rolesOf = async (email: string) =>
    (await db.pool.selectFrom('role_grant').select(['role', 'expires_at']).where('email', '=', email).execute()).map(
      ({ role, expires_at }) => (expires_at ? `${role} until ${expires_at}` : role),
    )
  const invite = async (browser: Browser, changed: Record<string, string>): Promise<Page> =>
    await send(browser, await browser.open(INVITE), INVITE, { role: 'editor', ...changed })
  const member = (email: string, more = '') => `${PEOPLE}/members/${memberKey('FX123', email)}${more}`
  const to = (emails: readonly SentEmail[], recipient: string) =>
    emails.find((email) => email.recipient === recipient) ?? assert.fail(`nothing for ${recipient}`)

  test('shows who has access, since when and until when, and where else access comes from', async () => {
    await grant('carla@nhs.example', 'closure-only', 'FX123', '2026-12-19T00:00:00Z')
    await grant('away@nhs.example', 'viewer')
    await db.pool
      .updateTable('role_grant')
      .set({ granted_at: '2026-08-01T09:00:00Z' })
      .where('email', '=', 'away@nhs.example')
      .execute()
    const words = visible(await amina.open(PEOPLE))
    assert.match(words, /Amina Khan \(you\) amina@nhs\.example Owner Added on 11 December 2026 by /)
    assert.match(
      words,
      /Carla carla@nhs\.example Closure only Ends on 18 December 2026 Added on 1 December 2026 by the support team Has not signed in yet/,
    )
    assert.match(words, /away@nhs\.example Viewer Not signed in for 90 days/)
    assert.match(
      words,
      /Has access from elsewhere .* Lea Dowd Leads the Directory.*Dev Patel, head@nhs\.example Head office|Dev Patel, head@nhs\.example Head office.*Lea Dowd Leads the Directory/,
    )
    assert.doesNotMatch(words, /lead@nhs\.example/, 'people of the area are named without their addresses')
    const ben = visible(await (await manager.as(BEN)).open(PEOPLE))
    assert.doesNotMatch(ben, /Change or remove|Invite somebody/, 'an editor looks and changes nothing')
  })

  test('shows when somebody last signed in, from the audit', async () => {
    const { appendToLedger } = await import('#src/platform/db/ledger.ts')
    const entry = {
      actor: `person:${BEN.email}`,
      action: 'sign-in',
      target: `person:${BEN.email}`,
      detail: {},
      changes: [],
    }
    await db.transact((tx) => appendToLedger(tx, '2026-12-09T08:00:00.000Z', [entry]))
    assert.match(
      visible(await amina.open(PEOPLE)),
      /Ben Okafor ben@nhs\.example Editor .*?Last signed in on 9 December 2026/,
    )
  })

  const WRONG: readonly (readonly [Record<string, string>, Record<string, string>, string])[] = [
    [
      { email: '', role: '' },
      { email: 'Enter an email address in the correct format, like name@nhs.net', role: 'Select what they need to do' },
      'nothing is filled in',
    ],
    [
      { email: MARKUP },
      { email: 'Enter an email address in the correct format, like name@nhs.net' },
      'markup is no address',
    ],
    [{ email: AMINA.email }, { email: 'You cannot invite yourself' }, 'oneself'],
    [
      { email: BEN.email },
      { email: `${BEN.email} has access already. Change it on the page before this one` },
      'a member',
    ],
    [{ email: 'x@nhs.net', role: 'admin' }, { role: 'Select what they need to do' }, 'a role of no pharmacy'],
    [
      { email: 'x@nhs.net', 'last-day-day': '10', 'last-day-month': '12', 'last-day-year': '2026' },
      { 'last-day-day': 'Last day must be today or in the future' },
      'yesterday',
    ],
    [
      { email: 'x@nhs.net', 'last-day-day': '31', 'last-day-month': '2', 'last-day-year': '2027' },
      { 'last-day-day': 'Last day must be a real date' },
      'no such day',
    ],
    [
      {
        email: 'x@nhs.net',
        role: 'closure-only',
        'last-day-day': '15',
        'last-day-month': '3',
        'last-day-year': '2027',
      },
      { 'last-day-day': 'Closure-only access can last up to 93 days' },
      'too long for a locum',
    ],
  ]
  for (const [fields, problems, because] of WRONG) {
    test(`an invitation is refused: ${because}`, async () => {
      const page = await invite(amina, { email: 'new@nhs.net', ...fields })
      assert.equal(page.status, 422)
      assert.deepEqual(errorsOf(page), problems)
    })
  }

  test('an invitation gives nothing until the person who was invited signs in and accepts', async () => {
    await post()
    assert.match(
      visible(await invite(amina, { email: 'Cy@nhs.net', role: 'closure-only' })),
      /Your invitation is on its way/,
    )
    await invite(amina, { email: 'cy@nhs.net', role: 'closure-only' })
    const mail = to(await post(), 'cy@nhs.net')
    assert.match(mail.subject, /^You are invited to look after Hill & Sons \(FX123\)$/)
    assert.match(mail.body, /Your access will last until the end of 18 December 2026\./)
    assert.match(mail.body, /The invitation is open until 25 December 2026\./)
    const path = new URL(/^(http\S+invitations\/\d+)$/m.exec(mail.body)?.[1] ?? assert.fail()).pathname
    const stranger = await manager.as({ email: 'stranger@nhs.net', grants: [] })
    const theirs = await stranger.open(path)
    assert.equal(theirs.status, 404)
    assert.match(visible(theirs), /There is no open invitation here for this address/)
    assert.deepEqual(await rolesOf('stranger@nhs.net'), [])
    const visitor = await manager.app.inject(path)
    assert.equal(visitor.headers.location, `/sign-in?return=${encodeURIComponent(path)}`)

    const cy = await manager.as({ email: 'cy@nhs.net', name: 'Cy Young', grants: [] })
    assert.match(
      visible(await cy.open('/manage')),
      /You are invited to look after Hill & Sons \(FX123\)\. Accept or decline/,
    )
    const page = await cy.open(path)
    assert.deepEqual(await rolesOf('cy@nhs.net'), [], 'looking changes nothing')
    assert.match(
      visible(page),
      /You will be Closure only.*Last day 18 December 2026 Invited by Amina Khan \(amina@nhs\.example\)/,
    )
    const hub = await send(cy, page, path, { do: 'accept' })
    assert.match(visible(hub), /You can look after this pharmacy now\./)
    assert.deepEqual(await rolesOf('cy@nhs.net'), ['closure-only until 2026-12-19T00:00:00.000Z'])
    const again = await send(cy, page, path, { do: 'accept' })
    assert.equal(again.url.pathname, '/manage/FX123', 'a second press leads to the same place')
    const told = await post()
    assert.match(to(told, AMINA.email).body, /cy@nhs\.net has access now\.\n\nRole: Closure only/)
    assert.equal(told.filter(({ recipient }) => recipient === 'cy@nhs.net').length, 1)
    assert.match(visible(hub), /Leave this pharmacy/, 'who cannot see the people leaves from the hub')
  })

  test('an invitation can be declined, withdrawn and sent again, and runs out', async () => {
    await post()
    await invite(amina, { email: 'dee@nhs.net' })
    await invite(amina, { email: 'eve@nhs.net' })
    await invite(amina, { email: 'fay@nhs.net' })
    await post()
    const pathFor = async (email: string) => {
      const row = await db.pool
        .selectFrom('access_invitation')
        .select('id')
        .where('email', '=', email)
        .executeTakeFirstOrThrow()
      return `/manage/invitations/${row.id}`
    }
    const dee = await manager.as({ email: 'dee@nhs.net', grants: [] })
    const deePath = await pathFor('dee@nhs.net')
    const declined = await send(dee, await dee.open(deePath), deePath, { do: 'decline' })
    assert.match(visible(declined), /You have declined the invitation/)
    assert.match(to(await post(), AMINA.email).subject, /dee@nhs\.net declined the invitation$/)
    const evePath = await pathFor('eve@nhs.net')
    const people = await amina.open(PEOPLE)
    assert.match(
      visible(await send(amina, people, `${evePath.replace('/manage', '')}/withdraw`)),
      /The invitation is withdrawn/,
    )
    const eve = await manager.as({ email: 'eve@nhs.net', grants: [] })
    assert.equal((await eve.open(evePath)).status, 404)

    const fayPath = await pathFor('fay@nhs.net')
    const again = async () => await send(amina, await amina.open(PEOPLE), `${fayPath.replace('/manage', '')}/send`)
    await again()
    assert.equal((await post()).length, 0, 'a second click minutes later sends nothing')
    manager.clock.set('2026-12-11T10:45:00Z')
    assert.match(visible(await again()), /Your invitation is on its way again/)
    assert.match(to(await post(), 'fay@nhs.net').subject, /^You are invited/)
    manager.clock.set('2026-12-25T10:45:00Z')
    const fay = await manager.as({ email: 'fay@nhs.net', grants: [] })
    assert.equal((await fay.open(fayPath)).status, 404, 'fourteen days later it is over')
    assert.match(
      visible(await (await manager.as(AMINA)).open(PEOPLE)),
      /fay@nhs\.net Editor\. Invited by Amina Khan .* Ran out on 25 December 2026/,
    )
    manager.clock.set('2026-12-11T10:34:00Z')
    amina = await manager.as(AMINA)
  })

  test('an invitation of somebody who may not give access any more is worth nothing', async () => {
    const second = await manager.as({
      email: 'second@nhs.net',
      name: 'Second',
      grants: [{ role: 'owner', scope: 'ods:FX123' }],
    })
    await invite(second, { email: 'friend@nhs.net', role: 'owner' })
    const { id } = await db.pool
      .selectFrom('access_invitation')
      .select('id')
      .where('email', '=', 'friend@nhs.net')
      .executeTakeFirstOrThrow()
    const friend = await manager.as({ email: 'friend@nhs.net', grants: [] })
    const page = await friend.open(`/manage/invitations/${id}`)
    await send(amina, await amina.open(member('second@nhs.net', '/remove')), '/remove')
    assert.equal((await send(friend, page, `invitations/${id}`, { do: 'accept' })).status, 404)
    assert.deepEqual(await rolesOf('friend@nhs.net'), [])
  })

  test('an owner changes what somebody may do; they and the other owners are told, once', async () => {
    await grant('olga@nhs.example', 'owner')
    await grant('hal@nhs.example', 'viewer')
    await post()
    const form = await amina.open(member('hal@nhs.example'))
    const saved = await send(amina, form, member('hal@nhs.example'), {
      role: 'editor',
      'last-day-day': '31',
      'last-day-month': 'January',
      'last-day-year': '2027',
    })
    assert.match(visible(saved), /The change is saved/)
    assert.deepEqual(await rolesOf('hal@nhs.example'), ['editor until 2027-02-01T00:00:00.000Z'])
    await send(amina, form, member('hal@nhs.example'), {
      role: 'editor',
      'last-day-day': '31',
      'last-day-month': '1',
      'last-day-year': '2027',
    })
    const told = await post()
    assert.deepEqual(told.map(({ recipient }) => recipient).sort(), ['hal@nhs.example', 'olga@nhs.example'])
    assert.match(
      to(told, 'hal@nhs.example').body,
      /Your access has changed for Hill & Sons \(FX123\)\.\n\nEditor: .*\nYour access lasts until the end of 31 January 2027\.\nDone by: Amina Khan \(amina@nhs\.example\)/,
    )
    const gone = await send(amina, await amina.open(member('hal@nhs.example', '/remove')), '/remove')
    assert.match(visible(gone), /They no longer have access/)
    assert.deepEqual(await rolesOf('hal@nhs.example'), [])
    assert.equal((await amina.open(member('hal@nhs.example'))).status, 404)
    await send(amina, await amina.open(member('olga@nhs.example', '/remove')), '/remove')
  })

  test('the last owner cannot leave, be removed or be made less; not by a desk either', async () => {
    assert.deepEqual(await rolesOf(AMINA.email), ['owner'])
    const leave = await amina.open('/manage/FX123/leave')
    assert.match(visible(leave), /You are the only owner\. Make somebody else an owner first\./)
    assert.doesNotMatch(leave.body, /action="[^"]*leave"/, 'nothing to press that would be refused')
    const left = await amina.open('/manage/FX123/leave', formOf(leave, '/sign-out').hidden)
    assert.deepEqual(errorsOf(left), { confirm: 'You are the only owner. Make somebody else an owner first' })
    const lowered = await send(amina, await amina.open(member(AMINA.email)), member(AMINA.email), { role: 'editor' })
    assert.deepEqual(errorsOf(lowered), { role: 'You are the only owner. Make somebody else an owner first' })
    for (const person of [DESK, HEAD_OFFICE]) {
      const browser = await manager.as(person)
      const remove = await browser.open(member(AMINA.email, '/remove'))
      assert.match(visible(remove), /They are the only owner\. Make somebody else an owner first\./)
      const page = await browser.open(remove.url.href, formOf(remove, '/sign-out').hidden)
      assert.deepEqual(errorsOf(page), { confirm: 'They are the only owner. Make somebody else an owner first' })
    }
    assert.deepEqual(await rolesOf(AMINA.email), ['owner'])
  })

  test('of two owners who leave at once one stays', async () => {
    const zoe = { email: 'zoe@nhs.example', name: 'Zoe', grants: [{ role: 'owner', scope: 'ods:FX123' }] }
    const browser = await manager.as(zoe)
    const pages = await Promise.all([amina.open('/manage/FX123/leave'), browser.open('/manage/FX123/leave')])
    const [first, second] = pages
    assert.ok(first && second)
    const answers = await Promise.all([send(amina, first, '/leave'), send(browser, second, '/leave')])
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409])
    const owners = [...(await rolesOf(AMINA.email)), ...(await rolesOf(zoe.email))]
    assert.deepEqual(owners, ['owner'])
    await db.pool.deleteFrom('role_grant').where('email', '=', zoe.email).execute()
    amina = await manager.as(AMINA)
  })

  test('nobody raises themselves: a desk that is a viewer here stays one', async () => {
    const both = {
      ...DESK,
      email: 'both@nhs.example',
      grants: [...DESK.grants, { role: 'viewer', scope: 'ods:FX123' }],
    }
    const browser = await manager.as(both)
    const page = await send(browser, await browser.open(member(both.email)), member(both.email), { role: 'owner' })
    assert.deepEqual(errorsOf(page), { role: 'You cannot give more access than you have, or raise your own' })
    const left = await send(browser, await browser.open('/manage/FX123/leave'), '/leave')
    assert.match(visible(left), /You have left the pharmacy/)
  })

  test('a pharmacy that closed for good can be left and not be joined or edited', async () => {
    const old = await manager.as({ email: 'old@nhs.example', grants: [] })
    assert.equal((await old.open('/manage/FX900')).status, 200)
    assert.equal((await old.open('/manage/FX900/contact-details/change')).status, 403)
    assert.match(visible(await old.open('/manage/FX900/people/invite')), /Nobody can be invited any more/)
    assert.doesNotMatch(visible(await old.open('/manage/FX900/people')), /Invite somebody/)
  })

  test('changes need a sign-in of the last quarter of an hour; looking does not', async () => {
    manager.clock.set('2026-12-11T10:50:00Z')
    for (const path of [INVITE, member(BEN.email), member(BEN.email, '/remove'), '/manage/FX123/leave']) {
      const page = await amina.ask(path)
      assert.equal(page.status, 303)
      assert.equal(page.headers.get('location'), `/sign-in/again?${new URLSearchParams({ return: path })}`)
    }
    assert.equal((await amina.ask(PEOPLE)).status, 200, 'looking needs none')
    manager.clock.set('2026-12-11T10:34:00Z')
    const form = await amina.open(INVITE)
    manager.clock.set('2026-12-11T10:50:00Z')
    const sent = await amina.ask(INVITE, {
      _csrf: /name="_csrf" value="([^"]*)"/.exec(form.body)?.[1] ?? '',
      email: 'late@nhs.net',
      role: 'owner',
    })
    assert.equal(sent.headers.get('location'), `/sign-in/again?${new URLSearchParams({ return: INVITE })}`)
    assert.deepEqual(
      await db.pool.selectFrom('access_invitation').select('id').where('email', '=', 'late@nhs.net').execute(),
      [],
    )
    manager.clock.set('2026-12-11T10:34:00Z')
  })
})
