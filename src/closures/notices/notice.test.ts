import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { saveServices } from '#src/directory/save-services.ts'
import { emailJobs } from '#src/emails/email-jobs.ts'
import type { Db } from '#src/platform/db/db.ts'
import { doReadyJobs } from '#src/platform/jobs/worker.ts'
import { createLog } from '#src/platform/log.ts'
import { noMailer } from '#src/platform/mail/mail.ts'
import { smtpMailer } from '#src/platform/mail/smtp.ts'
import { commitProfiles } from '#src/profiles/commit-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { TRAINING_PHARMACY } from '#src/rules/ods-code.ts'
import { aProfile, aService, UNCHECKED } from '#test/support/builders.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { inputFile } from '#test/support/input-files.ts'
import { startMailServer } from '#test/support/mail-server.ts'
import { issueReceipts } from '#test/support/receipts.ts'
import { cancelClosure, closePharmacy, confirmClosed, expectReopening, reopenPharmacy } from '../close-pharmacy.ts'
import { importSuspensionContacts } from './import-suspension-contacts.ts'
import { loadDeliveries, overallDelivery, tryNoticeAgain } from './notice-delivery.ts'
import { loadNotices } from './notice-records.ts'
import { editNotice } from './write-notice.ts'

const AMINA = 'person:amina@nhs.example'
const BASE_URL = 'http://localhost:3000'
const CONTACTS = 'icb_code,name,email,phone,tell_within_minutes,phone_over_hours,edit_days,note\n'
const ICB = `${CONTACTS}QOP,Greater Manchester ICB,closures@icb.example,01632 960500,60,24,7,\n`

const servers: { close(): Promise<void> }[] = []
after(async () => {
  for (const server of servers) await server.close()
})

/** A pharmacy of the area QOP, where it is 10:34 on a Friday, with a mail server. */
async function pharmacy(db: Db, profile: Partial<Profile> = {}) {
  const clock = fixedClock()
  const context = {
    actor: 'command:import',
    action: 'import',
    recordedAt: '2026-11-01T09:00:00.000Z',
    decides: false,
    onMeeting: 'keep',
  } as const
  await db.transact((tx) =>
    saveServices(
      tx,
      [aService(), aService({ uid: 2_000_000_002, typeId: 132, odsCode: 'FX123PF1', name: 'Earache' })],
      context,
    ),
  )
  const commissioning = { parentCode: null, icbCode: 'QOP', healthAndWellbeingBoard: null }
  const stored = aProfile({ ownerName: 'Hill Ltd', commissioning, ...profile })
  await db.transact((tx) => commitProfiles(tx, [{ before: undefined, profile: stored, sections: UNCHECKED }], context))
  await db.pool
    .insertInto('person')
    .values({ email: 'amina@nhs.example', name: 'Amina Khan', created_at: '2026-11-01T09:00:00Z' })
    .execute()
  const holidays = holidayCalendar([])
  const mail = await startMailServer()
  const mailer = smtpMailer(mail.url, 'signpost@nhs.example')
  servers.push(mailer, mail)
  const secrets = { codeOf: () => '123456', linkKeyOf: () => 'key' }
  const send = (to = mailer) =>
    doReadyJobs(db, emailJobs({ db, clock, mailer: to, baseUrl: BASE_URL, secrets }), {
      log: createLog('silent'),
      clock,
    })
  const contacts = (csv = ICB) => importSuspensionContacts(inputFile('c.csv', csv), { db, clock, progress: () => {} })
  const deps = { db, clock, issueReceipts, holidays: () => holidays }
  const close = (given: object = {}) =>
    closePharmacy(
      deps,
      stored.odsCode,
      {
        id: 'c1',
        from: '2026-12-11T10:34',
        until: '2026-12-11T14:00',
        services: null,
        reason: 'Power or IT failure',
        advice: 'Go to Boots',
        filledInBy: 'Amina Khan',
        phone: '01632 960 111',
        ...given,
      },
      { actor: AMINA, via: 'profile-manager', askedAt: clock.now() },
    )
  /** What the ICB got; receipts go to others. */
  const toIcb = () => mail.arrived.filter(({ to }) => to[0]?.endsWith('@icb.example'))
  return { deps, clock, mail, send, contacts, close, toIcb }
}

/** The words of an email as its reader gets them. */
const linesOf = (text = '') =>
  Object.fromEntries([...text.matchAll(/^(?!Please)([^:\n]{3,60}): (.*)$/gm)].map(([, a, b]) => [a, b]))

onBothDatabases((_kind, open) => {
  test('the ICB gets every particular, with links to what is true now', async () => {
    const db = await open()
    const { close, contacts, send, toIcb } = await pharmacy(db)
    await contacts()
    assert.ok((await close()).ok)
    await send()
    assert.deepEqual(
      toIcb().map(({ to }) => to),
      [['closures@icb.example']],
    )
    const { subject, text, messageId } = toIcb()[0]?.mail ?? assert.fail()
    assert.equal(subject, 'Suspension of services: Hill & Sons (FX123), from 10:34am on Friday 11 December 2026')
    assert.ok(messageId)
    assert.deepEqual(linesOf(text), {
      'Contractor name': 'Hill Ltd',
      'Pharmacy name': 'Hill & Sons',
      'ODS code': 'FX123',
      Address: '1 High Street, Sale, M33 7AB',
      'Pharmacy phone number': '01632 960001',
      'What is closed': 'The whole pharmacy',
      'Closed from': '10:34am on Friday 11 December 2026',
      Reopening: 'Expected at 2pm on Friday 11 December 2026',
      'Expected length': '3 hours 26 minutes',
      Reason: 'Power or IT failure',
      'What we do to limit the impact on patients':
        'While we are closed, the Directory of Services, our public page and our capacity status say so, and NHS 111 sends nobody to us. The notice for our door names nearby pharmacies that are open. Urgent prescriptions can be released to another pharmacy.',
      'What we do to reopen': 'We have reported the failure and follow our business continuity plan.',
      'Completed by': 'Amina Khan',
      'Contact phone number': '01632 960 111',
      'Contact email address': 'amina@nhs.example',
      'Date of this notice': '10:34am on Friday 11 December 2026',
    })
    assert.match(text ?? '', /http:\/\/localhost:3000\/manage\/FX123\/closures\/c1\/notice\n/)
    assert.match(text ?? '', /http:\/\/localhost:3000\/pharmacies\/FX123\n/)
    assert.doesNotMatch(text ?? '', /Still missing/)
  })

  test('every update follows the notice in one conversation, and a confirmation tells nothing new', async () => {
    const db = await open()
    const { deps, clock, close, contacts, send, toIcb } = await pharmacy(db)
    await contacts()
    await close()
    clock.set('2026-12-11T11:00:00Z')
    assert.ok((await expectReopening(deps, 'FX123', 'c1', { actor: AMINA, until: null })).ok)
    assert.ok((await confirmClosed(deps, 'FX123', 'c1', { actor: AMINA })).ok)
    clock.set('2026-12-11T11:30:00Z')
    const words = { reopenActions: 'The network engineer is here.' }
    const edit = { odsCode: 'FX123', closureId: 'c1', actor: AMINA, seenVersion: 2, words }
    assert.deepEqual(await editNotice(deps, edit), { ok: true, value: true })
    assert.deepEqual(await editNotice(deps, { ...edit, seenVersion: 3 }), { ok: true, value: false })
    clock.set('2026-12-11T12:05:00Z')
    assert.ok((await reopenPharmacy(deps, 'FX123', 'c1', { actor: AMINA })).ok)
    await send()
    const mails = toIcb().map((arrived) => arrived.mail)
    assert.deepEqual(
      mails.map(({ text }) => /^Update: (.*)$/m.exec(text ?? '')?.[1] ?? 'first'),
      [
        'first',
        'Reopening is now: Not known yet: we tell you as soon as it is.',
        'The pharmacy changed: What we do to reopen.',
        'Reopened at 12:05pm on Friday 11 December 2026.',
      ],
    )
    const [first, ...updates] = mails
    for (const [index, update] of updates.entries()) {
      assert.equal(update.subject, `Re: ${first?.subject}`)
      assert.equal(update.inReplyTo, mails[index]?.messageId)
      assert.deepEqual(
        update.references?.split(/\s+/),
        mails.slice(0, index + 1).map(({ messageId }) => messageId),
      )
    }
    const last = linesOf(mails.at(-1)?.text)
    assert.equal(last['Expected length'], '1 hour 31 minutes (it is over)')
    assert.equal(last['What we do to reopen'], 'The network engineer is here.', 'what somebody wrote stays')
    const versions = await loadNotices(db.pool, 'c1')
    assert.deepEqual(
      versions.map(({ because }) => because),
      ['told', 'changed', 'edited', 'reopened'],
    )
    await assert.rejects(db.pool.deleteFrom('suspension_notice').execute(), /append-only/)
  })

  test('a mail server that is down holds up no closure; the notice is tried again and its state is known', async () => {
    const db = await open()
    const { deps, clock, close, contacts, send, mail, toIcb } = await pharmacy(db)
    await contacts()
    mail.answerWith(451)
    assert.ok((await close()).ok, 'the pharmacy is closed all the same')
    const state = async () => {
      const deliveries = await loadDeliveries(db.pool, 'c1')
      return overallDelivery(Math.max(...deliveries.keys()), deliveries)
    }
    const to = { recipient: 'closures@icb.example', since: '2026-12-11T10:34:00.000Z' }
    assert.deepEqual(await state(), { state: 'waiting', ...to })
    await send()
    assert.deepEqual(await state(), { state: 'retrying', attempts: 1, ...to })
    await reopenPharmacy(deps, 'FX123', 'c1', { actor: AMINA })
    await send()
    assert.deepEqual((await state()).state, 'retrying', 'the update waits for the notice that it follows')
    mail.answerWith(0)
    assert.equal(await tryNoticeAgain(deps, { odsCode: 'FX123', closureId: 'c1' }), true)
    clock.set('2026-12-11T10:40:00Z')
    await send()
    assert.deepEqual(await state(), { state: 'sent', recipient: to.recipient, at: '2026-12-11T10:40:00.000Z' })
    assert.equal(toIcb().length, 2)
    assert.equal(await tryNoticeAgain(deps, { odsCode: 'FX123', closureId: 'c1' }), false, 'nothing is left to try')
  })

  test('a mail server that is not there at all holds up nothing either', async () => {
    const db = await open()
    const { close, contacts, send, toIcb } = await pharmacy(db)
    await contacts()
    const gone = await startMailServer()
    await gone.close()
    const nobodyThere = smtpMailer(gone.url, 'signpost@nhs.example')
    assert.ok((await close()).ok)
    await send(nobodyThere)
    await nobodyThere.close()
    assert.equal((await loadDeliveries(db.pool, 'c1')).get(1)?.state, 'retrying')
    await db.pool.updateTable('job').set({ run_at: '2026-12-11T10:34:00Z' }).where('done_at', 'is', null).execute()
    await send()
    assert.equal(toIcb().length, 1, 'it goes out by itself when the server is back')
    assert.equal((await loadDeliveries(db.pool, 'c1')).get(1)?.state, 'sent')
  })

  test('an address that the mail server refuses is given up, and a new contact gets the notice', async () => {
    const db = await open()
    const { close, contacts, send, mail, toIcb } = await pharmacy(db)
    await contacts()
    mail.answerWith(550)
    await close()
    await send()
    assert.equal((await loadDeliveries(db.pool, 'c1')).get(1)?.state, 'given-up')
    mail.answerWith(0)
    const summary = await contacts(ICB.replace('closures@', 'new.closures@'))
    assert.equal(summary.details['notices that waited for a contact and are sent now'], 1)
    await send()
    assert.deepEqual(
      toIcb().map(({ to }) => to),
      [['new.closures@icb.example']],
    )
    assert.equal((await loadDeliveries(db.pool, 'c1')).get(1)?.state, 'sent')
  })

  test('where nobody knows whom to tell, the notice is kept and sent when a contact is imported', async () => {
    const db = await open()
    const { close, contacts, send, deps, toIcb } = await pharmacy(db)
    await close()
    await expectReopening(deps, 'FX123', 'c1', { actor: AMINA, until: '2026-12-11T16:00' })
    await send()
    assert.equal(toIcb().length, 0)
    assert.deepEqual(overallDelivery(2, await loadDeliveries(db.pool, 'c1')), { state: 'nobody' })
    await contacts()
    await contacts()
    await send()
    assert.equal(toIcb().length, 1, 'once, and only as it is now')
    assert.match(toIcb()[0]?.mail.text ?? '', /Reopening: Expected at 4pm on Friday 11 December 2026/)
    assert.doesNotMatch(toIcb()[0]?.mail.text ?? '', /^Update:/m)
  })

  test('some services, a planned closure that is cancelled, a closure without a phone: each is told as it is', async () => {
    const db = await open()
    const { deps, close, contacts, send, toIcb } = await pharmacy(db, { ownerName: null, contact: {} })
    await contacts()
    await close({ id: 's1', services: [2_000_000_002], until: null, filledInBy: null, phone: null })
    await close({ id: 'p1', from: '2026-12-14T09:00', until: '2026-12-16T09:00', reason: 'Building work' })
    await cancelClosure(deps, 'FX123', 'p1', { actor: AMINA })
    await send()
    const told = toIcb().map((arrived) => linesOf(arrived.mail.text))
    const some = told.find((words) => words['What is closed'] !== 'The whole pharmacy')
    const [planned, cancelled] = told.filter((words) => words !== some)
    assert.equal(some?.['What is closed'], 'These services only: Earache')
    assert.equal(some?.['Completed by'], 'Amina Khan')
    assert.equal(some?.['Contractor name'], 'Not given yet')
    assert.match(some?.['Still missing'] ?? '', /^Contractor name, Pharmacy phone number, Contact phone number\./)
    assert.equal(planned?.['Expected length'], '2 days')
    assert.equal(cancelled?.Update, 'Cancelled: the closure did not take place.')
  })

  test('two people who edit at once both keep their words, and after the last day nobody edits', async () => {
    const db = await open()
    const { deps, clock, close } = await pharmacy(db)
    await close()
    const edit = { odsCode: 'FX123', closureId: 'c1', actor: AMINA, seenVersion: 1 }
    const [first] = await loadNotices(db.pool, 'c1')
    const { reason = '', completedBy = '' } = first?.words ?? {}
    await editNotice(deps, { ...edit, words: { reason: 'The server is broken', completedBy } })
    await editNotice(deps, { ...edit, words: { reason, completedBy: 'Ben Okafor' } })
    const latest = (await loadNotices(db.pool, 'c1')).at(-1)
    assert.equal(latest?.words.reason, 'The server is broken')
    assert.equal(latest?.words.completedBy, 'Ben Okafor')
    await reopenPharmacy(deps, 'FX123', 'c1', { actor: AMINA })
    clock.set('2026-12-18T10:33:00Z')
    assert.ok((await editNotice(deps, { ...edit, seenVersion: 4, words: { reason: 'Late' } })).ok)
    clock.set('2026-12-18T10:35:00Z')
    const late = await editNotice(deps, { ...edit, seenVersion: 4, words: { reason: 'Too late' } })
    assert.ok(!late.ok && late.problems[0]?.code === 'too-late')
  })

  test('the training pharmacy tells nobody', async () => {
    const db = await open()
    const { close, contacts, send } = await pharmacy(db, { odsCode: TRAINING_PHARMACY })
    await contacts()
    assert.ok((await close()).ok)
    assert.deepEqual(await loadNotices(db.pool, 'c1'), [])
    await send(noMailer)
    const emails = await db.pool.selectFrom('email_sent').select('recipient').execute()
    assert.ok(!emails.some(({ recipient }) => recipient === 'closures@icb.example'))
  })
})
