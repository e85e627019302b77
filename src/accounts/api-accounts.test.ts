import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onBothDatabases } from '#test/support/databases.ts'
import { fixedClock } from '#test/support/fixed-clock.ts'
import { loadApiAccounts } from './api-accounts.ts'
import { disableApiAccount, listApiAccounts, parseAccount, saveApiAccount } from './save-api-account.ts'

const PEPPER = 'pepper-pepper-pepper-pepper-pepper-pepper'
const BY = { by: 'command:client create', now: new Date('2026-12-11T10:34:00Z'), pepper: PEPPER }
const ASKED = { api: 'urgent-care', username: 'supplier', password: 'right', role: '4' }
const HERE = '192.0.2.1'
const ACCOUNT = {
  ...{ username: 'supplier', api: 'urgent-care', role: 4 },
  ...{ permissions: ['webService'], services: [], perMinute: 0 },
}

const refusedAccounts: [asked: Partial<Record<keyof typeof ASKED | 'perMinute', string>>, message: RegExp][] = [
  [{ api: 'soap' }, /^"soap" is not an API: choose one of urgent-care, capacity, /],
  [{ username: '' }, /^A username has 1 to 100 characters, none of them a colon$/],
  [{ username: 'a:b' }, /^A username has/],
  [{ username: ' a' }, /^A username has/],
  [{ username: 'a\u0000b' }, /^A username has/],
  [{ username: 'a'.repeat(101) }, /^A username has/],
  [{ password: '' }, /^A password has 1 to 200 characters/],
  [{ password: 'a\nb' }, /^A password has/],
  [{ role: 'nurse' }, /^"nurse" is not the number of a referral role$/],
  [{ role: '-1' }, /^"-1" is not the number/],
  [{ role: '2147483648' }, /^"2147483648" is not the number/],
  [{ perMinute: 'many' }, /^"many" is not a number of requests; 0 is no limit$/],
]
for (const [given, message] of refusedAccounts) {
  test(`refuses ${JSON.stringify(given)}`, () => {
    const parsed = parseAccount({ ...ASKED, ...given })
    assert.ok(!parsed.ok)
    assert.match(parsed.problems[0]?.message ?? '', message)
  })
}
test('refuses permissions and services that are none', () => {
  const permission = parseAccount({ ...ASKED, permissions: ['webService', 'webservice'] })
  assert.match(permission.ok ? '' : (permission.problems[0]?.message ?? ''), /^"webservice" is not a permission/)
  const service = parseAccount({ ...ASKED, services: ['2000000001', 'x'] })
  assert.match(service.ok ? '' : (service.problems[0]?.message ?? ''), /^"x" is not the uid of a service/)
})

onBothDatabases((_kind, open) => {
  test('an account is made once, changed where something is given, and its password is nowhere', async () => {
    const db = await open()
    const roleless = await saveApiAccount(db, { ...ASKED, role: undefined }, BY)
    assert.match(roleless.ok ? '' : (roleless.problems[0]?.message ?? ''), /urgent-care needs --role N/)
    const save = async (given: object) => {
      const saved = await saveApiAccount(db, { ...ASKED, ...given }, BY)
      assert.ok(saved.ok)
      return saved.value
    }
    const made = { account: ACCOUNT, outcome: 'created', changes: [], generated: undefined }
    assert.deepEqual(await save({}), made)
    assert.deepEqual(await save({}), { ...made, outcome: 'unchanged' })
    assert.deepEqual(await save({ password: undefined, role: undefined }), { ...made, outcome: 'unchanged' })
    const changed = await save({ password: 'new', perMinute: '60', services: ['2', '1', '2'] })
    assert.deepEqual(changed.changes, ['services', 'requests a minute', 'password'])
    assert.deepEqual(changed.account.services, [1, 2])
    const other = await saveApiAccount(db, { ...ASKED, api: 'fhir' }, BY)
    assert.match(other.ok ? '' : (other.problems[0]?.message ?? ''), /"supplier" is an account of urgent-care/)

    const listed = await listApiAccounts(db)
    assert.deepEqual(listed, [
      {
        ...ACCOUNT,
        ...{ services: [1, 2], perMinute: 60, status: 'active' },
        ...{ createdAt: '2026-12-11T10:34:00.000Z', createdBy: 'command:client create' },
      },
    ])
    const { password_hash } = await db.pool.selectFrom('api_account').selectAll().executeTakeFirstOrThrow()
    assert.match(password_hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
    const audit = await db.pool.selectFrom('audit').select(['actor', 'action', 'target', 'detail']).execute()
    assert.deepEqual(
      audit.map(({ actor, action, target }) => [actor, action, target]),
      [
        ['command:client create', 'create-account', 'account:supplier'],
        ['command:client create', 'change-account', 'account:supplier'],
      ],
    )
    assert.ok(!audit.some(({ detail }) => /right|new"|argon2/.test(detail)))
  })

  test('an account without a password gets one of at least 128 bits, told once', async () => {
    const db = await open()
    const saved = await saveApiAccount(db, { ...ASKED, password: undefined }, BY)
    assert.ok(saved.ok)
    const secret = saved.value.generated ?? ''
    assert.match(secret, /^[0-9a-f]{48}$/)
    const accounts = await loadApiAccounts(db, { pepper: PEPPER, clock: fixedClock() })
    assert.deepEqual(await accounts.authenticate('urgent-care', 'supplier', secret, HERE), ACCOUNT)
    const again = await saveApiAccount(db, { ...ASKED, password: undefined }, BY)
    assert.ok(again.ok && again.value.generated === undefined && again.value.outcome === 'unchanged')
  })

  test('the right password is verified once and then known; everything else is refused', async () => {
    const db = await open()
    await saveApiAccount(db, ASKED, BY)
    const accounts = await loadApiAccounts(db, { pepper: PEPPER, clock: fixedClock() })
    const ask = (api: 'urgent-care' | 'fhir', name: string, password: string) =>
      accounts.authenticate(api, name, password, HERE)
    assert.equal(accounts.known('urgent-care', 'supplier', 'right'), undefined)
    const many = await Promise.all(Array.from({ length: 500 }, () => ask('urgent-care', 'supplier', 'right')))
    assert.ok(many.every((account) => account?.username === 'supplier'))
    assert.deepEqual(accounts.known('urgent-care', 'supplier', 'right'), ACCOUNT)
    assert.equal(accounts.known('urgent-care', 'supplier', 'wrong'), undefined)
    assert.equal(accounts.known('fhir', 'supplier', 'right'), undefined)
    assert.equal(await ask('urgent-care', 'supplier', 'wrong'), undefined)
    assert.equal(await ask('urgent-care', 'Supplier', 'right'), undefined)
    assert.equal(await ask('fhir', 'supplier', 'right'), undefined)
    for (const odd of ['', '\ud800', '\u0000', 'x'.repeat(100_000), '__proto__']) {
      assert.equal(await ask('urgent-care', odd, 'right'), undefined)
      assert.equal(await ask('urgent-care', 'supplier', odd), undefined)
    }
    const other = await loadApiAccounts(db, { pepper: 'another-pepper-another-pepper-another', clock: fixedClock() })
    assert.equal(await other.authenticate('urgent-care', 'supplier', 'right', HERE), undefined)
  })

  test('a secret alone finds its account, and one that was shut out is known as that until it is let in again', async () => {
    const db = await open()
    const accounts = await loadApiAccounts(db, { pepper: PEPPER, clock: fixedClock() })
    const made = async (username: string, password: string) =>
      assert.ok((await saveApiAccount(db, { api: 'capacity', username, password }, BY)).ok)
    await made('ccs', 'right')
    await made('ed', 'other')
    assert.deepEqual(await accounts.namesFor('capacity', 'right'), ['ccs'])
    assert.deepEqual(await accounts.namesFor('capacity', 'wrong'), [])
    assert.deepEqual(await accounts.namesFor('fhir', 'right'), [], 'an account of another API')
    assert.deepEqual((await accounts.authenticate('capacity', 'ccs', 'right', HERE))?.permissions, ['editCapacity'])
    assert.equal(accounts.isDisabled('capacity', 'ccs', 'right'), false)

    await disableApiAccount(db, 'ccs', BY)
    await accounts.refresh()
    assert.equal(await accounts.authenticate('capacity', 'ccs', 'right', HERE), undefined)
    assert.equal(accounts.isDisabled('capacity', 'ccs', 'right'), true)
    assert.equal(accounts.isDisabled('capacity', 'ccs', 'wrong'), false)
    await made('ccs', 'right')
    assert.equal((await accounts.authenticate('capacity', 'ccs', 'right', HERE))?.username, 'ccs')
    await made('ccs', 'newer')
    await accounts.refresh()
    assert.deepEqual(await accounts.namesFor('capacity', 'right'), [])
    assert.deepEqual(await accounts.namesFor('capacity', 'newer'), ['ccs'])
  })

  test('a new account and a new password work at once; a disabled one and an old password end with the next look', async () => {
    const db = await open()
    const accounts = await loadApiAccounts(db, { pepper: PEPPER, clock: fixedClock() })
    const ask = (password: string) => accounts.authenticate('urgent-care', 'supplier', password, HERE)
    await saveApiAccount(db, ASKED, BY)
    assert.deepEqual(await ask('right'), ACCOUNT)
    await saveApiAccount(db, { ...ASKED, password: 'newer' }, BY)
    assert.deepEqual(await ask('newer'), ACCOUNT)
    assert.equal(accounts.known('urgent-care', 'supplier', 'right'), undefined)
    await saveApiAccount(db, { ...ASKED, password: 'newer', role: '5' }, BY)
    await accounts.refresh()
    assert.equal(accounts.known('urgent-care', 'supplier', 'newer')?.role, 5)
    await saveApiAccount(db, { ...ASKED, password: 'newest', role: '5' }, BY)
    await accounts.refresh()
    assert.equal(
      accounts.known('urgent-care', 'supplier', 'newer'),
      undefined,
      'replaced, and nobody used the new one yet',
    )
    await saveApiAccount(db, { ...ASKED, password: 'newer', role: '5' }, BY)
    assert.deepEqual(await disableApiAccount(db, 'supplier', BY), { ok: true, value: { changed: true } })
    assert.deepEqual(await disableApiAccount(db, 'supplier', BY), { ok: true, value: { changed: false } })
    await accounts.refresh()
    assert.equal(await ask('newer'), undefined)
    const back = await saveApiAccount(db, { ...ASKED, password: undefined }, BY)
    assert.deepEqual(back.ok && back.value.changes, ['role', 'enabled again'])
    assert.equal((await ask('newer'))?.role, 4)
    assert.ok(!(await disableApiAccount(db, 'nobody', BY)).ok)
  })

  test('guesses are cut off, a password that is known goes on, and the next minute is a new one', async () => {
    const db = await open()
    const clock = fixedClock()
    await saveApiAccount(db, ASKED, BY)
    await saveApiAccount(db, { ...ASKED, username: 'second' }, BY)
    const accounts = await loadApiAccounts(db, { pepper: PEPPER, clock })
    const ask = (name: string, password: string, address = HERE) =>
      accounts.authenticate('urgent-care', name, password, address)
    assert.ok(await ask('supplier', 'right'))
    await Promise.all(Array.from({ length: 200 }, (_, index) => ask('supplier', `guess ${index}`)))
    await Promise.all(Array.from({ length: 200 }, (_, index) => ask('second', `guess ${index}`)))
    assert.ok(await ask('supplier', 'right'), 'known')
    assert.equal(await ask('second', 'right'), undefined, 'not known yet, and this address guessed too often')
    assert.ok(await ask('second', 'right', '192.0.2.2'), 'another address')
    clock.set('2026-12-11T10:35:00Z')
    assert.equal(await ask('second', 'guess'), undefined)
    assert.ok(await ask('second', 'right'))
  })

  test('an account with a limit is over it until the next minute', async () => {
    const db = await open()
    const clock = fixedClock()
    await saveApiAccount(db, { ...ASKED, perMinute: '3' }, BY)
    const accounts = await loadApiAccounts(db, { pepper: PEPPER, clock })
    const account = await accounts.authenticate('urgent-care', 'supplier', 'right', HERE)
    assert.ok(account)
    assert.deepEqual(
      [1, 2, 3, 4].map(() => accounts.admit(account)),
      [true, true, true, false],
    )
    clock.set('2026-12-11T10:35:00Z')
    assert.equal(accounts.admit(account), true)
    assert.ok(Array.from({ length: 5000 }, () => accounts.admit({ ...account, perMinute: 0 })).every(Boolean))
  })
})
