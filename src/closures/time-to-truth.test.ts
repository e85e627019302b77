import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type OpenDb, openDb } from '#src/platform/db/open-db.ts'
import { aProfile, aService } from '#test/support/builders.ts'
import { freshDatabase, testLog } from '#test/support/databases.ts'
import { storePharmacy } from '#test/support/manage.ts'
import { issueReceipts } from '#test/support/receipts.ts'
import { type StartedApp, startApp } from '#test/support/start-app.ts'
import { closePharmacy, reopenPharmacy } from './close-pharmacy.ts'
import { loadClosureEvents } from './closure-records.ts'
import { loadTruthFigures, loadTruthOf, TRUTH_CONSUMERS } from './time-to-truth.ts'
import { loadTruthTicks } from './truth-ticks.ts'
import { whatMemoryShows } from './what-memory-shows.ts'

describe('time to truth', () => {
  let db: OpenDb
  let started: StartedApp
  before(async () => {
    db = await openDb({ ...(await freshDatabase('embedded')), log: testLog })
    await storePharmacy(db, aProfile(), [
      aService(),
      aService({ uid: 2_000_000_002, typeId: 132, odsCode: 'FX123PF1' }),
    ])
    started = await startApp(db)
  })
  after(async () => {
    await started.close()
    await db.close()
  })

  const deps = () => ({ db, clock: started.clock, issueReceipts, holidays: () => started.memory.holidays })
  const now = {
    id: 'c1',
    from: '2026-12-11T10:34',
    until: null,
    services: null,
    reason: 'Power or IT failure',
    advice: null,
    filledInBy: null,
    phone: null,
  }
  const wholePharmacy = { odsCode: 'FX123', services: null, startsAt: Date.parse('2026-12-11T10:34:00Z') }
  const shown = (isOver: boolean) => {
    const shows = whatMemoryShows(started.memory)
    return TRUTH_CONSUMERS.filter((consumer) => shows[consumer]({ ...wholePharmacy, isOver }, started.clock.now()))
  }
  /** What was measured of an event, as soon as all of it is there. */
  async function measured(eventId: number | undefined) {
    for (let looks = 0; looks < 500; looks++) {
      const truth = await loadTruthOf(db.pool, eventId ?? 0)
      if (truth.size === TRUTH_CONSUMERS.length) return truth
      await new Promise((resolve) => setImmediate(resolve))
    }
    return assert.fail('nothing was measured')
  }

  test('a closure that nobody told does not show on the public page', () => {
    assert.ok(!shown(false).includes('public-page'))
  })

  test('telling and reopening are each measured once for each consumer, from when the request came', async () => {
    const askedAt = new Date(started.clock.now().getTime() - 120)
    const told = await closePharmacy(deps(), 'FX123', now, {
      actor: 'person:a@nhs.example',
      via: 'profile-manager',
      askedAt,
    })
    assert.ok(told.ok)
    await started.memory.ledger.reached(told.value.seq)
    const [event] = await loadClosureEvents(db.pool, 'c1')
    const truth = await measured(event?.id)
    for (const consumer of TRUTH_CONSUMERS)
      assert.deepEqual(truth.get(consumer), { milliseconds: 120, nodes: 1 }, consumer)
    assert.deepEqual(shown(false), [...TRUTH_CONSUMERS])

    started.clock.set('2026-12-11T11:00:00Z')
    const reopened = await reopenPharmacy(deps(), 'FX123', 'c1', { actor: 'person:a@nhs.example' })
    assert.ok(reopened.ok)
    await started.memory.ledger.reached(reopened.value.seq)
    const events = await loadClosureEvents(db.pool, 'c1')
    assert.equal((await measured(events[1]?.id)).size, 3)
    assert.deepEqual(shown(true), [...TRUTH_CONSUMERS])
    assert.deepEqual(shown(false), ['capacity'].slice(1), 'it is open again')
  })

  test('whoever told it sees a tick and the seconds for each, of the last change', async () => {
    const ticks = await loadTruthTicks(db.pool, 'c1', started.clock.now())
    assert.deepEqual(ticks, {
      what: 'reopened',
      ticks: [
        { who: 'Searches of the directory', took: 'after 0.00 seconds' },
        { who: 'NHS 111', took: 'after 0.00 seconds' },
        { who: 'Your public page', took: 'after 0.00 seconds' },
      ],
      lookAgain: false,
    })
    assert.equal(await loadTruthTicks(db.pool, 'unknown', started.clock.now()), undefined)
  })

  test('the figures are counted over all changes, and are metrics', async () => {
    const figures = await loadTruthFigures(db.pool, new Date('2026-12-01T00:00:00Z'))
    assert.deepEqual(figures[0], { consumer: 'directory', measured: 2, slowest: 120, p50: 0, p95: 120, p99: 120 })
    assert.deepEqual(await loadTruthFigures(db.pool, new Date('2026-12-12T00:00:00Z')), [])
    const metrics = await started.app.inject('/metrics')
    assert.match(metrics.body, /signpost_closure_truth_public_page_p99_seconds 0\.12\n/)
  })
})
