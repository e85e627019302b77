/**
 * The triage search of the directory against the slow reference: the same services in the same order, and the same
 * reasons. A difference is reported with its seed and with the fewest services that still show it.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { ALL, ANSWERS, agree, GAPS, OF_TYPES, REASONS, sidesOf, WITH_PAIR } from './comparisons.ts'
import { type RandomDirectory, randomDirectory } from './random-directory.ts'
import type { SlowQuestion, SlowReference, SlowService } from './slow-triage.ts'

const RANDOM_DIRECTORIES = 13
for (let at = 0; at < RANDOM_DIRECTORIES; at++) {
  const size = 200 + (at % 5) * 150
  const seed = `directory ${at}`
  test(`a random directory of ${size} services is searched alike (seed "${seed}")`, () => {
    const directory = randomDirectory(seed, size, 150)
    const sides = sidesOf(directory)
    for (const asked of directory.questions) {
      for (const comparison of ALL) agree(comparison, sides, directory, asked)
    }
  })
}

for (const size of [3_100, 15_100]) {
  const seed = `pharmacies ${size}`
  test(`${size} services of one type are searched alike (seed "${seed}")`, () => {
    const mixed = randomDirectory(seed, size, 25)
    const directory = { ...mixed, services: mixed.services.map((service) => ({ ...service, typeId: 13 })) }
    const sides = sidesOf(directory)
    for (const asked of directory.questions) {
      for (const comparison of [ANSWERS, OF_TYPES, WITH_PAIR]) agree(comparison, sides, directory, asked)
    }
  })
}

const GENERATOR = resolve(import.meta.dirname, '../../../shared/tools/directory-generator/gen.mjs')
const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/signpost-reference')
const NATIONAL_SERVICES = '10k'
/** Of so many questions one, the reasons are compared too. */
const REASONS_EVERY = 50

/** A directory in the manner of the national one, with its 5,000 questions; made once for a seed and kept. */
function nationalDirectory(seed: number): RandomDirectory {
  const folder = join(CACHE, `${NATIONAL_SERVICES}-seed-${seed}`)
  if (!existsSync(join(folder, 'complete'))) {
    mkdirSync(folder, { recursive: true })
    const order = ['--n', NATIONAL_SERVICES, '--seed', String(seed), '--out', folder]
    execFileSync(process.execPath, [GENERATOR, ...order], { stdio: 'ignore' })
    writeFileSync(join(folder, 'complete'), '')
  }
  const kept = new Map<string, unknown>()
  const lines = (name: string) => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n')
  return {
    services: lines('services.jsonl').map((line) => sharing(kept, JSON.parse(line) as SlowService)),
    reference: JSON.parse(readFileSync(join(folder, 'reference.json'), 'utf8')) as SlowReference,
    questions: lines('queries-triage.jsonl').map((line) => JSON.parse(line) as SlowQuestion),
  }
}

/** Keeps equal clinical profiles once, of which there are many: the slow search is then much faster. */
function sharing(kept: Map<string, unknown>, service: SlowService): SlowService {
  const once = <T>(value: T): T => {
    const text = JSON.stringify(value)
    if (!kept.has(text)) kept.set(text, value)
    return kept.get(text) as T
  }
  const { sgsd, dispositions, roles, genders, ages, weekly } = service
  const shared = { sgsd: once(sgsd), dispositions: once(dispositions), roles: once(roles), genders: once(genders) }
  return Object.assign(service, { ...shared, ages: once(ages), weekly: once(weekly) })
}

const skipped = existsSync(GENERATOR) ? {} : { skip: 'the generator of national directories is not in ../shared/tools' }
for (const seed of [1, 2, 3]) {
  test(
    `5,000 questions to a national directory of ${NATIONAL_SERVICES} services are answered alike (seed ${seed})`,
    skipped,
    () => {
      const directory = nationalDirectory(seed)
      const sides = sidesOf(directory)
      for (const [at, asked] of directory.questions.entries()) {
        agree(ANSWERS, sides, directory, asked)
        if (at % REASONS_EVERY === 0)
          for (const comparison of [REASONS, GAPS]) agree(comparison, sides, directory, asked)
      }
      assert.equal(directory.questions.length, 5000)
    },
  )
}
