/** The command line as people call it: another process, its output and its exit codes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startChild } from '#test/support/child-process.ts'
import { freshDatabase } from '#test/support/databases.ts'
import { inputFile, listCsv } from '#test/support/input-files.ts'

type Ended = { readonly code: number | null; readonly output: readonly string[]; readonly errors: string }

async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const child = startChild('../src/signpost.ts', args, env)
  const output: string[] = []
  child.process.stdout?.on('data', (chunk: Buffer) => output.push(chunk.toString()))
  const { code } = await child.ended
  return { code, output: output.join('').split('\n'), errors: child.errors() }
}

const wrong: [args: string[], message: RegExp][] = [
  [['imprt', 'x'], /^There is no command "imprt x"\. Commands: import pharmaceutical-list, .*check\n$/],
  [['import', 'ods'], /^Something is missing\. Call it as: import ods FILE\.csv\n$/],
  [['import', 'ods', 'a', 'b'], /^"b" is too much/],
  [['import', 'ods', '--quick', 'a'], /^import ods has no option --quick/],
  [['import', 'services', 'x.jsonl', '--reference'], /^An option lacks its value/],
]
for (const [args, message] of wrong) {
  test(`\`${args.join(' ')}\` ends with code 2 and one line that says what exists`, async () => {
    const { code, errors } = await run(args)
    assert.equal(code, 2)
    assert.match(errors, message)
  })
}

test('help lists the commands', async () => {
  const { code, output } = await run(['help'])
  assert.equal(code, 0)
  assert.ok(output.includes('  import services FILE.jsonl --reference FILE.json [--gazetteer FILE.csv]'))
})

test('a reader that has seen enough, such as head, ends a command without a word', async () => {
  const child = startChild('../src/signpost.ts', ['help'])
  child.process.stdout?.destroy()
  const { code } = await child.ended
  assert.deepEqual([code, child.errors()], [0, ''])
})

test('a setting that is wrong ends with code 1 and one line', async () => {
  const { code, errors } = await run(['check'], { PORT: 'many' })
  assert.equal(code, 1)
  assert.match(errors, /^PORT is wrong: .*\n$/)
})

test('an import sums up, a refused one says why in one line, and check finds all as it should be', async () => {
  const { dataDir } = await freshDatabase('embedded')
  const env = { DATA_DIR: dataDir, DATABASE_URL: '' }
  const list = inputFile('list.csv', listCsv([{ code: 'FZ001', days: ['09:00-17:00', 'nonsense'] }, { code: 'FZ002' }]))
  const imported = await run(['import', 'pharmaceutical-list', list], env)
  assert.deepEqual([imported.code, imported.errors], [0, ''])
  assert.deepEqual(imported.output.slice(0, 6), [
    'read       2',
    'stored     2',
    'changed    0',
    'unchanged  0',
    'kept       0',
    'refused    1',
  ])
  const refused = await run(['import', 'pharmaceutical-list', inputFile('other.csv', 'a,b\n1,2\n')], env)
  assert.equal(refused.code, 2)
  assert.match(refused.errors, /^other\.csv does not begin with the header of .*\n$/)
  const granted = await run(['user', 'grant', 'Amina.Khan@example.nhs.uk', 'owner', 'ods:fz001'], env)
  assert.deepEqual([granted.code, granted.output[0]], [0, 'amina.khan@example.nhs.uk owner ods:FZ001: granted'])
  const checked = await run(['check'], env)
  assert.equal(checked.code, 0)
  assert.match(checked.output[0] ?? '', /^audit {7}unbroken: 3 entries, 2 service changes$/)
})
