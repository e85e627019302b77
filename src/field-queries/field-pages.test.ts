import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from 'kysely'
import { emailJobs } from '#src/emails/email-jobs.ts'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { noMailer } from '#src/platform/mail/mail.ts'
import { TELL_OF_VALUE } from '#src/profiles/asked-values.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { Browser, Page } from '#test/support/browser.ts'
import { aProfile } from '#test/support/builders.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { AMINA, BEN, errorsOf, type Manager, send, startManager, storePharmacy, visible } from '#test/support/manage.ts'
import { issueReceipts } from '#test/support/receipts.ts'
import { remindOfReplies, tellOfAskedValue } from './field-jobs.ts'

const LEAD = { email: 'lead@icb.example', name: 'Lena Lead', grants: [{ role: 'lead', scope: 'area:QOP' }] }
const FAR_LEAD = { email: 'far@icb.example', name: 'Fay Far', grants: [{ role: 'lead', scope: 'area:QXX' }] }
const VIEWER = { email: 'viewer@nhs.example', name: 'Vic', grants: [{ role: 'viewer', scope: 'ods:FX123' }] }
const HUB = '/manage/FX123'
const SECRET = '01632 960990'
const icb = (icbCode: string) => ({ commissioning: { parentCode: null, icbCode, healthAndWellbeingBoard: null } })

describe('one field of a profile, and the people who differ about it', () => {
  let db: OpenDb
  let manager: Manager
  let amina: Browser
  let lead: Browser
  const clock = fixedClock('2026-11-22T10:00:00Z')
  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    manager = await startManager(db, {
      clock,
      profile: { ...icb('QOP'), contact: { phone: '01632 960001', professionalPhone: SECRET } },
    })
    await storePharmacy(db, aProfile({ odsCode: 'FX999', ...icb('QXX') }))
    ;[amina, lead] = [await manager.as(AMINA), await manager.as(LEAD)]
    await manager.as(BEN)
  })
  after(async () => {
    await manager.close()
    await db.close()
  })

  const deps = () => ({
    ...{ db, clock, issueReceipts, holidays: () => manager.memory.holidays, sharedMailboxOf: () => null },
  })
  /** Does what a worker would: tells of values, then writes the emails. What was sent since, by recipient and subject. */
  const mail = async (): Promise<readonly { recipient: string; subject: string; body: string }[]> => {
    const known = new Set((await sent()).map(({ event, recipient }) => `${event} ${recipient}`))
    const jobs = await db.pool.selectFrom('job').select(['id', 'queue', 'payload']).orderBy('id').execute()
    for (const { payload } of jobs.filter(({ queue }) => queue === TELL_OF_VALUE)) {
      await tellOfAskedValue(deps(), { payload })
    }
    const emails = await db.pool.selectFrom('job').selectAll().where('queue', '=', 'email').orderBy('id').execute()
    const { email } = emailJobs({ db, clock, mailer: noMailer, baseUrl: 'https://signpost.example' })
    for (const { id, queue, payload } of emails) {
      if (!String((payload as { kind?: string }).kind).startsWith('field-')) continue
      await email({ id, queue, payload, attempts: 1, maxAttempts: 1 })
    }
    return (await sent()).filter(({ event, recipient }) => !known.has(`${event} ${recipient}`))
  }
  const sent = () =>
    db.pool.selectFrom('email_sent').selectAll().where('event', 'like', 'field%').orderBy('recipient').execute()
  const who = (emails: readonly { recipient: string }[]) => emails.map(({ recipient }) => recipient).join(', ')
  /** Days later everybody signs in again. */
  const later = async (instant: string) => {
    clock.set(instant)
    ;[amina, lead] = [await manager.as(AMINA), await manager.as(LEAD)]
  }
  const phone = async () => (await loadProfile(db.pool, 'FX123'))?.profile.contact.phone
  const changePhone = async (browser: Browser, fields: Record<string, string>): Promise<Page> => {
    const form = await browser.open(`${HUB}/contact-details/change`)
    const check = await send(browser, form, 'contact-details/change', { ...fields, do: 'continue' })
    return send(browser, check, 'contact-details/change/check')
  }

  test('a lead asks, the pharmacy answers, the lead closes; each is told, and nobody else sees it', async () => {
    const form = await lead.open('/workspace/queries/new?ods=fx123&field=phone')
    assert.match(visible(form), /Public phone number .*What it says now .*01632 960001/)
    const empty = await send(lead, form, 'queries/new', { question: '', 'reply-by-year': '2020', 'if-no-reply': '' })
    assert.equal(empty.status, 422)
    assert.deepEqual(Object.keys(errorsOf(empty)), ['question', 'reply-by-day', 'if-no-reply'])
    const asked = await send(lead, form, 'queries/new', { question: 'Is this <b>the</b> number?' })
    assert.match(visible(asked), /The pharmacy is asked/)
    const emails = await mail()
    assert.equal(who(emails), 'amina@nhs.example, ben@nhs.example')
    assert.match(emails[0]?.body ?? '', /> Is this <b>the<\/b> number\?[\s\S]*Reply by|Reply by: 29 November 2026/)
    assert.match(emails[0]?.body ?? '', /Reply by: 29 November 2026[\s\S]*We ring the pharmacy/)

    const hub = await amina.open(HUB)
    assert.match(visible(hub), /For you to look at Answer a question about public phone number by 29 November 2026/)
    const one = await amina.open(`${HUB}/queries/1`)
    assert.match(visible(one), /Lena Lead Directory team .* Is this <b>the<\/b> number\? .*Your answer/)
    assert.ok(!one.body.includes('<b>the</b>'))
    const answered = await send(amina, one, 'queries/1', { words: 'Yes, since Monday.' })
    assert.match(visible(answered), /Your answer is sent.*You have answered/)
    assert.equal(who(await mail()), 'lead@icb.example')
    const twice = await send(amina, one, 'queries/1', { words: 'No, wait' })
    assert.equal(twice.status, 409)
    assert.match(visible(twice), /Somebody wrote or closed this.*No, wait/, 'what was typed is kept')

    assert.match(visible(await lead.open('/workspace')), /Answers of pharmacies 1/)
    const thread = await lead.open('/workspace/queries/1')
    const noOutcome = await lead.open(thread.url.pathname, { ...hiddenOf(thread), do: 'close' })
    assert.deepEqual(errorsOf(noOutcome), { outcome: 'Select how the question ends' })
    const closed = await lead.open(thread.url.pathname, { ...hiddenOf(thread), do: 'close', outcome: 'right' })
    assert.match(visible(closed), /Closed .*It is right as it is\. Closed by Lena Lead/)
    assert.equal(who(await mail()), 'amina@nhs.example, ben@nhs.example')

    const others = [await manager.as(FAR_LEAD), await manager.as(VIEWER)]
    const answers = await Promise.all(
      others.flatMap((each) => [each.ask('/workspace/queries/1'), each.ask(`${HUB}/queries/1`)]),
    )
    assert.deepEqual(
      answers.map(({ status }) => status),
      [404, 403, 403, 403],
      'a lead of elsewhere finds nothing',
    )
    assert.equal((await others[0]?.ask('/workspace/queries/new?ods=FX123&field=phone'))?.status, 422)
    assert.ok(!(await amina.open('/pharmacies/FX123')).body.includes('the number?'))
    const feed = await manager.app.inject('/api/v1/pharmacies/FX123')
    assert.ok(!feed.body.includes('number?'))
  })

  test('a reply that is due is asked for once, and is overdue when its day has passed', async () => {
    const form = await lead.open('/workspace/queries/new?ods=FX123&field=services')
    await send(lead, form, 'queries/new', { question: 'Do you give flu jabs?' })
    await mail()
    await later('2026-11-28T08:00:00Z')
    await remindOfReplies(deps())
    await remindOfReplies(deps())
    assert.deepEqual(
      (await mail()).map(({ subject }) => subject.split(' ').slice(0, 2).join(' ')),
      ['Please answer', 'Please answer'],
    )
    assert.match(visible(await lead.open('/workspace/queries?show=overdue')), /Overdue \(0\).*Nothing here/)
    await later('2026-11-30T08:00:00Z')
    await remindOfReplies(deps())
    assert.match((await mail())[0]?.subject ?? '', /^Not answered/)
    assert.match(
      visible(await lead.open('/workspace/queries?show=overdue')),
      /Overdue \(1\).*Do you give flu jabs\?.*Overdue/,
    )
    assert.match(visible(await lead.open('/workspace')), /Questions nobody answered 1/)
    assert.match(visible(await amina.open(HUB)), /Overdue: a question about services/)
  })

  test('a held field is shown to the pharmacy, its change waits, and the lead lets it through as the change of its sender', async () => {
    const form = await lead.open('/workspace/holds/new?ods=FX123&field=phone')
    const tooLong = await send(lead, form, 'holds/new', { reason: 'x', 'until-year': '2027' })
    assert.deepEqual(errorsOf(tooLong), { 'until-day': 'A hold can last up to 90 days' })
    const held = await send(lead, form, 'holds/new', { reason: 'Nobody answers there' })
    assert.match(visible(held), /The field is held.*Nobody answers there/)
    const again = await send(lead, form, 'holds/new', { reason: 'And again' })
    assert.equal(again.status, 409)
    await mail()
    for (const page of [`${HUB}/contact-details`, `${HUB}/contact-details/change`]) {
      assert.match(
        visible(await amina.open(page)),
        /Public phone number is held until the end of \d+ December 2026 by Lena Lead\..*Nobody answers there/,
      )
    }
    const typed = { phone: '01632 960 222', do: 'continue' }
    const check = await send(amina, await amina.open(`${HUB}/contact-details/change`), 'contact-details/change', typed)
    assert.match(visible(check), /This does not change what any DoS service says/, 'not before the hold ends')
    const saved = await changePhone(amina, { phone: '01632 960 222', website: 'www.hill.example' })
    assert.match(
      visible(saved),
      /It waits, because the directory team holds: public phone number\. Everything else is saved/,
    )
    assert.equal(await phone(), '01632 960001')
    assert.match(visible(saved), /Your change of public phone number waits/)
    assert.equal(who(await mail()), 'lead@icb.example')
    const value = await lead.open('/workspace/conflicts/1')
    assert.match(visible(value), /In the profile now 01632 960001 Sent by Amina Khan 01632 960 222/)
    const through = await lead.open('/workspace/conflicts/1', { ...hiddenOf(value), do: 'take' })
    assert.match(visible(through), /Let through/)
    assert.equal(await phone(), '01632 960 222')
    assert.match(visible(await amina.open(`${HUB}/history`)), /Amina Khan/)
    assert.equal(who(await mail()), 'amina@nhs.example')
    const late = await lead.open('/workspace/conflicts/1', { ...hiddenOf(value), do: 'take' })
    assert.equal(late.status, 409)
    const shut = await amina.open(`${HUB}/close-now`)
    assert.equal(shut.status, 200, 'closing is never held')
    const one = await lead.open('/workspace/holds/1')
    assert.match(visible(await lead.submit(one, '/workspace/holds/1')), /The hold has ended/)
    assert.equal(who(await mail()), 'amina@nhs.example, ben@nhs.example')
  })

  test('a pharmacy declines one proposal with words, and both see both values when its change meets another', async () => {
    const propose = async (value: string) => {
      const form = await lead.open('/workspace/proposals/new?ods=FX123&field=phone')
      return send(lead, form, 'proposals/new', { value, reason: 'We rang it' })
    }
    assert.deepEqual(errorsOf(await propose('12')), {
      value: 'Enter a public phone number in the right format, like 0161 496 0000',
    })
    assert.match(visible(await propose('01632 960 444')), /The pharmacy has your proposal/)
    assert.equal(who(await mail()), 'amina@nhs.example, ben@nhs.example')
    const mine = await amina.open(`${HUB}/queries/values/2`)
    const noWords = await amina.open(mine.url.pathname, { ...hiddenOf(mine), do: 'leave' })
    assert.deepEqual(Object.keys(errorsOf(noWords)), ['words'])
    await amina.open(mine.url.pathname, { ...hiddenOf(mine), do: 'leave', words: 'That is our fax' })
    assert.match(
      visible(await lead.open('/workspace/conflicts/2')),
      /Declined by Amina Khan .* They said: That is our fax/,
    )
    await mail()

    await propose('01632 960 555')
    await mail()
    await changePhone(await manager.as(BEN), { phone: '01632 960 666' })
    assert.equal(await phone(), '01632 960 666', 'the pharmacy’s own change is saved')
    const emails = await mail()
    assert.equal(who(emails), 'ben@nhs.example, lead@icb.example')
    assert.match(
      emails[0]?.body ?? '',
      /Service: .*UID 2000000001[\s\S]*Before: 01632 960 222\nYours: 01632 960 666\nTheirs: 01632 960 555[\s\S]*\/manage\/FX123\/queries\/values\/3/,
    )
    assert.match(emails[1]?.body ?? '', /Yours: 01632 960 555\nTheirs: 01632 960 666[\s\S]*\/workspace\/conflicts\/3/)
    const conflict = await amina.open(`${HUB}/queries/values/3`)
    assert.match(visible(conflict), /In the profile now 01632 960 666 Proposed by Lena Lead 01632 960 555/)
    const chosen = await amina.open(conflict.url.pathname, { ...hiddenOf(conflict), do: 'take' })
    assert.match(visible(chosen), /Saved\. The public page/)
    assert.equal(await phone(), '01632 960 555')
  })

  test('the value of a field that is not public stands in no email', async () => {
    const form = await lead.open('/workspace/proposals/new?ods=FX123&field=professionalPhone')
    await send(lead, form, 'proposals/new', { value: '01632 960991', reason: 'Heard it' })
    await changePhone(amina, { 'professional-phone': '01632 960992' })
    const emails = await mail()
    assert.ok(emails.some(({ subject }) => subject.startsWith('Two values')))
    for (const { body } of emails) assert.doesNotMatch(body, /960 ?99\d/)
  })

  test('the feed shows the changes of the area in words, and which are reviewed', async () => {
    const feed = await lead.open('/workspace/changes?field=phone&actor=ben')
    assert.match(
      visible(feed),
      /Changed at .* by Ben Okafor Phone Before: 01632 960 222 Now: 01632 960 666 Ask the pharmacy/,
    )
    assert.match(feed.body, /holds\/new\?ods=FX123&amp;field=phone/)
    const [, address = ''] = /action="(\/workspace\/changes\/\d+\/review)"/.exec(feed.body) ?? []
    const count = (page: Page) => page.body.split('Mark as reviewed').length
    const reviewed = await lead.submit(feed, address)
    assert.match(visible(reviewed), /Marked as reviewed/)
    assert.equal(count(reviewed), count(feed) - 1, 'the filters are kept, and it is gone')
    assert.match(visible(await lead.open('/workspace/changes?reviewed=yes&actor=ben')), /Reviewed Lena Lead/)
    const far = await manager.as(FAR_LEAD)
    assert.match(visible(await far.open('/workspace/changes')), /Nothing to review here/)
    const token =
      hiddenOf(await far.open('/workspace/queries/new'))['_csrf'] ?? csrfOf(await far.open('/workspace/changes'))
    assert.equal((await far.ask(address, { _csrf: token })).status, 404, 'the change of another area is not found')
  })

  test('a list that is longer than a page says so, and leads to the rest', async () => {
    const at = clock.now().toISOString()
    await sql`
      insert into field_hold (ods_code, field, reason, held_by, held_at, ends_at)
      select 'FX999', 'phone', 'Hold ' || n, 'person:l@x.example', ${at}, ${at}::timestamptz + n * interval '1 hour'
      from generate_series(1, 101) n`.execute(db.pool)
    await sql`
      insert into asked_value (ods_code, field, kind, base, asked, reason, person, action, asked_at, state)
      select 'FX999', 'phone', 'proposal', '"1"', '"2"', 'Reason', 'person:' || n, 'accept-proposal', ${at}, 'open'
      from generate_series(1, 101) n`.execute(db.pool)
    const far = await manager.as(FAR_LEAD)
    for (const [path, said] of [
      ['holds', /101 fields are held\. Those that end first are first/],
      ['conflicts', /101 wait for a decision\. Conflicts are first, then the oldest/],
    ] as const) {
      const first = await far.open(`/workspace/${path}`)
      assert.match(visible(first), said)
      assert.match(first.body, new RegExp(`href="/workspace/${path}\\?page=2" rel="next"`))
      const rest = await far.open(`/workspace/${path}?page=2`)
      assert.equal(rest.body.match(new RegExp(`href="/workspace/${path}/\\d+"`, 'g'))?.length, 1, path)
      assert.match(rest.body, /rel="prev"/)
      assert.doesNotMatch(rest.body, /rel="next"/)
    }
  })

  test('what nobody of ours would send is answered clearly', async () => {
    const long = 'x'.repeat(10_000)
    for (const path of ['queries', 'holds', 'conflicts']) {
      for (const id of ['0', '-1', 'x', '999', '9'.repeat(15), '%00', long]) {
        const { status } = await lead.ask(`/workspace/${path}/${id}`)
        assert.ok([400, 404, 414].includes(status), `${path} ${id.slice(0, 20)}: ${status}`)
      }
    }
    for (const query of [
      'ods=%00&field=phone',
      'ods=FX123&field=constructor',
      `ods=${long}`,
      'actor=%00&type=x&before=x',
    ]) {
      for (const page of ['changes', 'queries/new', 'holds/new', 'proposals/new']) {
        const { status } = await lead.ask(`/workspace/${page}?${query}`)
        assert.ok(status < 500, `${page}?${query.slice(0, 30)}: ${status}`)
      }
    }
    const form = await lead.open('/workspace/queries/new?ods=FX123&field=other')
    const answer = await send(lead, form, 'queries/new', { question: `a\u0000${long}` })
    assert.equal(answer.status, 422)
  })
})

const hiddenOf = (page: Page): Record<string, string> =>
  Object.fromEntries(
    [...page.body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  )
const csrfOf = (page: Page): string => /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? ''
