/**
 * Who may do what: the permission table. Whatever it does not name is refused.
 *
 * A grant is a role and where it holds: one pharmacy (`ods:FA002`), the branches of a head office (`group:CODE`), an
 * area (`area:CODE`, the ICB's ODS code) or everywhere. Rights reach down (a head office to its branches), never up or across.
 */
import { pharmacyCodeOf, TRAINING_PHARMACY } from '#src/rules/ods-code.ts'
import type { Actor, Grant, Role } from './actor.ts'

/** What a person may be allowed to do to one pharmacy. `edit-changes` covers closures and other dated changes. */
export const PHARMACY_ACTIONS = [
  'view-profile',
  'edit-contact',
  'edit-hours',
  'edit-holidays',
  'edit-changes',
  'edit-services',
  'edit-facilities',
  'confirm-section',
  'request-service',
  /** Ask for another name, address or map pin; `decide-place-change` says yes or no to it. */
  'request-place-change',
  'decide-place-change',
  /** Every version of the profile, and the receipts that prove what was checked. */
  'see-history',
  'restore-version',
  /** Who may act for the pharmacy. */
  'see-people',
  'manage-people',
  /** Say yes or no to somebody who asked to look after the pharmacy. */
  'decide-access',
  /** Red, Amber or Green of its services; of any other service, of those that lie below one of its services. */
  'set-capacity',
  /** The emergency desk: close, reopen or correct for the pharmacy what its people cannot. */
  'act-for-pharmacy',
  /** Ask it about a field, hold a field, propose what a field should say; `answer-query` is its own side of that. */
  'query-pharmacy',
  'answer-query',
] as const
/** What needs no pharmacy to be named: any grant of the role is enough, and `scopeOf` limits what is shown. */
export const GENERAL_ACTIONS = [
  'list-my-pharmacies',
  'report-missing-pharmacy',
  'ask-for-access',
  'look-up-searches',
  /** One change of many branches at once: the branches are those whose own actions one may do. */
  'change-branches',
  /** The queues of `/workspace`: what is in them is limited by the actions on pharmacies. */
  'see-workspace',
  /** The capacity board: what is on it is limited by where. */
  'see-capacity',
  /** The rota, the call script and the calls of the emergency desk. */
  'see-on-call',
  'edit-rota',
  /** The reports of one's area: what changed, who verified. */
  'see-reports',
  /** Every field that changed, those that are not public included. */
  'see-daily-changes',
  /** Whom the directory team of each area is reached by: everybody who works with the directory may look. */
  'read-contacts',
  'edit-contacts',
  /** The Service Finder: who takes a patient, and how professionals reach them. Every look at what is not public is audited. */
  'use-finder',
  /** What no profile says of a service; `approve-records` is the second person's yes to a clinical change. */
  'edit-records',
  'approve-records',
  /** Take a pharmacy from its sign-up to a referral service that is live. */
  'run-onboarding',
  /** The quality rules, what they found, the scores; `decide-quality` names owners and exempts for a time. */
  'see-quality',
  'decide-quality',
  /** The service desk's tickets of everybody, and what is done about the wishlist. */
  'work-tickets',
  /** What any consumer was told about a service at a moment that is past, private facts included. */
  'see-as-told',
] as const

export type PharmacyAction = (typeof PHARMACY_ACTIONS)[number]
export type GeneralAction = (typeof GENERAL_ACTIONS)[number]
export type Action = PharmacyAction | GeneralAction

/** The pharmacy acted upon: its code, and the head office (ODS parent) and ICB it belongs to, where known. */
export type Target = {
  readonly odsCode: string
  /** Its profile can be read and no longer edited, whoever has access. Default false. */
  readonly closedForGood?: boolean
  readonly parentCode?: string | null | undefined
  readonly icbCode?: string | null | undefined
}

/** The kind of scope a role is granted with; `everywhere` is written as an empty scope. */
export type ScopeKind = 'ods' | 'group' | 'area' | 'everywhere'

/** Whoever has signed in, a newcomer without any right included. */
const SIGNED_IN_MAY: readonly Action[] = ['report-missing-pharmacy', 'ask-for-access']
const LOOK = ['list-my-pharmacies', 'view-profile', 'read-contacts', 'use-finder'] as const
const LOOK_BACK = [...LOOK, 'see-history'] as const
/** What somebody at the pharmacy does who answers for its words. */
const EDIT = [
  ...LOOK_BACK,
  'edit-contact',
  'edit-hours',
  'edit-holidays',
  'edit-changes',
  'edit-services',
  'edit-facilities',
  'confirm-section',
  'request-service',
  'request-place-change',
  'restore-version',
  'see-people',
  'change-branches',
  'set-capacity',
  'see-capacity',
  'answer-query',
] as const
const NOT_FOR_TRAINEES: readonly Action[] = [
  'request-service',
  'request-place-change',
  'see-people',
  'change-branches',
  'set-capacity',
  'see-capacity',
  'answer-query',
]
/** What anyone who is signed in may try on the training pharmacy: what stays on its own pages. */
const TRAINEES_MAY: readonly Action[] = EDIT.filter((action) => !NOT_FOR_TRAINEES.includes(action))
const RUN = [...EDIT, 'manage-people'] as const
/** Those who answer for an area's directory, or for everyone's. */
const DECIDE = [
  ...LOOK_BACK,
  'see-workspace',
  'see-people',
  'decide-access',
  'decide-place-change',
  'set-capacity',
  'see-capacity',
  'see-on-call',
  'see-reports',
  'see-daily-changes',
  'edit-contacts',
  'query-pharmacy',
  'edit-records',
  'approve-records',
  'run-onboarding',
  'see-quality',
  'decide-quality',
  'see-as-told',
] as const
/** Those who are rung up: by whom access was lost, and about what a program was told. */
const SUPPORT = [...DECIDE, 'manage-people', 'look-up-searches', 'edit-rota', 'work-tickets'] as const

/**
 * The table. Directory leads, commissioners and the desks read a profile and do not edit it: what a pharmacy says about
 * itself is the pharmacy's to say. `closure-only` is for a locum: say that the pharmacy is shut, and nothing else.
 */
export const PERMISSIONS: Readonly<Record<Role, { readonly scope: ScopeKind; readonly may: readonly Action[] }>> = {
  owner: { scope: 'ods', may: RUN },
  editor: { scope: 'ods', may: EDIT },
  'closure-only': { scope: 'ods', may: [...LOOK, 'edit-changes'] },
  viewer: { scope: 'ods', may: LOOK_BACK },
  group: { scope: 'group', may: RUN },
  lead: { scope: 'area', may: DECIDE },
  commissioner: {
    scope: 'area',
    may: [...LOOK_BACK, 'see-capacity', 'see-reports', 'see-daily-changes', 'see-quality'],
  },
  lpc: { scope: 'area', may: [...LOOK, 'see-reports'] },
  'on-call': { scope: 'everywhere', may: [...LOOK, 'act-for-pharmacy', 'see-capacity', 'see-on-call'] },
  desk: { scope: 'everywhere', may: SUPPORT },
  national: { scope: 'everywhere', may: SUPPORT },
  admin: { scope: 'everywhere', may: [...SUPPORT, 'act-for-pharmacy'] },
  professional: { scope: 'everywhere', may: ['use-finder', 'read-contacts'] },
}

/** What is left to do for a pharmacy that has closed for good: look, and settle what is open. */
const STILL_ALLOWED: readonly Action[] = [
  ...LOOK_BACK,
  'see-people',
  'manage-people',
  'decide-access',
  'decide-place-change',
  'query-pharmacy',
  'answer-query',
]

/**
 * Whether this person may do this, to this pharmacy. False for nobody (null), for a role or action the table does not
 * name, and for a pharmacy action without a target. Never throws.
 */
export function can(actor: Actor | null, action: GeneralAction): boolean
export function can(actor: Actor | null, action: Action, target: Target): boolean
export function can(actor: Actor | null, action: Action, target?: Target): boolean {
  if (!actor) return false
  if (SIGNED_IN_MAY.includes(action)) return true
  if (!isGeneral(action) && target?.odsCode === TRAINING_PHARMACY) return TRAINEES_MAY.includes(action)
  if (target?.closedForGood && !isGeneral(action) && !STILL_ALLOWED.includes(action)) return false
  return actor.grants.some((grant) => permits(grant, action) && (isGeneral(action) || reaches(grant, target)))
}

/** Where a person may do something, for queries that list pharmacies. Everything empty: nowhere. */
export type Scope = {
  readonly everywhere: boolean
  /** Five-character codes of single pharmacies. */
  readonly odsCodes: readonly string[]
  /** Codes of head offices whose branches are included. */
  readonly parentCodes: readonly string[]
  readonly icbCodes: readonly string[]
}

/** Where this person may do this. A list must filter by it in its query, not afterwards. */
export function scopeOf(actor: Actor | null, action: Action): Scope {
  const grants = (actor?.grants ?? []).filter((grant) => permits(grant, action))
  const codes = (kind: ScopeKind) => [
    ...new Set(
      grants.filter((grant) => PERMISSIONS[grant.role].scope === kind).flatMap((grant) => codeIn(grant) ?? []),
    ),
  ]
  return {
    everywhere: grants.some((grant) => PERMISSIONS[grant.role].scope === 'everywhere' && grant.scope === ''),
    odsCodes: codes('ods'),
    parentCodes: codes('group'),
    icbCodes: codes('area'),
  }
}

/** Whether a pharmacy lies in a scope. The same answer as `can` gives; for lists that are filtered in memory. */
export function isInScope(scope: Scope, target: Target): boolean {
  return (
    scope.everywhere ||
    scope.odsCodes.includes(pharmacyCodeOf(target.odsCode)) ||
    (!!target.parentCode && scope.parentCodes.includes(target.parentCode)) ||
    (!!target.icbCode && scope.icbCodes.includes(target.icbCode))
  )
}

const isGeneral = (action: Action): boolean => (GENERAL_ACTIONS as readonly string[]).includes(action)

function permits(grant: Grant, action: Action): boolean {
  return Object.hasOwn(PERMISSIONS, grant.role) && PERMISSIONS[grant.role].may.includes(action)
}

function reaches(grant: Grant, target: Target | undefined): boolean {
  if (!target) return false
  const kind = PERMISSIONS[grant.role].scope
  if (kind === 'everywhere') return grant.scope === ''
  const code = codeIn(grant)
  if (!code) return false
  if (kind === 'ods') return code === pharmacyCodeOf(target.odsCode)
  return code === (kind === 'group' ? target.parentCode : target.icbCode)
}

/** The code in a grant's scope, if the scope is of the kind its role needs. */
function codeIn(grant: Grant): string | undefined {
  const prefix = `${PERMISSIONS[grant.role].scope}:`
  return grant.scope.startsWith(prefix) ? grant.scope.slice(prefix.length) || undefined : undefined
}
