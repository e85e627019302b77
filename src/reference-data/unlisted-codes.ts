/**
 * Triage codes that services carry and the catalogue does not list: such a service cannot be found by them. They are
 * stored as they are, because a later catalogue may list them.
 */
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { Catalogue } from '#src/directory/triage/triage-reference.ts'
import type { Tally } from './import-summary.ts'

export type CodeWatch = {
  see(record: ServiceRecord): void
  /** Notes every code that was seen and is not listed, with the number of services that carry it. */
  report(tally: Tally): void
}

type Clinical = {
  readonly sgsd?: Readonly<Record<string, readonly number[]>>
  readonly dispositions?: readonly number[]
  readonly roles?: readonly (number | { readonly id: number })[]
}

const KINDS = {
  group: 'symptom group that the catalogue lacks',
  pair: 'discriminator that the catalogue does not pair with its symptom group',
  disposition: 'disposition that the catalogue lacks',
  role: 'referral role that the catalogue lacks',
} as const
type Kind = keyof typeof KINDS

type Listed = {
  readonly pairs: ReadonlyMap<string, ReadonlySet<number>> | undefined
  readonly dispositions: ReadonlySet<number> | undefined
  readonly roles: ReadonlySet<number> | undefined
}

/** Watches for the codes of the parts that the catalogue has; of a part that it lacks nothing is said. */
export function watchCodes({ pairs, dispositions, roles }: Catalogue): CodeWatch {
  const listed: Listed = {
    pairs: pairs && new Map(Object.entries(pairs).map(([group, list]) => [group, new Set(list)])),
    dispositions: dispositions && new Set(dispositions.map(({ id }) => id)),
    roles: roles && new Set(roles.map(idOf)),
  }
  const seen: Record<Kind, Map<string, number>> = {
    group: new Map(),
    pair: new Map(),
    disposition: new Map(),
    role: new Map(),
  }
  return {
    see({ other }) {
      for (const [kind, code] of unlistedCodes(other, listed)) seen[kind].set(code, (seen[kind].get(code) ?? 0) + 1)
    },
    report(tally) {
      for (const kind of Object.keys(KINDS) as Kind[]) {
        for (const [subject, services] of seen[kind]) {
          tally.note({
            kind: KINDS[kind],
            subject,
            message: `carried by ${services} services, which are not found by it`,
          })
        }
      }
    },
  }
}

type Unlisted = readonly [kind: Kind, code: string]

function unlistedCodes({ sgsd = {}, dispositions = [], roles = [] }: Clinical, listed: Listed): readonly Unlisted[] {
  return [
    ...Object.entries(sgsd).flatMap(([group, list]) => unlistedPairs(group, list, listed)),
    ...unlistedIds('disposition', dispositions, listed.dispositions),
    ...unlistedIds('role', roles.map(idOf), listed.roles),
  ]
}

function unlistedPairs(group: string, discriminators: readonly number[], { pairs }: Listed): readonly Unlisted[] {
  if (!pairs) return []
  const paired = pairs.get(group)
  if (!paired) return [['group', group]]
  return discriminators.filter((id) => !paired.has(id)).map((id) => ['pair', `${group}=${id}`])
}

const unlistedIds = (
  kind: Kind,
  ids: readonly number[],
  known: ReadonlySet<number> | undefined,
): readonly Unlisted[] => (known ? ids.filter((id) => !known.has(id)).map((id) => [kind, String(id)]) : [])

const idOf = (code: number | { readonly id: number }): number => (typeof code === 'number' ? code : code.id)
