import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig, WrongSetting } from './config.ts'

const LONG = 'x'.repeat(32)
const PRODUCTION = {
  SIGNPOST_ENV: 'production',
  BASE_URL: 'https://signpost.example',
  DATABASE_URL: 'postgres://signpost@db/signpost',
  SMTP_URL: 'smtps://mail.example',
  SESSION_SECRET: LONG,
  SECRETS_PEPPER: LONG,
  OIDC_NHSMAIL_ISSUER: 'https://issuer.example',
  OIDC_NHSMAIL_CLIENT_ID: 'signpost',
  OIDC_NHSMAIL_CLIENT_SECRET: 'secret',
}

const assertRefused = (settings: Record<string, string>, message: RegExp): void =>
  assert.throws(
    () => readConfig(settings),
    (error) => error instanceof WrongSetting && message.test(error.message),
  )

test('nothing set is the trial: port 3000, the embedded database, its own NHSmail one port above', () => {
  const config = readConfig({})
  assert.deepEqual(
    [config.port, config.baseUrl, config.databaseUrl, config.demo, config.demoNhsmailPort, config.production],
    [3000, 'http://localhost:3000', undefined, true, 3001, false],
  )
})

test('an empty setting is one that is not set', () => {
  assert.equal(readConfig({ PORT: '', DATABASE_URL: '' }).port, 3000)
})

test('production starts with everything it needs, and without the fictitious directory', () => {
  const config = readConfig(PRODUCTION)
  assert.deepEqual([config.production, config.demo], [true, false])
})

const wrong: readonly (readonly [setting: Record<string, string>, message: RegExp])[] = [
  [{ PORT: 'abc' }, /^PORT is wrong: must be a whole number from 1 to 65535$/],
  [{ PORT: '0' }, /^PORT is wrong/],
  [{ PORT: '70000' }, /^PORT is wrong/],
  [{ PORT: '65535' }, /set DEMO_NHSMAIL_PORT as well/],
  [{ BASE_URL: 'ftp://signpost.example' }, /^BASE_URL is wrong: must be an http/],
  [{ DATABASE_URL: 'mysql://db' }, /^DATABASE_URL is wrong: must start with postgres:/],
  [{ SMTP_URL: 'http://mail' }, /^SMTP_URL is wrong/],
  [{ ROLE: 'both' }, /^ROLE is wrong: must be web, worker or all$/],
  [{ ROLE: 'web' }, /^ROLE=web needs DATABASE_URL/],
  [{ DEMO: 'yes' }, /^DEMO is wrong: must be on or off$/],
  [{ SESSION_SECRET: 'short' }, /^SESSION_SECRET is wrong: must be at least 32 characters$/],
  [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL is wrong: must be one of fatal/],
  [{ RATE_LIMIT_OPEN_DATA: '-1' }, /^RATE_LIMIT_OPEN_DATA is wrong/],
  [{ OIDC_NHSMAIL_ISSUER: 'https://issuer.example' }, /needs OIDC_NHSMAIL_CLIENT_ID/],
]
for (const [setting, message] of wrong) {
  test(`${JSON.stringify(setting)} stops the start with one line that says why`, () => {
    assertRefused(setting, message)
  })
}

const unsafe: readonly (readonly [setting: Record<string, string>, message: RegExp])[] = [
  [{ BASE_URL: 'http://signpost.example' }, /^BASE_URL must be an https/],
  [{ SESSION_SECRET: '' }, /^SESSION_SECRET must be set/],
  [{ SECRETS_PEPPER: '' }, /^SECRETS_PEPPER must be set/],
  [{ OIDC_NHSMAIL_ISSUER: '' }, /^OIDC_NHSMAIL_ISSUER must be set/],
  [{ SMTP_URL: '' }, /^SMTP_URL must be set/],
  [{ DEMO: 'on' }, /^DEMO must be off/],
  [{ DATABASE_URL: '' }, /^DATABASE_URL must be set/],
]
for (const [setting, message] of unsafe) {
  test(`production refuses to start with ${JSON.stringify(setting)}`, () => {
    assertRefused({ ...PRODUCTION, ...setting }, message)
  })
}

test('production takes the embedded database from those who say that they know', () => {
  assert.equal(readConfig({ ...PRODUCTION, DATABASE_URL: '', ALLOW_EMBEDDED: 'yes' }).databaseUrl, undefined)
})
