/** Tells everybody whose quarter was frozen how it ended: leads and commissioners of an area, and those a pharmacy is run by. */

import { queueEmails } from '#src/emails/email-jobs.ts'
import type { QuarterClosed } from '#src/emails/quarter-closed.ts'
import type { Tx } from '#src/platform/db/db.ts'
import { sectionTitle } from '#src/profiles/section-pages.ts'
import type { FinancialQuarter } from '#src/rules/financial-quarter.ts'
import { missingOf, type VerifiedPharmacy } from './verification.ts'

type Closed = {
  readonly quarter: FinancialQuarter
  readonly pharmacies: readonly VerifiedPharmacy[]
  readonly rootHash: string
  readonly now: Date
}

/** Who answers for an area, and who for a pharmacy. Editors and viewers have their own receipts. */
const TOLD = ['lead', 'commissioner', 'owner', 'group']

/** Queues one email a person, in the transaction that freezes; says how many. */
export async function queueQuarterClosed(tx: Tx, closed: Closed): Promise<number> {
  const rights = await tx
    .selectFrom('role_grant')
    .leftJoin('person', 'person.email', 'role_grant.email')
    .select(['role_grant.email', 'scope', 'person.name'])
    .where('role', 'in', TOLD)
    .where((row) => row.or([row('expires_at', 'is', null), row('expires_at', '>', closed.now.toISOString())]))
    .orderBy('role_grant.email')
    .orderBy('scope')
    .execute()
  const byScope = scopesOf(closed.pharmacies)
  const emails = [...Map.groupBy(rights, ({ email }) => email)].flatMap(([recipient, theirs]): QuarterClosed[] => {
    const scopes = [...new Set(theirs.map(({ scope }) => scope))]
    const areas = scopes.flatMap((scope) => areaOf(scope, byScope))
    const own = scopes.filter((scope) => !scope.startsWith('area:')).flatMap((scope) => byScope.get(scope) ?? [])
    if (areas.length + own.length === 0) return []
    return [
      {
        kind: 'quarter-closed',
        recipient,
        name: theirs[0]?.name ?? null,
        quarterId: closed.quarter.id,
        rootHash: closed.rootHash,
        areas,
        pharmacies: [...new Map(own.map((pharmacy) => [pharmacy.odsCode, positionOf(pharmacy)])).values()],
      },
    ]
  })
  return queueEmails(tx, emails)
}

type ByScope = ReadonlyMap<string, readonly VerifiedPharmacy[]>

function scopesOf(pharmacies: readonly VerifiedPharmacy[]): ByScope {
  const byScope = new Map<string, VerifiedPharmacy[]>()
  for (const pharmacy of pharmacies) {
    const { odsCode, parentCode, icb } = pharmacy
    for (const scope of [`ods:${odsCode}`, parentCode && `group:${parentCode}`, icb && `area:${icb}`]) {
      if (!scope) continue
      const list = byScope.get(scope)
      if (list) list.push(pharmacy)
      else byScope.set(scope, [pharmacy])
    }
  }
  return byScope
}

function areaOf(scope: string, byScope: ByScope): QuarterClosed['areas'] {
  const here = scope.startsWith('area:') ? (byScope.get(scope) ?? []) : []
  if (here.length === 0) return []
  const complete = here.filter(({ isComplete }) => isComplete).length
  return [{ area: scope.slice('area:'.length), pharmacies: here.length, complete }]
}

const positionOf = (pharmacy: VerifiedPharmacy): QuarterClosed['pharmacies'][number] => ({
  odsCode: pharmacy.odsCode,
  name: pharmacy.name,
  missing: missingOf(pharmacy).map((section) => sectionTitle(section, pharmacy.kind as 'community')),
})
