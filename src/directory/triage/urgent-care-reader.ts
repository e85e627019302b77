/** Turns stored records into services as urgent care sees them. */

import { absoluteMinute, type Capacity, type CapacityStatus, GREEN } from '#src/rules/capacity.ts'
import { type ClosedSpell, closedMinutesOf } from '#src/rules/closed-spells.ts'
import { parseLondonMinute } from '#src/rules/london-time.ts'
import type { ClinicalProfile } from '#src/rules/triage.ts'
import type { ReadService } from '../indexed-service.ts'
import type { GivenCapacity, GivenClinical } from '../service-row.ts'
import type { UrgentCareService } from './urgent-care-service.ts'

/**
 * Reads rows of one batch. What many services have in common (whole clinical profiles follow templates) is kept once.
 * A part that is missing or null is empty: it then matches nobody, as the format says.
 */
export function urgentCareReader(): (read: ReadService) => UrgentCareService {
  const codes = oncePerText(textOfList, upperCaseSet)
  const numbers = oncePerText(textOfList, (list: readonly number[]): ReadonlySet<number> => new Set(list))
  const letters = oncePerText(textOfList, (list: readonly string[]): ReadonlySet<string> => new Set(list))
  const agesOf = oncePerText(textOfList, (list: ClinicalProfile['ages']) => list)
  const pairsOf = oncePerText(
    (text: string) => text,
    (text): ClinicalProfile['pairs'] => {
      const sgsd = (JSON.parse(text) ?? {}) as Exclude<GivenClinical[2], null>
      return new Map(Object.entries(sgsd).map(([group, list]) => [Number(group), numbers(list)]))
    },
  )

  const clinicalOf = (text: string): ClinicalProfile => {
    const { pairs, others } = withoutPairs(text)
    const [genders, ages, , dispositions, roles, restricted, referrals, limitedTo, promotedTo, returnIfOpenMinutes] =
      JSON.parse(others) as GivenClinical
    return {
      genders: letters(genders ?? []),
      ages: agesOf(ages ?? []),
      pairs: pairsOf(pairs),
      dispositions: numbers(dispositions ?? []),
      roles: numbers((roles ?? []).map((role) => (typeof role === 'number' ? role : role.id))),
      restricted: restricted ?? false,
      referrals: codes(referrals ?? []),
      limitedTo: limitedTo?.length ? codes(limitedTo) : null,
      promotedTo: promotedTo?.length ? codes(promotedTo) : null,
      returnIfOpenMinutes,
    }
  }
  const profileOf = oncePerText(
    ({ clinicalDigest }: ReadService) => clinicalDigest,
    ({ row }) => clinicalOf(row.clinical),
  )

  return (read) => {
    const { service: shown, facts, row } = read
    const [, , typeId, odsCode, status, , , , , , , easting, northing, capacity, closures] = facts
    return {
      uid: row.uid,
      seq: row.seq,
      typeId,
      odsCode: odsCode?.trim().toUpperCase() ?? null,
      isActive: status === 'ACTIVE',
      easting: easting ?? Number.NaN,
      northing: northing ?? Number.NaN,
      hours: shown.hours,
      clinical: profileOf(read),
      capacity: closedBy(capacityOf(capacity), closures ?? undefined),
      shown,
      details: row.details,
      capacitySetAtSeconds: row.capacitySetAtSeconds,
    }
  }
}

/** What is made of a source, once for all that have the same text. */
function oncePerText<Source, Made>(
  textOf: (source: Source) => string,
  make: (source: Source) => Made,
): (source: Source) => Made {
  const known = new Map<string, Made>()
  return (source) => {
    const text = textOf(source)
    const before = known.get(text)
    if (before !== undefined) return before
    const made = make(source)
    known.set(text, made)
    return made
  }
}

const textOfList = (list: readonly unknown[]): string => JSON.stringify(list)

/** Genders and age bands, then the pairs of symptom group and discriminators, as the database writes them. */
const PAIRS_COME_THIRD =
  /^(\[(?:null|\[[^[\]{}]*\]), (?:null|\[[\d., [\]]*\]), )(null|\{(?:"\d+": \[[\d, ]*\](?:, )?)*\}), /

/**
 * The pairs are by far the longest part and the same in many profiles: so they are read apart, once for each text. What
 * is written in another way is read as a whole.
 */
function withoutPairs(text: string): { readonly pairs: string; readonly others: string } {
  const [found, before, pairs] = PAIRS_COME_THIRD.exec(text) ?? []
  if (found !== undefined && before !== undefined && pairs !== undefined)
    return { pairs, others: `${before}null, ${text.slice(found.length)}` }
  const parts = JSON.parse(text) as GivenClinical
  return { pairs: JSON.stringify(parts[2]), others: JSON.stringify(parts.with(2, null)) }
}

const upperCaseSet = (list: readonly string[]): ReadonlySet<string> =>
  new Set(list.map((code) => code.trim().toUpperCase()))

function capacityOf(given: GivenCapacity | null): Capacity {
  const status = (given?.status ?? 'GREEN') as CapacityStatus
  if (status === 'GREEN') return GREEN
  const resetAt = parseLondonMinute(given?.resetAt ?? '')
  return { status, until: resetAt ? absoluteMinute(resetAt) : Number.POSITIVE_INFINITY }
}

/** A capacity with the closures that lie over it; most services have none and share what they have. */
function closedBy(capacity: Capacity, closures: readonly ClosedSpell[] | undefined): Capacity {
  if (!closures) return capacity
  return { ...capacity, closed: closures.flatMap((closure) => closedMinutesOf(closure) ?? []) }
}
