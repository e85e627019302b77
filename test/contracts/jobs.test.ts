import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { claimJob, enqueue, finishJob, GiveUp, type Job, waitSeconds } from '#src/platform/jobs/outbox.ts'
import { enqueueScheduled, lastRunBefore } from '#src/platform/jobs/schedule.ts'
import { deleteDoneJobs, retryJob, stuckJobs } from '#src/platform/jobs/stuck-jobs.ts'
import { doReadyJobs, startWorker } from '#src/platform/jobs/worker.ts'
import { createLog } from '#src/platform/log.ts'
import { onBothDatabases } from '#test/support/databases.ts'

const START = new Date('2027-01-04T09:00:00Z')
const quiet = createLog('silent')

function movableClock(): Clock & { forward(seconds: number): void } {
  let now = START.getTime()
  return { now: () => new Date(now), forward: (seconds) => (now += seconds * 1000) }
}

onBothDatabases((_kind, open) => {
  let db: Db
  let clock: ReturnType<typeof movableClock>
  let done: string[]
  beforeEach(async () => {
    db ??= await open()
    await db.pool.deleteFrom('job').execute()
    clock = movableClock()
    done = []
  })
  const note = async ({ payload }: Job): Promise<void> => {
    done.push((payload as { name: string }).name)
  }
  const work = (handler = note): Promise<number> => doReadyJobs(db, { mail: handler }, { log: quiet, clock })
  const add = (name: string, options = {}): Promise<boolean> =>
    db.transact((tx) => enqueue(tx, 'mail', { name }, options))

  test('a job exists only if its transaction commits', async () => {
    await assert.rejects(
      db.transact(async (tx) => {
        await enqueue(tx, 'mail', { name: 'never' })
        throw new Error('changed my mind')
      }),
      /changed my mind/,
    )
    await add('always')
    await work()
    assert.deepEqual(done, ['always'])
  })

  test('a unique key is taken for good, in its queue only', async () => {
    assert.equal(await add('first', { uniqueKey: 'k' }), true)
    assert.equal(await add('second', { uniqueKey: 'k' }), false)
    await work()
    assert.equal(await add('third', { uniqueKey: 'k' }), false)
    assert.equal(await enqueue(db.pool, 'other', {}, { uniqueKey: 'k' }), true)
    assert.deepEqual(done, ['first'])
  })

  test('a job for later waits until then', async () => {
    await add('later', { runAt: new Date(START.getTime() + 60_000) })
    assert.equal(await work(), 0)
    clock.forward(60)
    assert.equal(await work(), 1)
  })

  test('jobs of one key run one at a time in order, and a failing one holds back the rest of its key only', async () => {
    for (const name of ['a1', 'a2', 'a3']) await add(name, { orderingKey: 'a' })
    await add('b1', { orderingKey: 'b' })
    let failures = 0
    const failOnce = async (job: Job): Promise<void> => {
      if ((job.payload as { name: string }).name === 'a1' && failures++ === 0) throw new Error('not yet')
      await note(job)
    }
    await work(failOnce)
    assert.deepEqual(done, ['b1'])
    clock.forward(waitSeconds(1))
    await work(failOnce)
    assert.deepEqual(done, ['b1', 'a1', 'a2', 'a3'])
  })

  test('two workers share the jobs and do each once, never two of one key at a time', async () => {
    for (let n = 0; n < 40; n++) await add(`${n}`, { orderingKey: `key ${n % 5}` })
    const running = new Set<string>()
    const handler = async (job: Job): Promise<void> => {
      const key = String(Number((job.payload as { name: string }).name) % 5)
      assert.ok(!running.has(key), `two jobs of key ${key} ran at once`)
      running.add(key)
      await new Promise(setImmediate)
      await note(job)
      running.delete(key)
    }
    const attempts = await Promise.all([work(handler), work(handler)])
    assert.equal(attempts[0] + attempts[1], 40)
    assert.equal(new Set(done).size, 40)
    for (let key = 0; key < 5; key++) {
      const ofKey = done.filter((name) => Number(name) % 5 === key).map(Number)
      assert.deepEqual(
        ofKey,
        ofKey.toSorted((a, b) => a - b),
      )
    }
  })

  test('a failing job waits longer each time, then is given up and visible until somebody retries it', async () => {
    await add('doomed', { maxAttempts: 3 })
    const fail = async (): Promise<void> => {
      throw new Error('the mail server is away')
    }
    for (const attempts of [1, 2]) {
      assert.equal(await work(fail), 1)
      clock.forward(waitSeconds(attempts) - 1)
      assert.equal(await work(fail), 0)
      clock.forward(1)
    }
    assert.equal(await work(fail), 1)
    clock.forward(999_999)
    assert.equal(await work(fail), 0)
    const [stuck] = await stuckJobs(db.pool, clock.now())
    assert.ok(stuck)
    assert.deepEqual([stuck.dead, stuck.attempts, stuck.lastError], [true, 3, 'the mail server is away'])
    assert.equal(await retryJob(db.pool, stuck.id), true)
    await work()
    assert.deepEqual(done, ['doomed'])
    assert.deepEqual(await stuckJobs(db.pool, clock.now()), [])
    assert.equal(await retryJob(db.pool, stuck.id), false)
  })

  test('a handler that says it is hopeless is not tried again', async () => {
    await add('hopeless')
    await work(async () => {
      throw new GiveUp('no such mailbox')
    })
    assert.deepEqual(
      (await stuckJobs(db.pool, clock.now())).map((job) => [job.dead, job.attempts, job.lastError]),
      [[true, 1, 'no such mailbox']],
    )
  })

  test('the job of a worker that died is taken over when its lease ends, and its late word does not count', async () => {
    await add('interrupted')
    const claim = { queues: ['mail'], leaseMs: 60_000 }
    const dying = await claimJob(db.pool, { ...claim, worker: 'dies', now: clock.now() })
    assert.ok(dying)
    clock.forward(59)
    assert.equal(await work(), 0)
    clock.forward(2)
    const taken = await claimJob(db.pool, { ...claim, worker: 'lives', now: clock.now() })
    assert.deepEqual([taken?.id, taken?.attempts], [dying.id, 2])
    await finishJob(db.pool, dying, 'dies', clock.now())
    const row = await db.pool.selectFrom('job').select('done_at').executeTakeFirstOrThrow()
    assert.equal(row.done_at, null)
  })

  test('a job that kills its process every time is given up too', async () => {
    await add('poison', { maxAttempts: 2 })
    const claim = { queues: ['mail'], leaseMs: 1000 }
    for (const worker of ['first', 'second']) {
      assert.ok(await claimJob(db.pool, { ...claim, worker, now: clock.now() }))
      clock.forward(2)
    }
    assert.equal(await work(), 0)
    const [stuck] = await stuckJobs(db.pool, clock.now())
    assert.deepEqual([stuck?.dead, stuck?.lastError], [true, 'the process that did it died'])
  })

  test('jobs of queues without a handler here are left for a process that has one, and show when none comes', async () => {
    await enqueue(db.pool, 'unheard-of', { name: 'x' })
    assert.equal(await work(), 0)
    assert.equal((await stuckJobs(db.pool, clock.now())).length, 1)
  })

  test('every process ticks and one adds the job', async () => {
    const entry = { queue: 'mail', pattern: '30 2 * * *' }
    assert.equal(await enqueueScheduled(db, entry, clock.now()), true)
    assert.equal(await enqueueScheduled(db, entry, clock.now()), false)
    clock.forward(86_400)
    assert.equal(await enqueueScheduled(db, entry, clock.now()), true)
    const rows = await db.pool.selectFrom('job').select('payload').orderBy('id').execute()
    assert.deepEqual(
      rows.map((row) => row.payload),
      [{ scheduledFor: '2027-01-04T02:30:00.000Z' }, { scheduledFor: '2027-01-05T02:30:00.000Z' }],
    )
  })

  test('jobs done long ago are removed, unfinished ones never', async () => {
    await add('done')
    await work()
    await add('waiting', { runAt: new Date('2099-01-01') })
    assert.equal(await deleteDoneJobs(db.pool, new Date(START.getTime() + 1)), 1)
    assert.equal((await db.pool.selectFrom('job').select('id').execute()).length, 1)
  })

  test('a running worker does a job as soon as it is poked, and finishes it before it stops', async () => {
    const begun = Promise.withResolvers<void>()
    const finish = Promise.withResolvers<void>()
    const handler = async (job: Job): Promise<void> => {
      begun.resolve()
      await finish.promise
      await note(job)
    }
    const worker = startWorker(db, { mail: handler }, { log: quiet, clock, pollMs: 3_600_000 })
    await add('now')
    worker.poke()
    await begun.promise
    const stopped = worker.stop()
    finish.resolve()
    await stopped
    assert.deepEqual(done, ['now'])
  })
})

test('the waits grow to an hour', () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6, 7].map(waitSeconds), [5, 20, 80, 320, 1280, 3600, 3600])
})

const runs: readonly (readonly [now: string, expected: string, because: string])[] = [
  ['2026-12-11T02:30:00.000Z', '2026-12-11T02:30:00.000Z', 'the time itself counts'],
  ['2026-12-11T02:29:59.999Z', '2026-12-10T02:30:00.000Z', 'a moment before, yesterday was the last'],
  ['2026-07-01T12:00:00.000Z', '2026-07-01T01:30:00.000Z', 'London is an hour ahead in July'],
  ['2026-03-29T12:00:00.000Z', '2026-03-29T01:30:00.000Z', 'half past two exists on the day the clocks go forward'],
]
for (const [now, expected, because] of runs) {
  test(`the last half past two in London at ${now} was ${expected}: ${because}`, () => {
    assert.equal(lastRunBefore('30 2 * * *', new Date(now))?.toISOString(), expected)
  })
}
