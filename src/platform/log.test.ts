import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog } from './log.ts'

const clock = { now: () => new Date('2026-12-11T10:34:00Z') }

function linesOf(write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown>[] {
  const lines: string[] = []
  write(createLog('info', (line) => lines.push(line), clock))
  return lines.map((line) => JSON.parse(line))
}

test('a line says when, how bad and what', () => {
  assert.deepEqual(
    linesOf((log) => log.warn({ attempts: 2 }, 'failed')),
    [{ level: 40, time: '2026-12-11T10:34:00.000Z', attempts: 2, msg: 'failed' }],
  )
})

test('lines below the level are not written', () => {
  assert.deepEqual(
    linesOf((log) => log.debug('nothing')),
    [],
  )
})

for (const key of ['password', 'cookie', 'authorization', 'x-api-key', 'idToken', 'professionalPhone', 'email']) {
  test(`what is named “${key}” is left out, however deep`, () => {
    const [line] = linesOf((log) => log.info({ headers: { [key]: 'private' } }, 'seen'))
    assert.deepEqual(line?.['headers'], { [key]: '[hidden]' })
  })
}

test('an error is logged with its cause and code, without what a driver hung on it', () => {
  const cause = Object.assign(new Error('no'), { code: '23505', detail: 'Key (email)=(a@b) exists' })
  const [line] = linesOf((log) => log.error({ err: new Error('could not save', { cause }) }))
  const err = line?.['err'] as { message: string; cause: { code: string } }
  assert.equal(err.message, 'could not save')
  assert.equal(err.cause.code, '23505')
  assert.doesNotMatch(JSON.stringify(line), /a@b/)
})

test('what refers to itself does not stop the process', () => {
  const loop: Record<string, unknown> = {}
  loop['loop'] = loop
  assert.equal(linesOf((log) => log.info(loop)).length, 1)
})
