/** The entry of a referral service as NHS 111 would be shown it, with the pharmacy's profile laid over it: what will go live. */
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { loadProfile, loadServicesOf } from '#src/profiles/load-profiles.ts'
import { previewPatch } from '#src/record-editor/publish-edit.ts'
import { dayName, formatSessions } from '#src/rules/clock-time.ts'
import { typeNameOf } from '#src/rules/service-types.ts'
import { GO_LIVE } from './take-step.ts'

export type Entry = {
  /** As it is stored. */
  readonly stored: ServiceRecord
  /** As it would be once live. */
  readonly live: ServiceRecord
}

/** The entry of a service; undefined when it is gone, or another pharmacy's. `at` is UTC ISO text. */
export async function loadEntry(db: Queryable, odsCode: string, uid: number, at: string): Promise<Entry | undefined> {
  const profile = await loadProfile(db, odsCode)
  const services = await loadServicesOf(db, odsCode)
  const state = services.find(({ record }) => record.uid === uid)
  if (!profile || !state) return undefined
  const surroundings = { state, profiles: new Map([[odsCode, profile]]), services: new Map([[odsCode, services]]) }
  const after = previewPatch(surroundings, GO_LIVE, at).find(({ record }) => record.uid === uid)
  return { stored: state.record, live: after?.record ?? state.record }
}

export type EntryFact = { readonly name: string; readonly value: string }

/** An entry in words. */
export const entryFacts = ({ live }: Entry): readonly EntryFact[] =>
  [...placeFacts(live), ...hoursFacts(live), ...referralFacts(live)].map(([name, value]) => ({ name, value }))

type Pairs = readonly (readonly [name: string, value: string])[]

const placeFacts = (live: ServiceRecord): Pairs => [
  ['Name', live.name],
  ['Public name', live.publicName ?? 'The same'],
  ['Kind', typeNameOf(live.typeId) ?? `Type ${live.typeId}`],
  ['Address', [...live.address, live.postcode].filter(Boolean).join(', ') || 'None'],
  ['Phone for patients', live.phone ?? 'None'],
  ['Phone for professionals', live.nonPublicPhone ?? 'None'],
  ['Email for professionals', live.email ?? 'None'],
  ['Website', live.web ?? 'None'],
]

const hoursFacts = ({ hours }: ServiceRecord): Pairs =>
  hours.weekly.map((sessions, day) => [dayName(day), formatSessions(sessions)])

type Endpoint = { readonly transport?: string; readonly address?: string }

function referralFacts({ publicInformation, referralInformation, other }: ServiceRecord): Pairs {
  const ages = (other['ages'] ?? []) as readonly (readonly [number, number])[]
  const groups = Object.keys((other['sgsd'] ?? {}) as object)
  const endpoints = (other['endpoints'] ?? []) as readonly Endpoint[]
  const arrivals = endpoints.map(({ transport = '', address = '' }) => `${address} (${transport})`)
  return [
    ['What call handlers read', publicInformation ?? 'Nothing'],
    ['What referrers read', referralInformation ?? 'Nothing'],
    ['Referrals arrive at', arrivals.join(', ') || 'Nowhere yet'],
    ['Ages, in days', ages.map(([from, to]) => `${from} to ${to}`).join(', ') || 'Not set yet'],
    ['Symptom groups', groups.join(', ') || 'None yet: no search of NHS 111 returns it'],
  ]
}
