/** The change feed of the open data, its cursors, and the limit on requests. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { changesAnswerForm, problemForm } from '#src/apis/open-data/answers.ts'
import { onBothDatabases } from '#test/support/databases.ts'
import { fillOpenDirectory, NOW, read, service } from '#test/support/open-directory.ts'
import { type StartedApp, startApp } from '#test/support/start-app.ts'
import { storeServices } from '#test/support/stored-services.ts'

onBothDatabases((_kind, open) => {
  describe('with a few services', () => {
    let started: StartedApp
    const get = (url: string) => started.app.inject({ url })
    before(async () => {
      const db = await open()
      await fillOpenDirectory(db)
      started = await startApp(db)
    })
    after(() => started.close())

    describe('GET /api/v1/changes', () => {
      test('gives every change once, page by page, without private field names', async () => {
        const whole = read(changesAnswerForm, await get('/api/v1/changes'))
        const seen: string[] = []
        let next = ''
        for (;;) {
          const page = read(changesAnswerForm, await get(`/api/v1/changes?limit=2${next && `&after=${next}`}`))
          next = page.next
          if (page.changes.length === 0) break
          seen.push(...page.changes.map(({ cursor }) => cursor))
        }
        assert.deepEqual(
          seen,
          whole.changes.map(({ cursor }) => cursor),
        )
        assert.deepEqual(seen, seen.toSorted(), 'cursors sort as text')
        assert.equal(new Set(seen).size, seen.length)
        assert.equal(next, whole.next)
        const projected = whole.changes.findLast(({ uid }) => uid === 101)
        assert.deepEqual(projected?.fields, ['specified'], 'its other phone number changed as well')
        assert.equal(projected?.at, NOW)
        assert.equal(projected?.odsCode, 'FZ001')
      })

      const refusals: readonly (readonly [query: string, field: string])[] = [
        ['after=abc', 'after'],
        ['after=', 'after'],
        ['after=5', 'after'],
        ['after=-000000000000001', 'after'],
        ['after=9999999999999999', 'after'],
        ['after=0000000009999999', 'after'],
        ['after=0000000000000000&after=0000000000000000', 'after'],
        ['limit=0', 'limit'],
        ['limit=1001', 'limit'],
        ['limit=x', 'limit'],
        ['since=yesterday', 'since'],
      ]
      for (const [query, field] of refusals) {
        test(`refuses ${query}`, async () => {
          const answer = await get(`/api/v1/changes?${query}`)
          assert.equal(answer.statusCode, 400, answer.body)
          assert.equal(read(problemForm, answer).errors?.[0]?.field, field)
        })
      }
    })
  })

  test('too many requests in a minute are told how long to wait, address by address', async () => {
    const limited = await startApp(await open(), { settings: { RATE_LIMIT_OPEN_DATA: '3' } })
    const ask = (remoteAddress: string) => limited.app.inject({ url: '/api/v1/changes', remoteAddress })
    for (let request = 0; request < 3; request++) assert.equal((await ask('192.0.2.1')).statusCode, 200)
    const refusal = await ask('192.0.2.1')
    assert.equal(refusal.statusCode, 429)
    assert.equal(refusal.headers['retry-after'], '60')
    assert.equal(read(problemForm, refusal).status, 429)
    assert.equal((await ask('192.0.2.2')).statusCode, 200)
    limited.clock.set('2026-12-11T10:35:00Z')
    assert.equal((await ask('192.0.2.1')).statusCode, 200)
    await limited.close()
  })

  test('the feed neither skips nor repeats while others write', async () => {
    const db = await open()
    const reading = await startApp(db)
    const written: number[] = []
    const writer = async (first: number) => {
      for (let round = 0; round < 15; round++) {
        const uids = Array.from({ length: 1 + (round % 4) }, (_, index) => first + 10 * round + index)
        await storeServices(
          db,
          uids.map((uid) => service(uid)),
        )
        written.push(...uids)
      }
    }
    let writing = true
    const writers = Promise.all([1000, 2000, 3000, 4000].map(writer)).finally(() => {
      writing = false
    })
    const seen: number[] = []
    let after = '0000000000000000'
    const readPage = async (): Promise<number> => {
      const answer = await reading.app.inject({ url: `/api/v1/changes?limit=7&after=${after}` })
      const page = read(changesAnswerForm, answer)
      assert.ok(page.next >= after)
      after = page.next
      seen.push(...page.changes.map(({ uid }) => uid))
      return page.changes.length
    }
    while (writing) await readPage()
    await writers
    while ((await readPage()) > 0);
    assert.equal(seen.length, new Set(seen).size, 'nothing twice')
    assert.deepEqual(seen.toSorted(), written.toSorted(), 'nothing missing')
    await reading.close()
  })
})
