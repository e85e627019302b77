import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { startTinyIssuer, type TinyIssuer } from '#test/support/tiny-issuer.ts'
import { Unavailable } from '../errors.ts'
import { createLog } from '../log.ts'
import { type IdentityProvider, newSignInSecrets, openIdProvider, type SignInAnswer } from './open-id.ts'

const REDIRECT = 'http://localhost:3000/sign-in/callback'
const log = createLog('error')
const issuers: TinyIssuer[] = []
let issuer: TinyIssuer
let provider: IdentityProvider

beforeEach(async () => {
  issuer = await startTinyIssuer()
  issuers.push(issuer)
  provider = providerAt(issuer.issuer)
})
after(async () => {
  for (const each of issuers) await each.close()
})

const providerAt = (address: string, retryWaitsMs: number[] = []) =>
  openIdProvider(
    { issuer: address, clientId: 'signpost', clientSecret: 'a-secret-of-32-characters-or-more', retryWaitsMs },
    log,
  )

/** One sign-in whose ID token carries `claims`, at the issuer's own nonce unless the claims name another. */
async function signInWith(claims: Readonly<Record<string, unknown>>, expiresInSeconds?: number): Promise<SignInAnswer> {
  const secrets = newSignInSecrets()
  await provider.begin(secrets, REDIRECT)
  issuer.say({ nonce: secrets.nonce, ...claims }, expiresInSeconds)
  const query = new URLSearchParams({ code: 'a-code', state: secrets.state, iss: issuer.issuer })
  return await provider.finish(new URL(`${REDIRECT}?${query}`), secrets)
}

test('asks with a code challenge, a state and a nonce, and for one exact address to come back to', async () => {
  const secrets = newSignInSecrets()
  const { searchParams } = await provider.begin(secrets, REDIRECT)
  assert.equal(searchParams.get('redirect_uri'), REDIRECT)
  assert.equal(searchParams.get('response_type'), 'code')
  assert.equal(searchParams.get('state'), secrets.state)
  assert.equal(searchParams.get('nonce'), secrets.nonce)
  assert.equal(searchParams.get('code_challenge_method'), 'S256')
  assert.notEqual(searchParams.get('code_challenge'), secrets.codeVerifier, 'the verifier itself stays here')
})

test('reads who it is', async () => {
  const answer = await signInWith({ email: 'a.b@nhs.net', email_verified: true, name: 'Ann Bell' })
  assert.ok(answer.ok)
  const { idToken, ...claims } = answer.claims
  assert.deepEqual(claims, {
    issuer: issuer.issuer,
    subject: 'person-1',
    email: 'a.b@nhs.net',
    emailVerified: true,
    name: 'Ann Bell',
    provedSecondsAgo: null,
  })
  assert.ok(idToken)
})

test('asks the person anew where that matters', async () => {
  const { searchParams: usual } = await provider.begin(newSignInSecrets(), REDIRECT)
  assert.deepEqual([usual.get('prompt'), usual.get('max_age'), usual.get('acr_values')], [null, null, null])
  const { searchParams } = await provider.begin(newSignInSecrets(), REDIRECT, { again: true })
  assert.deepEqual([searchParams.get('prompt'), searchParams.get('max_age')], ['login', '0'])
})

const proved: [claims: Readonly<Record<string, unknown>>, secondsAgo: number | null, because: string][] = [
  [{ iat: 5000, auth_time: 4910 }, 90, 'a minute and a half before the token was made'],
  [{ iat: 5000, auth_time: 5000 }, 0, 'at that moment'],
  [{ iat: 5000, auth_time: 5003 }, 0, 'seconds are rounded, and nobody proves anything in the future'],
  [{ iat: 5000 }, null, 'it does not say'],
]
for (const [claims, secondsAgo, because] of proved) {
  test(`${JSON.stringify(claims)} was proved ${secondsAgo} seconds ago: ${because}`, async () => {
    const answer = await signInWith(claims)
    assert.equal(answer.ok && answer.claims.provedSecondsAgo, secondsAgo)
  })
}

const assured: [acr: unknown, ok: boolean, because: string][] = [
  ['aal2', true, 'one of those asked for'],
  ['aal3', true, 'the other'],
  ['aal1', false, 'less than asked for'],
  [undefined, false, 'it does not say'],
  [['aal3'], false, 'it is no text'],
]
for (const [acr, ok, because] of assured) {
  test(`where aal2 or aal3 is asked for, acr ${JSON.stringify(acr)} is ${ok ? 'taken' : 'refused'}: ${because}`, async () => {
    const settings = { issuer: issuer.issuer, clientId: 'signpost', clientSecret: 'a-secret-of-32-characters-or-more' }
    provider = openIdProvider({ ...settings, assuranceLevels: ['aal2', 'aal3'] }, log)
    const { searchParams } = await provider.begin(newSignInSecrets(), REDIRECT)
    assert.equal(searchParams.get('acr_values'), 'aal2 aal3')
    const answer = await signInWith({ acr })
    assert.deepEqual(answer.ok ? true : answer.because, ok || 'assurance')
  })
}

const verified: [claim: unknown, meaning: boolean | null, because: string][] = [
  [true, true, 'it says so'],
  ['true', true, 'some write the word'],
  [false, false, 'it says no'],
  ['false', false, 'some write the word'],
  ['yes', false, 'anything else is no'],
  [undefined, null, 'it does not say'],
]
for (const [claim, meaning, because] of verified) {
  test(`email_verified ${JSON.stringify(claim)} is ${meaning}: ${because}`, async () => {
    const answer = await signInWith({ email: 'a@nhs.net', email_verified: claim })
    assert.equal(answer.ok && answer.claims.emailVerified, meaning)
  })
}

const refusedTokens: [
  claims: Readonly<Record<string, unknown>>,
  seconds: number,
  because: SignInAnswer,
  why: string,
][] = [
  [{}, -61, { ok: false, because: 'clocks' }, 'it ran out more than a minute ago'],
  [{ nbf: 4_000_000_000 }, 300, { ok: false, because: 'clocks' }, 'it is not valid yet'],
  [{ nonce: 'another' }, 300, { ok: false, because: 'rejected' }, 'it answers another question'],
  [{ aud: 'somebody-else' }, 300, { ok: false, because: 'rejected' }, 'it is meant for another service'],
  [{ iss: 'https://evil.example' }, 300, { ok: false, because: 'rejected' }, 'somebody else issued it'],
]
for (const [claims, seconds, expected, why] of refusedTokens) {
  test(`refuses an ID token: ${why}`, async () => assert.deepEqual(await signInWith(claims, seconds), expected))
}

test('accepts an ID token that ran out less than a minute ago: clocks differ a little', async () => {
  assert.equal((await signInWith({}, -50)).ok, true)
})

test('refuses an ID token signed with a key that the issuer does not publish', async () => {
  issuer.signWrongly()
  assert.deepEqual(await signInWith({}), { ok: false, because: 'rejected' })
})

test('goes on when the issuer has a new key, at once', async () => {
  assert.equal((await signInWith({})).ok, true)
  issuer.changeKey()
  assert.equal((await signInWith({})).ok, true)
})

test('reads the issuer’s description once for many sign-ins', async () => {
  const begin = () => provider.begin(newSignInSecrets(), REDIRECT)
  await Promise.all([begin(), begin(), begin()])
  await signInWith({})
  assert.equal(issuer.discoveries(), 1)
})

const noAnswers: [status: number, body: string, because: string][] = [
  [500, 'Internal Server Error', 'it is broken'],
  [502, '<h1>Bad gateway</h1>', 'a proxy answers for it'],
  [200, '<h1>Maintenance</h1>', 'a page instead of tokens'],
]
for (const [status, body, because] of noAnswers) {
  test(`is unavailable when the issuer answers ${status}: ${because}`, async () => {
    issuer.answerWith(status, body)
    await assert.rejects(signInWith({}), Unavailable)
  })
}

test('is unavailable while the issuer is down or describes nothing', async () => {
  const { port } = new URL(issuer.issuer)
  const lonely = providerAt(`http://127.0.0.1:${port}/nothing-here`, [1, 1])
  await assert.rejects(lonely.begin(newSignInSecrets(), REDIRECT), Unavailable)
  await issuer.close()
  await assert.rejects(provider.begin(newSignInSecrets(), REDIRECT), Unavailable)
})

test('offers no sign-out where the issuer has none', async () => {
  await signInWith({})
  assert.equal(await provider.signOutUrl('token', 'http://localhost:3000/signed-out'), undefined)
})

test('refuses an http issuer on another machine', () => {
  assert.throws(() => providerAt('http://login.example'), /must be https/)
  assert.doesNotThrow(() => providerAt('https://login.example'))
})
