/** How a distance selling pharmacy delivers, in words: for its pages, before and after, and conflicts. */
import { isRemoteOnly } from '#src/profiles/kind-words.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { formatTime } from '#src/rules/clock-time.ts'
import type { Stated } from './stated.ts'

/** What is said value by value; null where it has not said. Empty for pharmacies that people visit. */
export function statedDelivery({ kind, delivery }: Profile): readonly Stated[] {
  if (!isRemoteOnly(kind)) return []
  const { how = null, orderBy = null, workingDays = null, premisesNumber = null } = delivery ?? {}
  const said = (text: string | null) => (delivery ? (text ?? 'None') : null)
  return [
    { key: 'how', label: 'How you deliver', text: said(how) },
    {
      key: 'order-by',
      label: 'Order by, to be sent the same working day',
      text: said(orderBy === null ? null : formatTime(orderBy)),
    },
    {
      key: 'working-days',
      label: 'Usual delivery time',
      text: said(workingDays === null ? null : workingDaysInWords(workingDays)),
    },
    { key: 'premises-number', label: 'GPhC registration number', text: said(premisesNumber) },
  ]
}

/** `1 working day`. */
export const workingDaysInWords = (days: number): string => `${days} working day${days === 1 ? '' : 's'}`
