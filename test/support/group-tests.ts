/**
 * Puts test files together that one process can run: loading the product, its engine and its templates takes more than
 * a second, which is more than most of them need for their tests. For test/run.sh.
 *
 * `node test/support/group-tests.ts FOLDER FILE…` writes files into the folder that import the given ones, and prints
 * what is to be run instead of them. A file runs alone when it starts processes, which may take long, and when it has
 * hooks at the top that run before tests: there they would be for all.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const FILES_TOGETHER = 15

const [folder = '', ...files] = process.argv.slice(2)

const NEEDS_A_PROCESS =
  /^(before|beforeEach|afterEach)\(|\b(spawn|execFile)|child-process|kill-rounds|signpost-command/m

const alone = files.filter((file) => NEEDS_A_PROCESS.test(readFileSync(file, 'utf8')))
const together = files.filter((file) => !alone.includes(file))
const count = Math.ceil(together.length / FILES_TOGETHER)
const groups = Array.from({ length: count }, (_, group) => {
  const path = join(folder, `group-${group + 1}.test.mjs`)
  // Dealt out like cards, because neighbours are alike: each group then takes about as long as the others.
  const members = together.filter((_file, at) => at % count === group)
  writeFileSync(path, members.map((file) => `import ${JSON.stringify(pathToFileURL(resolve(file)).href)}\n`).join(''))
  return path
})
process.stdout.write(`${[...groups, ...alone].join('\n')}\n`)
