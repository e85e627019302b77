/** The architecture as a table that runs: who may import whom, and the few rules that keep each room tidy. */
import assert from 'node:assert/strict'
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { test } from 'node:test'

const BASE = ['rules', 'platform']
const PROFILE = [...BASE, 'accounts', 'directory', 'profiles']

/** Which folder under src/ may import which. This table is the architecture; change it only with an ADR. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  rules: [],
  platform: ['rules'],
  accounts: [...BASE, 'emails'],
  emails: BASE,
  directory: [...BASE, 'accounts'],
  profiles: [...BASE, 'accounts', 'directory', 'verification', 'emails'],
  verification: [...PROFILE, 'emails'],
  access: [...PROFILE, 'emails'],
  capacity: [...PROFILE, 'emails', 'closures'],
  closures: [...PROFILE, 'emails', 'verification', 'reference-data'],
  'emergency-desk': [...PROFILE, 'emails', 'verification', 'reference-data', 'closures', 'access'],
  'head-office': [...PROFILE, 'emails', 'verification', 'reference-data'],
  'contacts-register': [...PROFILE, 'emails', 'reference-data'],
  'field-queries': [...PROFILE, 'emails', 'verification'],
  'record-editor': [...PROFILE, 'emails', 'urgent-care', 'reference-data'],
  'data-quality': [...PROFILE, 'emails', 'reference-data', 'closures'],
  'help-desk': [...PROFILE, 'emails'],
  'wrong-reports': [...PROFILE, 'emails', 'field-queries'],
  onboarding: [...PROFILE, 'emails', 'record-editor'],
  'as-told': [...PROFILE, 'find-a-pharmacy', 'apis'],
  'directory-workspace': [
    ...PROFILE,
    'field-queries',
    'record-editor',
    'data-quality',
    'help-desk',
    'onboarding',
    'wrong-reports',
    'access',
    'emails',
    'verification',
    'contacts-register',
    'closures',
    'capacity',
    'reports',
  ],
  reports: [...PROFILE, 'emails', 'urgent-care'],
  'reference-data': [...BASE, 'profiles', 'directory'],
  demo: [
    ...PROFILE,
    'reference-data',
    'find-a-pharmacy',
    'urgent-care',
    'verification',
    'access',
    'closures',
    'emergency-desk',
    'contacts-register',
    'field-queries',
    'record-editor',
    'data-quality',
    'help-desk',
    'onboarding',
    'capacity',
    'service-finder',
    'wrong-reports',
  ],
  commands: [
    ...PROFILE,
    'reference-data',
    'verification',
    'urgent-care',
    'access',
    'head-office',
    'reports',
    'emails',
    'closures',
    'capacity',
    'emergency-desk',
    'contacts-register',
    'data-quality',
  ],
  'find-a-pharmacy': [...BASE, 'directory', 'profiles', 'reference-data'],
  'service-finder': [...PROFILE, 'emails', 'reference-data', 'urgent-care', 'capacity', 'verification'],
  'patient-shares': [...PROFILE, 'emails', 'find-a-pharmacy'],
  'urgent-care': [...BASE, 'accounts', 'directory', 'reference-data'],
  apis: [...BASE, 'accounts', 'directory', 'profiles', 'reference-data', 'urgent-care', 'capacity'],
  'footer-pages': BASE,
}

/** Of these folders, the importer named may use these files only. */
const ONLY_THESE: Readonly<Record<string, readonly string[]>> = {
  'profiles -> directory': [
    'project-profile.ts',
    'service-record.ts',
    'save-services.ts',
    'area.ts',
    'area-choices.ts',
  ],
}

/** At the root of src/: the wiring, which may import everything, and what all may import as types. */
const WIRING = ['app.ts', 'background.ts', 'main.ts', 'memory.ts', 'signpost.ts', 'status.ts']
const TYPES_FOR_ALL = ['config.ts', 'events.ts']

const MAY_SAY_DEMO = /^src\/(demo\/|config\.ts$|config\.test\.ts$|main\.ts$)/
const VAGUE_NAMES =
  /^(utils?|helpers?|common|misc|managers?|types|index|shared|lib)\.|-(utils?|helpers?|managers?|misc)\./
const README_LINES = 15

const sources = globSync('src/**/*.ts').sort()
const texts = globSync('src/**/*.{ts,njk,css,md,csv,json}').sort()
const read = (file: string) => readFileSync(file, 'utf8')

type Import = { readonly specifier: string; readonly typesOnly: boolean; readonly target: string | undefined }

/** Every import of a file; `target` is its path below src/, undefined for packages. */
function importsOf(file: string): Import[] {
  const statement = /^(?:import|export)\s+(type\s)?[^'"=;()]*?\bfrom\s+'([^']+)'/gm
  const bare = /^import\s+(type\s)?'([^']+)'|\bimport\(\s*()'([^']+)'/gm
  return [...read(file).matchAll(statement), ...read(file).matchAll(bare)].map(([, type, name, , lazy]) => {
    const specifier = name ?? lazy ?? ''
    return { specifier, typesOnly: type !== undefined, target: targetOf(file, specifier) }
  })
}

function targetOf(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('#src/')) return specifier.slice('#src/'.length)
  return specifier.startsWith('.') ? relative('src', resolve(dirname(file), specifier)) : undefined
}

const isTest = (file: string) => file.endsWith('.test.ts')
const folderOf = (path: string) => (path.includes('/') ? (path.split('/')[0] ?? '') : '')

for (const file of sources.filter((path) => !isTest(path))) {
  const from = folderOf(relative('src', file))
  if (from === '') continue
  test(`${file} imports only what its folder may`, () => {
    const allowed = MAY_IMPORT[from]
    assert.ok(allowed, `${from}/ is not in MAY_IMPORT: add it, with an ADR`)
    for (const { specifier, target, typesOnly } of importsOf(file)) {
      if (target === undefined) {
        assert.notEqual(from, 'rules', `rules/ is pure: it may not import "${specifier}"`)
        continue
      }
      const to = folderOf(target)
      if (to === from) continue
      if (to === '') {
        assert.ok(TYPES_FOR_ALL.includes(target) && typesOnly, `of src/${target} only types may be imported, by name`)
        continue
      }
      assert.ok(allowed.includes(to), `${from}/ may not import ${to}/ ("${specifier}")`)
      assert.ok(
        typesOnly || !/-store\.ts$|\/pages\//.test(target),
        `stores and pages are private to their feature ("${specifier}")`,
      )
      const only = ONLY_THESE[`${from} -> ${to}`]
      assert.ok(
        !only || typesOnly || only.includes(basename(target)),
        `${from}/ may use of ${to}/ only ${only?.join(', ')}`,
      )
    }
  })
}

test('rules are pure: no clock, no environment, no input or output', () => {
  const impure = /\bprocess\.|\bconsole\.|\bfetch\(|Math\.random|performance\.|setTimeout|setInterval/
  const found = sources.filter((file) => file.startsWith('src/rules/') && !isTest(file) && impure.test(read(file)))
  assert.deepEqual(found, [])
})

test('the root of src/ holds the wiring, the settings and the events, and nothing else', () => {
  const files = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isFile() && !isTest(entry.name))
  const expected = [...WIRING, ...TYPES_FOR_ALL, 'README.md']
  assert.deepEqual(
    files.map(({ name }) => name).filter((name) => !expected.includes(name)),
    [],
  )
})

test('nothing lies deeper than src/feature/folder/', () => {
  assert.deepEqual(
    texts.filter((file) => file.split('/').length > 4),
    [],
  )
})

test('files are named in kebab-case, by what they hold and not by their kind', () => {
  const wrong = texts.filter((file) => {
    const name = basename(file)
    return name !== 'README.md' && (!/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)+$/.test(name) || VAGUE_NAMES.test(name))
  })
  assert.deepEqual(wrong, [])
})

test('only the settings file reads the environment', () => {
  const found = sources.filter((file) => file !== 'src/config.ts' && /process\.env\b/.test(read(file)))
  assert.deepEqual(found, [])
})

test('only platform/clock.ts knows the time', () => {
  const tellsTime = /new Date\(\s*\)|\bDate\.now\b|\bDate\(\s*\)|Temporal\.Now/
  const found = sources.filter(
    (file) => file !== 'src/platform/clock.ts' && !isTest(file) && tellsTime.test(read(file)),
  )
  assert.deepEqual(found, [])
})

test('the word demo appears only in src/demo, the settings and the start', () => {
  const found = texts.filter((file) => !MAY_SAY_DEMO.test(file) && /demo(?!nstrat|grap|crat)/i.test(read(file)))
  assert.deepEqual(found, [])
})

test('there is one exported name for a thing: no default exports, no enums, no re-exporting index', () => {
  const found = sources.filter((file) => /^export default\b|^(export )?(const )?enum\b|^export \*/m.test(read(file)))
  assert.deepEqual(found, [])
})

test('no file grows past 400 lines; a test may, when it is one table', () => {
  const long = sources.filter((file) => !isTest(file) && read(file).split('\n').length > 401)
  assert.deepEqual(long, [])
})

const rooms = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory())
for (const { name } of rooms.filter((room) => !BASE.includes(room.name))) {
  test(`${name}/ says in a README of at most ${README_LINES} lines what it is for`, () => {
    const file = join('src', name, 'README.md')
    assert.ok(existsSync(file), `${file} is missing`)
    assert.ok(read(file).trimEnd().split('\n').length <= README_LINES, `${file} is too long`)
  })
}
