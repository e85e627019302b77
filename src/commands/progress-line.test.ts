import assert from 'node:assert/strict'
import { test } from 'node:test'
import { progressLine } from './progress-line.ts'

function terminal(isTTY: boolean) {
  const written: string[] = []
  return { isTTY, written, write: (text: string) => written.push(text) }
}
const clockAt = (seconds: { now: number }) => ({ now: () => new Date(seconds.now * 1000) })

test('a terminal shows one line, rewritten, and is left clean', () => {
  const screen = terminal(true)
  const { progress, end } = progressLine(screen, clockAt({ now: 0 }))
  progress('rows read', 10)
  progress('rows stored', 10, 20)
  end()
  assert.deepEqual(screen.written, ['\r\u001b[Krows read: 10', '\r\u001b[Krows stored: 10 of 20', '\r\u001b[K'])
})

test('without a terminal there is a line now and then', () => {
  const seconds = { now: 0 }
  const file = terminal(false)
  const { progress, end } = progressLine(file, clockAt(seconds))
  for (seconds.now of [1, 9, 10, 15, 21]) progress('rows read', seconds.now)
  end()
  assert.deepEqual(file.written, ['rows read: 10\n', 'rows read: 21\n'])
})
