import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import type { ProfileSection } from '#src/profiles/profile.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { confirmSections } from '#src/verification/confirm-sections.ts'
import { pageDatabase, testLog } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { AMINA, type Manager, startManager, visible } from '#test/support/manage.ts'
import { issueReceipts } from '#test/support/receipts.ts'

const PAGE = '/manage/FX123/standing'
const COMMISSIONER = { email: 'com@icb.example', grants: [{ role: 'commissioner', scope: 'area:QOP' }] }

describe('checks by quarter', () => {
  let db: OpenDb
  let manager: Manager
  const clock = fixedClock('2027-01-04T10:00:00Z')
  before(async () => {
    db = await openDb({ ...(await pageDatabase()), log: testLog })
    const commissioning = { parentCode: null, icbCode: 'QOP', healthAndWellbeingBoard: null }
    manager = await startManager(db, { clock, profile: { commissioning } })
    await manager.as(AMINA)
    const check = async (at: string, ...sections: ProfileSection[]) => {
      const holidays = () => holidayCalendar([])
      const deps = { db, clock: fixedClock(at), holidays, issueReceipts }
      const actor = `person:${AMINA.email}`
      const done = await confirmSections(deps, { odsCode: 'FX123', sections, expectedVersion: 1, actor })
      assert.equal(done.outcome, 'confirmed')
    }
    await check('2026-12-31T23:59:30Z', 'contact')
    await check('2027-01-01T00:00:10Z', 'hours')
  })
  after(async () => {
    await manager.close()
    await db.close()
  })

  test('a check at 11:59pm on the last day is the old quarter’s, one at midnight the new one’s', async () => {
    const words = visible(await (await manager.as(AMINA)).open(PAGE))
    const [now = '', past = ''] = words.split('Quarters before')
    assert.match(now, /This quarter: January to March 2027 1 of 5 sections checked\. Finish by 31 March 2027/)
    assert.match(now, /Contact details To check/)
    assert.match(now, /Standard opening times Checked 1 January 2027 at midnight by Amina Khan/)
    assert.match(now, /Bank holidays To check Answer first: Good Friday, 26 March 2027; Easter Sunday/)
    assert.match(past, /October to December 2026 1 of 5 sections checked by 31 December 2026/)
    assert.match(past, /Contact details Checked 31 December 2026 at 11:59pm by Amina Khan/)
    assert.match(past, /Standard opening times Not checked/)
    assert.doesNotMatch(past, /July to September 2026/, 'the profile was not there yet')
  })

  test('a commissioner reads the same, and is not asked to check it', async () => {
    const own = visible(await (await manager.as(AMINA)).open(PAGE))
    const seen = visible(await (await manager.as(COMMISSIONER)).open(PAGE))
    assert.equal(seen, own.replace('Check what is left ', ''))
  })
})
