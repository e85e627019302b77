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
  RECEIPT_SIGNING_KEY: `${'k'.repeat(43)}=`,
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

test('what the sources of the web services leave open has the default that is documented', () => {
  const config = readConfig({})
  assert.deepEqual(config.soap, { defaultVersion: '1.5', privilegeFault: undefined })
  assert.deepEqual(config.triage, { catchAllTypes: undefined, legacyCatchAll: false })
})

test('what the sources of the web services leave open can be set', () => {
  const config = readConfig({
    SOAP_DEFAULT_VERSION: 'none',
    SOAP_PRIVILEGE_FAULT: '303',
    SOAP_LEGACY_CATCH_ALL: 'on',
    CATCH_ALL_TYPES: '105, 40',
  })
  assert.deepEqual(config.soap, { defaultVersion: null, privilegeFault: 303 })
  assert.deepEqual(config.triage, { catchAllTypes: [105, 40], legacyCatchAll: true })
})

test('a mailbox proves something only where the NHS gives mailboxes out, and in the trial where it pretends to', () => {
  assert.deepEqual(readConfig({}).sharedMailboxDomains, ['nhs.net', 'nhsmail.example'])
  assert.deepEqual(readConfig(PRODUCTION).sharedMailboxDomains, ['nhs.net'])
  const given = readConfig({ SHARED_MAILBOX_DOMAINS: 'NHS.net, pharmacy.wales.nhs.uk' }).sharedMailboxDomains
  assert.deepEqual(given, ['nhs.net', 'pharmacy.wales.nhs.uk'])
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
  [{ ROAD_DISTANCE_URL: 'roads.example' }, /^ROAD_DISTANCE_URL is wrong: must be an http/],
  [{ ROAD_DISTANCE_TIMEOUT_MS: '0' }, /^ROAD_DISTANCE_TIMEOUT_MS is wrong: must be a whole number of milliseconds/],
  [{ ROAD_DISTANCE_TIMEOUT_MS: '1.5' }, /^ROAD_DISTANCE_TIMEOUT_MS is wrong: must be a whole number of milliseconds/],
  [{ REST_MISSING_POSTCODE: 'maybe' }, /^REST_MISSING_POSTCODE is wrong: must be error or empty$/],
  [{ REST_RAG_24_HOURS: '24' }, /^REST_RAG_24_HOURS is wrong: must be on or off$/],
  [{ SOAP_DEFAULT_VERSION: '1.4' }, /^SOAP_DEFAULT_VERSION is wrong: must be 1.5, 1.3 or none$/],
  [{ SOAP_PRIVILEGE_FAULT: '301' }, /^SOAP_PRIVILEGE_FAULT is wrong: must be 302 or 303$/],
  [
    { TICKET_ADDRESS: 'a@b.example', TICKET_DESK_MAILBOX: 'A@b.example' },
    /must be another mailbox than TICKET_ADDRESS/,
  ],
  [{ SOAP_LEGACY_CATCH_ALL: 'yes' }, /^SOAP_LEGACY_CATCH_ALL is wrong: must be on or off$/],
  [{ SHARED_MAILBOX_DOMAINS: 'nhs' }, /^SHARED_MAILBOX_DOMAINS is wrong: must be domains, such as nhs.net$/],
  [{ MAP_TILE_URL: 'https://tiles.example/' }, /^MAP_TILE_URL must have \{z\}, \{x\} and \{y\} in it$/],
  [{ CATCH_ALL_TYPES: 'ED' }, /^CATCH_ALL_TYPES is wrong: must be numbers of service types, such as 40,105$/],
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
  [{ MAP_TILE_URL: 'http://tiles.example/{z}/{x}/{y}.png' }, /^MAP_TILE_URL must be an https/],
]
for (const [setting, message] of unsafe) {
  test(`production refuses to start with ${JSON.stringify(setting)}`, () => {
    assertRefused({ ...PRODUCTION, ...setting }, message)
  })
}

test('production takes the embedded database from those who say that they know', () => {
  assert.equal(readConfig({ ...PRODUCTION, DATABASE_URL: '', ALLOW_EMBEDDED: 'yes' }).databaseUrl, undefined)
})

test('sign-in can ask for more: a level of assurance, other origins, other domains', () => {
  const config = readConfig({
    ...PRODUCTION,
    OIDC_NHSMAIL_ACR: ' aal2  aal3 ',
    OIDC_NHSMAIL_ORIGINS: 'https://login.example https://sso.example',
    NHSMAIL_DOMAINS: 'NHS.net,nhs.scot',
  })
  assert.deepEqual(config.nhsmail?.assuranceLevels, ['aal2', 'aal3'])
  assert.deepEqual(config.nhsmailOrigins, ['https://login.example', 'https://sso.example'])
  assert.deepEqual(config.nhsmailDomains, ['nhs.net', 'nhs.scot'])
  assert.equal(readConfig(PRODUCTION).nhsmail?.assuranceLevels, undefined, 'unset: any will do')
  assert.deepEqual(readConfig(PRODUCTION).nhsmailDomains, ['nhs.net'])
  assertRefused({ OIDC_NHSMAIL_ORIGINS: 'https://login.example/path' }, /OIDC_NHSMAIL_ORIGINS.*without a path/)
  assertRefused({ NHSMAIL_DOMAINS: '@nhs.net' }, /NHSMAIL_DOMAINS.*must be domains/)
  assertRefused({ SIGN_IN_CODES_PER_MAILBOX: '0' }, /SIGN_IN_CODES_PER_MAILBOX.*from 1/)
})
