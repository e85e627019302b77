/** Publishing: an edit becomes the record, with whatever a profile projects onto it, in the caller's transaction. */
import { isDeepStrictEqual } from 'node:util'
import { BLANK_SERVICE } from '#src/directory/blank-service.ts'
import { lockServiceStates, type ServiceState, saveServiceStates } from '#src/directory/save-services.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { Tx } from '#src/platform/db/db.ts'
import { takeUids } from '#src/profiles/commit-profiles.ts'
import { lockProfiles, lockServices, type StoredService } from '#src/profiles/load-profiles.ts'
import { planProjection } from '#src/profiles/plan-projection.ts'
import type { StoredProfile } from '#src/profiles/profile.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { pharmacyCodeOf } from '#src/rules/ods-code.ts'
import { type ServiceEdit, type ServicePatch, withPatch } from './service-edit.ts'

/** A service and its neighbours, locked: profiles first, then services, as everybody does. */
export type Surroundings = {
  /** As it is now; `BLANK_SERVICE`, unprojected, for one that is being made. */
  readonly state: ServiceState
  readonly profiles: ReadonlyMap<string, StoredProfile>
  readonly services: ReadonlyMap<string, readonly StoredService[]>
}

const NEW_STATE: ServiceState = { record: BLANK_SERVICE, overrides: {}, profileOds: null }

const codesOf = (codes: readonly (string | null | undefined)[]): readonly string[] => [
  ...new Set(codes.filter((code) => typeof code === 'string').map((code) => pharmacyCodeOf(code))),
]

/** Locks everything that publishing an edit may write. Undefined when the service is gone. */
export async function lockSurroundings(
  tx: Tx,
  edit: Pick<ServiceEdit, 'uid' | 'proposed'>,
): Promise<Surroundings | undefined> {
  const { uid } = edit
  const known =
    uid === null
      ? undefined
      : await tx.selectFrom('service').select('ods_code').where('uid', '=', uid).executeTakeFirst()
  if (uid !== null && !known) return undefined
  const codes = codesOf([known?.ods_code, edit.proposed.odsCode])
  const profiles = await lockProfiles(tx, codes)
  const services = await lockServices(tx, codes)
  if (uid === null) return { state: NEW_STATE, profiles, services }
  const state = (await lockServiceStates(tx, [uid])).get(uid)
  return state && { state, profiles, services }
}

export type Publication = {
  readonly uid: number
  /** A reader must have come this far in the ledger to see it; 0 when the record said so already. */
  readonly seq: number
}

/**
 * Writes the record with the patch. Where a pharmacy's profile reaches the service, or does so from now on, its word is
 * projected onto it again in the same commit; a service that no longer fits is let go with what it says.
 */
export async function publishPatch(
  tx: Tx,
  { state, profiles, services }: Surroundings,
  patch: ServicePatch,
  context: { readonly actor: string; readonly recordedAt: string; readonly about: Readonly<Record<string, unknown>> },
): Promise<Publication> {
  const isNew = state.record.uid === 0
  const uid = isNew ? ((await takeUids(tx, 1))[0] ?? 0) : state.record.uid
  const after = { ...withPatch(state.record, patch), uid }
  const states = statesAfter({ state, profiles, services }, after, context.recordedAt)
  const action = isNew ? 'make-service' : 'edit-record'
  await saveServiceStates(tx, states, { ...context, action })
  const row = await tx.selectFrom('service').select('seq').where('uid', '=', uid).executeTakeFirst()
  return { uid, seq: row?.seq ?? 0 }
}

/** The service as it shall be, and its neighbours that change with it. */
function statesAfter(
  { state, profiles, services }: Surroundings,
  after: ServiceRecord,
  recordedAt: string,
): readonly ServiceState[] {
  const today = londonDateOf(recordedAt)
  const code = after.odsCode === null ? undefined : pharmacyCodeOf(after.odsCode)
  const own: ServiceState = { record: after, overrides: state.overrides, profileOds: code ? state.profileOds : null }
  const planned = new Map<number, ServiceState>([[after.uid, own]])
  for (const [odsCode, { profile }] of profiles) {
    const beside = (services.get(odsCode) ?? []).filter(({ record }) => record.uid !== after.uid)
    const plans = planProjection({
      before: profile,
      after: profile,
      services: odsCode === code ? [...beside, own] : beside,
      decides: false,
      keep: new Set(),
      onMeeting: 'take',
      today,
    })
    for (const plan of plans) {
      const next = { record: plan.after, overrides: plan.overrides, profileOds: plan.profileOds }
      if (plan.touched || plan.uid === after.uid) planned.set(plan.uid, next)
    }
  }
  return [...planned.values()].filter((next) => next.record.uid !== state.record.uid || !isDeepStrictEqual(next, state))
}

/** The record as publishing would leave it, profile and all, without writing anything. For the page before it. */
export const previewPatch = (
  surroundings: Surroundings,
  patch: ServicePatch,
  recordedAt: string,
): readonly ServiceState[] => statesAfter(surroundings, withPatch(surroundings.state.record, patch), recordedAt)
