/** How the list of services is written: what an entry does not say is "no". */
import type { OfferedServiceKind, ServiceGroup } from './offered-services.ts'

type Said = Partial<Omit<OfferedServiceKind, 'code' | 'label' | 'group' | 'paid' | 'line'>> & { readonly line: string }

/** One entry of the list. */
export const service = (code: string, group: ServiceGroup, label: string, said: Said): OfferedServiceKind => ({
  code,
  label,
  group,
  paid: group === 'paid',
  who: null,
  remotePossible: false,
  ownHours: false,
  bookingLink: false,
  seasonal: false,
  stock: false,
  dosType: null,
  zCode: null,
  oldNames: [],
  provisionalCode: false,
  ...said,
})
