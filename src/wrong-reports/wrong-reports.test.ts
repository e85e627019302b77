/** "Tell us it is wrong", from the public's form to the pharmacy's press and the lead's list: the real app. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openDb } from '#src/platform/db/open-db.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { openBrowser } from '#test/support/browser.ts'
import { freshDatabase, testLog } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { AMINA, errorsOf, type Manager, send, startManager, visible } from '#test/support/manage.ts'
import { reportRow } from './pages/report-words.ts'
import { parseReport } from './report.form.ts'
import { forgetReporters, tellLead } from './report-jobs.ts'

/** A Wednesday, 10am in London. */
const NOW = '2026-12-09T10:00:00.000Z'
const IVY = { email: 'ivy@nhs.example', name: 'Ivy Stone', grants: [{ role: 'lead', scope: 'area:QOP' }] }
const FORM = '/pharmacies/FX123/wrong'
const REPORTER = 'dana.patient@example.org'

test('a day is named by what people do there', () => {
  const tomorrow = { what: 'hours', 'visited-day': '10', 'visited-month': '12', 'visited-year': '2026' }
  const said = (isVisited: boolean) => {
    const read = parseReport(tomorrow, '2026-12-09' as LocalDate, { isVisited })
    return read.ok ? [] : read.problems.map(({ message }) => message)
  }
  assert.deepEqual(said(true), ['The day you went there must be today or in the past'])
  assert.deepEqual(said(false), ['The day you contacted it must be today or in the past'], 'nobody goes to it')
})

test('a pharmacy that nobody could tell is not called late', () => {
  const tagsOf = (dueAt: string) => {
    const report = {
      ...{
        id: 1,
        odsCode: 'FX123',
        pharmacyName: 'Hill',
        what: 'hours' as const,
        words: null,
        visitedOn: null,
        toldAt: NOW,
      },
      ...{ dueAt, flagged: false, state: 'waiting' as const, answer: null, answeredAt: null, answeredBy: null },
    }
    const row = reportRow(report, new Date('2026-12-09T15:00:00.000Z'), () => '')
    return row.tags.map(({ text }) => text)
  }
  assert.deepEqual(tagsOf(NOW), ['We could not tell the pharmacy'])
  assert.deepEqual(tagsOf('2026-12-09T14:00:00.000Z'), ['Not answered in time'])
})

describe('what the public says is wrong', () => {
  let manager: Manager
  let closeDb: () => Promise<void>
  const clock = fixedClock(NOW)

  before(async () => {
    const db = await openDb({ ...(await freshDatabase('embedded')), log: testLog })
    closeDb = () => db.close()
    const commissioning = { icbCode: 'QOP', parentCode: null }
    manager = await startManager(db, { clock, profile: { commissioning } as never })
    await manager.as(AMINA)
    await manager.as(IVY)
  })
  after(async () => {
    await manager.close()
    await closeDb()
  })

  const emails = async (kind: string) => {
    const rows = await manager.db.pool.selectFrom('job').select('payload').where('queue', '=', 'email').execute()
    return rows.map(({ payload }) => payload as Record<string, unknown>).filter((payload) => payload['kind'] === kind)
  }
  const reports = () => manager.db.pool.selectFrom('wrong_report').selectAll().orderBy('id').execute()
  const tell = async (fields: Record<string, string>) => {
    const browser = openBrowser(manager.app, manager.config.baseUrl)
    return send(browser, await browser.open(FORM), FORM, fields)
  }

  const REFUSED: readonly (readonly [fields: Record<string, string>, field: string, because: string])[] = [
    [{}, 'what', 'nothing is chosen'],
    [{ what: 'ugly' }, 'what', 'that is no choice'],
    [{ what: 'hours', words: 'buy at https://x.example' }, 'words', 'addresses are for spam'],
    [{ what: 'hours', words: 'x'.repeat(501) }, 'words', 'it is too long'],
    [{ what: 'hours', email: 'dana@' }, 'email', 'no mailbox has that address'],
    [
      { what: 'hours', 'visited-day': '10', 'visited-month': '12', 'visited-year': '2026' },
      'visited-day',
      'it is to come',
    ],
    [{ what: 'hours', 'visited-day': '8', 'visited-year': '2026' }, 'visited-month', 'a part is missing'],
  ]
  for (const [fields, field, because] of REFUSED) {
    test(`${JSON.stringify(fields).slice(0, 60)} is refused: ${because}`, async () => {
      const page = await tell(fields)
      assert.equal(page.status, 422)
      assert.deepEqual(Object.keys(errorsOf(page)), [field])
    })
  }

  test('what a program fills in is thanked for and not kept', async () => {
    const page = await tell({ what: 'hours', homepage: 'https://spam.example' })
    assert.match(visible(page), /Thank you/)
    assert.deepEqual(await reports(), [])
  })

  test('a report reaches the pharmacy, which answers with one press, and whoever told us hears of it', async () => {
    const words = '<b>Shut</b> at noon'
    const page = await tell({
      what: 'closed',
      words,
      email: REPORTER,
      'visited-day': '8',
      'visited-month': 'dec',
      'visited-year': '2026',
    })
    assert.match(visible(page), /Thank you.*We pass it on to the pharmacy/)
    const [told] = await emails('wrong-reported')
    assert.deepEqual([told?.['recipient'], told?.['side']], [AMINA.email, 'pharmacy'])
    assert.doesNotMatch(JSON.stringify(told), /dana|Shut/, 'neither who told us nor their words are in the email')

    const amina = await manager.as(AMINA)
    assert.match(visible(await amina.open('/manage/FX123')), /Somebody says that the public page is wrong/)
    const list = await amina.open('/manage/FX123/wrong-reports')
    assert.match(
      visible(list),
      /It was closed when .*Answer by 9 December 2026 at 2pm “<b>Shut<\/b> at noon”.*about 8 December/,
    )
    assert.doesNotMatch(list.body, /dana/)
    const [report] = await reports()
    const done = await amina.submit(list, `wrong-reports/${report?.id}`, { do: 'correct' })
    assert.match(
      visible(done),
      /tell them that it is put right.*Nobody says.*Answered.*The pharmacy put it right\. Amina Khan/,
    )
    const [answer] = await emails('wrong-answered')
    assert.deepEqual([answer?.['recipient'], answer?.['outcome']], [REPORTER, 'corrected'])

    const again = await amina.submit(list, `wrong-reports/${report?.id}`, { do: 'stand' })
    assert.match(visible(again), /Somebody has answered this already/)
    assert.doesNotMatch(again.body, /notification-banner--success/, 'nothing was done')
  })

  test('an address is forgotten with its emails when it has served', async () => {
    const in3Days = new Date(Date.parse(NOW) + 3 * 86_400_000)
    assert.equal(await forgetReporters(manager.db, new Date(NOW)), 0)
    assert.equal(await forgetReporters(manager.db, in3Days), 1)
    const [report] = await reports()
    assert.deepEqual([report?.reporter_email, report?.network], [null, null])
    assert.deepEqual(await emails('wrong-answered'), [])
  })

  test('what nobody answers in four working hours is the lead’s, and not before', async () => {
    await tell({ what: 'phone' })
    const report = (await reports()).at(-1)
    const due = { reportId: report?.id ?? 0, flagged: false }
    await tellLead({ db: manager.db, clock }, due)
    const ofLead = async () => (await emails('wrong-reported')).filter(({ side }) => side === 'lead')
    assert.deepEqual(await ofLead(), [])
    let ivy = await manager.as(IVY)
    assert.match(visible(await ivy.open('/workspace/wrong-reports')), /Nothing here/)

    clock.set('2026-12-09T14:00:00.000Z')
    await tellLead({ db: manager.db, clock }, due)
    await tellLead({ db: manager.db, clock }, due)
    assert.deepEqual(
      (await ofLead()).map(({ recipient }) => recipient),
      [IVY.email],
    )
    ivy = await manager.as(IVY)
    assert.match(visible(await ivy.open('/workspace')), /What people say is wrong 1 waiting 1 late/)
    const list = await ivy.open('/workspace/wrong-reports')
    assert.match(visible(list), /Not answered in time/)
    const empty = await ivy.submit(list, `wrong-reports/${report?.id}`, { do: 'settle', answer: ' ' })
    assert.deepEqual(Object.keys(errorsOf(empty)), [`answer-${report?.id}`])
    const settled = await ivy.submit(list, `wrong-reports/${report?.id}`, { do: 'settle', answer: 'Rang: it is right' })
    assert.match(visible(settled), /It is settled.*Nothing here/)
    const answered = visible(await ivy.open('/workspace/wrong-reports?show=answered'))
    assert.match(answered, /The directory team looked into it\. Ivy Stone.*Rang: it is right/)
  })

  test('three within a day flag the record, and the lead is told at once, and once', async () => {
    await tell({ what: 'hours' })
    await tell({ what: 'hours' })
    await tell({ what: 'moved' })
    const open = (await reports()).filter(({ state }) => state === 'waiting')
    assert.deepEqual(
      open.map(({ flagged }) => flagged),
      [true, true, true],
    )
    const due = await manager.db.pool
      .selectFrom('job')
      .select('payload')
      .where('queue', '=', 'wrong-report-due')
      .execute()
    const flags = due
      .map(({ payload }) => payload as { reportId: number; flagged: boolean })
      .filter((job) => job.flagged)
    assert.equal(flags.length, 1)
    for (const flag of flags) await tellLead({ db: manager.db, clock }, flag)
    assert.equal((await emails('wrong-reported')).filter(({ side }) => side === 'flagged').length, 1)
    const ivy = await manager.as(IVY)
    assert.match(visible(await ivy.open('/workspace/wrong-reports')), /3 or more in 24 hours/)
    await tell({ what: 'hours' })
    const refused = await tell({ what: 'hours' })
    assert.equal(refused.status, 429, 'too much from one network about one pharmacy')
  })
})
