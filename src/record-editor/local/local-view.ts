/** A local service as pages show it, and what a new one may be. */
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import { formatMomentIn, loadNames } from '#src/profiles/names-and-moments.ts'
import { formatDateShort } from '#src/rules/clock-time.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { stageName } from '#src/rules/service-lifecycle.ts'
import { lifecycleOf, nameWithAliases } from '#src/rules/service-types.ts'
import { isZCode } from '#src/rules/z-codes.ts'
import type { EditDeps } from '../edit-deps.ts'
import type { LocalService } from './local-records.ts'

export type ServiceView = {
  readonly uid: number
  readonly name: string
  readonly type: string
  readonly status: string
  readonly codes: string
  readonly owner: string | null
  readonly mailbox: string | null
  readonly review: string | null
  readonly reviewed: string | null
  /** The review day has come. */
  readonly isOverdue: boolean
}

/** Those services for a page of this London day. */
export async function viewsOf(
  deps: EditDeps,
  services: readonly LocalService[],
  today: LocalDate,
): Promise<readonly ServiceView[]> {
  const reference = deps.reference()
  const nameOf = await loadNames(
    deps.db.pool,
    services.map(({ reviewedBy }) => reviewedBy),
  )
  return services.map(({ uid, record, owner, reviewOn, reviewedAt, reviewedBy }) => ({
    uid,
    name: record.name,
    type: nameWithAliases(reference.types.get(record.typeId)?.name ?? `Type ${record.typeId}`, record.typeId),
    status: stageName(record.status),
    codes: zCodesOf(record.other['sgsd'], reference),
    owner: owner === null ? null : owner.name,
    mailbox: owner?.mailbox ?? null,
    review: reviewOn === null ? null : formatDateShort(reviewOn),
    reviewed: reviewedAt === null ? null : `${formatMomentIn(reviewedAt)}, ${nameOf(reviewedBy ?? '')}`,
    isOverdue: reviewOn !== null && reviewOn <= today && record.status !== 'CLOSED',
  }))
}

function zCodesOf(sgsd: unknown, reference: TriageReference): string {
  if (typeof sgsd !== 'object' || sgsd === null) return 'None published yet'
  const codes = Object.entries(sgsd as Readonly<Record<string, readonly number[]>>).flatMap(([group, list]) =>
    list.filter(isZCode).map((code) => {
      const name = reference.discriminatorName(code)
      return `${group}=${code}${name ? ` ${name}` : ''}`
    }),
  )
  return codes.join('; ') || 'None published yet'
}

export type Choice = { readonly value: string; readonly text: string }

/** As many Z codes as a list of the form shows; who needs others finds them in the catalogue. */
const MOST_CODES = 200

/** The types that a new service may have, and the Z codes of the catalogue. */
export function choicesOf(reference: TriageReference): {
  readonly types: readonly Choice[]
  readonly codes: readonly string[]
} {
  const types = [...reference.types.values()]
    .filter(({ id }) => lifecycleOf(id) === 'current')
    .map(({ id, name }) => ({ value: String(id), text: nameWithAliases(name, id) }))
    .toSorted((a, b) => a.text.localeCompare(b.text, 'en-GB'))
  const codes = reference.symptomGroups.flatMap((group) =>
    [...(reference.pairedWith(group) ?? [])].filter(isZCode).map((code) => {
      const names = [reference.symptomGroupName(group), reference.discriminatorName(code)].filter(Boolean)
      return `${group}=${code}${names.length > 0 ? ` ${names.join(': ')}` : ''}`
    }),
  )
  return { types: [{ value: '', text: 'Choose' }, ...types], codes: codes.slice(0, MOST_CODES) }
}
