/** What the pages of a pharmacy say of fields that are held: what, until when, why, and what becomes of a change. */
import type { Queryable } from '#src/platform/db/db.ts'
import type { HeldField } from '#src/rules/asked-fields.ts'
import { loadUndecided } from './asked-values.ts'
import { loadHoldsInForce } from './field-holds.ts'
import { fieldLabel } from './held-field-words.ts'
import { sectionOfField } from './held-fields.ts'
import { formatEndIn, loadNames } from './names-and-moments.ts'
import type { ProfileSection, StoredProfile } from './profile.ts'

export type HoldNotice = {
  readonly text: string
  readonly reason: string
  /** The field that is held; null: none is, a value waits for a decision. */
  readonly held: HeldField | null
  /** The page of what waits or is proposed; null: nothing is. */
  readonly value: { readonly text: string; readonly address: string } | null
}

/** The notices of one section: a hold each, then values of fields that are not held. */
export async function loadHoldNotices(
  db: Queryable,
  { profile }: StoredProfile,
  section: ProfileSection,
  now: Date,
): Promise<readonly HoldNotice[]> {
  const { odsCode, kind } = profile
  const holds = await loadHoldsInForce(db, [odsCode], now.toISOString(), section)
  const values = (await loadUndecided(db, [odsCode])).filter(({ field }) => sectionOfField(field) === section)
  if (holds.length === 0 && values.length === 0) return []
  const nameOf = await loadNames(
    db,
    holds.map(({ heldBy }) => heldBy),
  )
  const held = new Set(holds.map(({ field }) => field))
  const pageOf = (found: (typeof values)[number] | undefined): HoldNotice['value'] =>
    found
      ? {
          text: TEXTS[found.state === 'conflict' ? 'conflict' : found.kind],
          address: `/manage/${odsCode}/queries/values/${found.id}`,
        }
      : null
  return [
    ...holds.map(({ field, endsAt, heldBy, reason }) => ({
      text: `${fieldLabel(field, kind)} is held until ${formatEndIn(endsAt)} by ${nameOf(heldBy)}. What you send of it is kept and waits. Close now is never held.`,
      reason,
      held: field,
      value: pageOf(values.find((value) => value.field === field)),
    })),
    ...values
      .filter(({ field }) => !held.has(field))
      .map((value) => ({
        text: `${fieldLabel(value.field, kind)}: ${STANDS[value.kind]}`,
        reason: '',
        held: null,
        value: pageOf(value),
      })),
  ]
}

const TEXTS = {
  waiting: 'See the change that waits',
  proposal: 'See what is proposed',
  conflict: 'Choose between the two values',
} as const
const STANDS = {
  waiting: 'a change was sent while the field was held.',
  proposal: 'the directory team proposes a value.',
} as const
