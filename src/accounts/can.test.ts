import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Actor, type Grant, ROLES, type Role } from './actor.ts'
import { type Action, can, GENERAL_ACTIONS, isInScope, PHARMACY_ACTIONS, scopeOf, type Target } from './can.ts'

/** Written out a second time, by hand, so that a slip in the table shows: x may, . may not. */
const EXPECTED = `
                         owner editor closure-only viewer group lead commissioner lpc on-call desk national admin professional
view-profile             x     x      x            x      x     x    x            x   x       x    x        x     .
edit-contact             x     x      .            .      x     .    .            .   .       .    .        .     .
edit-hours               x     x      .            .      x     .    .            .   .       .    .        .     .
edit-holidays            x     x      .            .      x     .    .            .   .       .    .        .     .
edit-changes             x     x      x            .      x     .    .            .   .       .    .        .     .
edit-services            x     x      .            .      x     .    .            .   .       .    .        .     .
edit-facilities          x     x      .            .      x     .    .            .   .       .    .        .     .
confirm-section          x     x      .            .      x     .    .            .   .       .    .        .     .
request-service          x     x      .            .      x     .    .            .   .       .    .        .     .
request-place-change     x     x      .            .      x     .    .            .   .       .    .        .     .
decide-place-change      .     .      .            .      .     x    .            .   .       x    x        x     .
see-history              x     x      .            x      x     x    x            .   .       x    x        x     .
restore-version          x     x      .            .      x     .    .            .   .       .    .        .     .
see-people               x     x      .            .      x     x    .            .   .       x    x        x     .
manage-people            x     .      .            .      x     .    .            .   .       x    x        x     .
decide-access            .     .      .            .      .     x    .            .   .       x    x        x     .
list-my-pharmacies       x     x      x            x      x     x    x            x   x       x    x        x     .
report-missing-pharmacy  x     x      x            x      x     x    x            x   x       x    x        x     x
ask-for-access           x     x      x            x      x     x    x            x   x       x    x        x     x
look-up-searches         .     .      .            .      .     .    .            .   .       x    x        x     .
change-branches          x     x      .            .      x     .    .            .   .       .    .        .     .
see-workspace            .     .      .            .      .     x    .            .   .       x    x        x     .
set-capacity             x     x      .            .      x     x    .            .   .       x    x        x     .
see-capacity             x     x      .            .      x     x    x            .   x       x    x        x     .
act-for-pharmacy         .     .      .            .      .     .    .            .   x       .    .        x     .
see-on-call              .     .      .            .      .     x    .            .   x       x    x        x     .
edit-rota                .     .      .            .      .     .    .            .   .       x    x        x     .
see-reports              .     .      .            .      .     x    x            x   .       x    x        x     .
see-daily-changes        .     .      .            .      .     x    x            .   .       x    x        x     .
read-contacts            x     x      x            x      x     x    x            x   x       x    x        x     x
edit-contacts            .     .      .            .      .     x    .            .   .       x    x        x     .
use-finder               x     x      x            x      x     x    x            x   x       x    x        x     x
query-pharmacy           .     .      .            .      .     x    .            .   .       x    x        x     .
answer-query             x     x      .            .      x     .    .            .   .       .    .        .     .
edit-records             .     .      .            .      .     x    .            .   .       x    x        x     .
approve-records          .     .      .            .      .     x    .            .   .       x    x        x     .
run-onboarding           .     .      .            .      .     x    .            .   .       x    x        x     .
see-quality              .     .      .            .      .     x    x            .   .       x    x        x     .
decide-quality           .     .      .            .      .     x    .            .   .       x    x        x     .
work-tickets             .     .      .            .      .     .    .            .   .       x    x        x     .
see-as-told              .     .      .            .      .     x    .            .   .       x    x        x     .
`
const [heading = [], ...lines] = EXPECTED.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/))
const expected = (role: Role, action: Action) =>
  lines.find(([name]) => name === action)?.[heading.indexOf(role) + 1] === 'x'

const OURS: Target = { odsCode: 'FA002', parentCode: 'PNN00', icbCode: 'QOP' }
const THEIRS: Target = { odsCode: 'FB003', parentCode: 'PMM00', icbCode: 'QHL' }
const UNPLACED: Target = { odsCode: 'FB004' }
const SCOPES: Readonly<Record<Role, string>> = {
  owner: 'ods:FA002',
  editor: 'ods:FA002',
  'closure-only': 'ods:FA002',
  viewer: 'ods:FA002',
  group: 'group:PNN00',
  lead: 'area:QOP',
  commissioner: 'area:QOP',
  lpc: 'area:QOP',
  'on-call': '',
  desk: '',
  national: '',
  admin: '',
  professional: '',
}
const actorWith = (...grants: Grant[]): Actor => ({ personId: 1, email: 'a@nhs.net', name: 'A', grants })
const actions: readonly Action[] = [...PHARMACY_ACTIONS, ...GENERAL_ACTIONS]

test('the grid names every role and every action', () => {
  assert.deepEqual([...heading].sort(), [...ROLES].sort())
  assert.deepEqual(lines.map(([name]) => name).sort(), [...actions].sort())
})

for (const role of ROLES) {
  for (const action of actions) {
    const allowed = expected(role, action)
    test(`${role} ${allowed ? 'may' : 'may not'} ${action}, and only where the role holds`, () => {
      const actor = actorWith({ role, scope: SCOPES[role] })
      const isGeneral = (GENERAL_ACTIONS as readonly string[]).includes(action)
      const everywhere = SCOPES[role] === ''
      assert.equal(can(actor, action, OURS), allowed)
      for (const other of [THEIRS, UNPLACED]) {
        assert.equal(can(actor, action, other), allowed && (everywhere || isGeneral))
      }
      assert.equal(can(null, action, OURS), false)
    })
  }
}

const oddGrants: [grant: { role: string; scope: string }, because: string][] = [
  [{ role: 'owner', scope: '' }, 'an empty scope is not everywhere for a pharmacy’s role'],
  [{ role: 'owner', scope: 'ods:' }, 'no code'],
  [{ role: 'owner', scope: 'ods:FA00' }, 'part of a code'],
  [{ role: 'owner', scope: 'ods:FA002X' }, 'more than the code'],
  [{ role: 'owner', scope: 'group:PNN00' }, 'a head office’s scope with a pharmacy’s role'],
  [{ role: 'owner', scope: 'area:QOP' }, 'an area’s scope with a pharmacy’s role'],
  [{ role: 'group', scope: 'ods:FA002' }, 'a pharmacy’s scope with a head office’s role'],
  [{ role: 'group', scope: 'group:' }, 'no code'],
  [{ role: 'lead', scope: 'group:PNN00' }, 'a head office’s scope with an area’s role'],
  [{ role: 'admin', scope: 'ods:FA002' }, 'a role that holds everywhere, narrowed by hand'],
  [{ role: 'superuser', scope: '' }, 'a role that the table does not name'],
  [{ role: 'constructor', scope: '' }, 'a name that every object has'],
]
for (const [grant, because] of oddGrants) {
  test(`${grant.role} "${grant.scope}" gives no right: ${because}`, () => {
    const actor = actorWith(grant as Grant)
    assert.equal(can(actor, 'view-profile', OURS), false)
    assert.equal(can(actor, 'view-profile', { odsCode: 'FA002', parentCode: '', icbCode: '' }), false)
    assert.equal(isInScope(scopeOf(actor, 'view-profile'), OURS), false)
  })
}

test('a pharmacy’s right covers its further services, whose codes begin with the same five characters', () => {
  const actor = actorWith({ role: 'editor', scope: 'ods:FA002' })
  assert.equal(can(actor, 'edit-hours', { odsCode: 'FA00212' }), true)
  assert.equal(can(actor, 'edit-hours', { odsCode: 'fa002' }), true)
})

test('an action of a pharmacy without a pharmacy is refused', () => {
  const actor = actorWith({ role: 'national', scope: '' })
  assert.equal((can as (actor: Actor, action: Action) => boolean)(actor, 'view-profile'), false)
})

test('somebody who signed in for the first time may report a missing pharmacy or ask for access, and nothing else', () => {
  const newcomer = actorWith()
  for (const action of actions)
    assert.equal(can(newcomer, action, OURS), ['report-missing-pharmacy', 'ask-for-access'].includes(action))
})

test('anyone who is signed in may try everything of the training pharmacy that stays on its own pages', () => {
  const newcomer = actorWith()
  const training = { odsCode: 'TRAIN' }
  assert.equal(can(newcomer, 'edit-hours', training), true)
  assert.equal(can(newcomer, 'confirm-section', training), true)
  for (const action of ['manage-people', 'request-place-change', 'request-service', 'decide-access'] as const) {
    assert.equal(can(actorWith({ role: 'national', scope: '' }), action, training), false)
  }
  assert.equal(can(null, 'view-profile', training), false)
})

test('rights add up', () => {
  const actor = actorWith({ role: 'viewer', scope: 'ods:FA002' }, { role: 'editor', scope: 'ods:FB003' })
  assert.equal(can(actor, 'view-profile', OURS), true)
  assert.equal(can(actor, 'edit-hours', OURS), false)
  assert.equal(can(actor, 'edit-hours', THEIRS), true)
})

test('a list shows exactly the pharmacies that can() allows', () => {
  const code = fc.constantFrom('FA002', 'FB003', 'FB004', 'PNN00', 'PMM00', 'QOP', 'QHL', '')
  const grant = fc.record({
    role: fc.constantFrom(...ROLES),
    scope: fc.oneof(
      fc.constant(''),
      fc.tuple(fc.constantFrom('ods', 'group', 'area'), code).map(([kind, value]) => `${kind}:${value}`),
    ),
  })
  fc.assert(
    fc.property(
      fc.array(grant, { maxLength: 4 }),
      fc.constantFrom(...PHARMACY_ACTIONS),
      fc.constantFrom(OURS, THEIRS, UNPLACED),
      (grants, action, target) => {
        const actor = actorWith(...grants)
        assert.equal(isInScope(scopeOf(actor, action), target), can(actor, action, target))
      },
    ),
  )
})

test('nobody’s scope is nowhere', () => {
  const nowhere = { everywhere: false, odsCodes: [], parentCodes: [], icbCodes: [] }
  assert.deepEqual(scopeOf(null, 'view-profile'), nowhere)
  assert.deepEqual(scopeOf(actorWith({ role: 'viewer', scope: 'ods:FA002' }), 'edit-hours'), nowhere)
})

test('a pharmacy that has closed for good can be read, and its people settled, by whoever could before, and no more', () => {
  const closed = { ...OURS, closedForGood: true }
  const people = ['see-people', 'manage-people', 'decide-access']
  const left = ['view-profile', 'see-history', ...people, 'decide-place-change', 'query-pharmacy', 'answer-query']
  for (const role of ROLES) {
    const actor = actorWith({ role, scope: SCOPES[role] })
    for (const action of PHARMACY_ACTIONS) {
      const allowed = can(actor, action, OURS) && left.includes(action)
      assert.equal(can(actor, action, closed), allowed, `${role} ${action}`)
    }
  }
})
