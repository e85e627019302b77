import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'

const root = new URL('../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const screens = globSync('src/**/*.{njk,ts}', { cwd: root })
  .filter((path) => !path.endsWith('.test.ts'))
  .map(read)
  .join('\n')

/** About how fast a calm voice reads; a clip has 60 seconds. */
const WORDS_A_MINUTE = 140

const clips = read('docs/clips.md').split('\n## ').slice(1)

test('there are eight clips', () => assert.equal(clips.length, 8))

for (const clip of clips) {
  const [title = ''] = clip.split('\n')
  const said = clip
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| On the screen'))
    .map((line) => line.split('|')[2] ?? '')
    .join(' ')

  test(`“${title}” is said in 60 seconds`, () => {
    const words = said.trim().split(/\s+/).length
    assert.ok(words <= WORDS_A_MINUTE, `${words} words`)
  })

  test(`“${title}” names what is on the screen`, () => {
    const named = [...said.matchAll(/\*\*(.+?)\*\*/g)].map(([, words = '']) => words)
    assert.ok(named.length > 0)
    const missing = named.filter((words) => !screens.includes(words))
    assert.deepEqual(missing, [])
  })
}
