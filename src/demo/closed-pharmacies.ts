/** One fictitious pharmacy that is closed when the directory begins, and one that will be. */
import type { ClosureDeps } from '#src/closures/change-closure.ts'
import { closePharmacy } from '#src/closures/close-pharmacy.ts'
import type { ToldClosure } from '#src/closures/decide-closure.ts'
import { formatLondon, type LondonTime, toLondon } from '#src/rules/london-time.ts'

const MINUTE_MS = 60_000
/** How long ago both were told. */
const MINUTES_AGO = 75
const NINE = 9 * 60

type Closed = Omit<ToldClosure, 'from' | 'until' | 'services'> & {
  readonly odsCode: string
  readonly from: (told: LondonTime) => LondonTime
  readonly until: (told: LondonTime) => LondonTime
}

const CLOSED: readonly Closed[] = [
  {
    odsCode: 'FZ0V4',
    id: '7d4f2b0e-5a51-4a0c-9c3e-0f6d1b8e7a11',
    from: (told) => told,
    until: ({ day }) => ({ day: day + 1, minute: NINE }),
    reason: 'Power or IT failure',
    advice: 'Our computers do not work. Prescriptions can be sent to another pharmacy.',
  },
  {
    odsCode: 'FZ047',
    id: '7d4f2b0e-5a51-4a0c-9c3e-0f6d1b8e7a12',
    from: ({ day }) => ({ day: day + 9, minute: 0 }),
    until: ({ day }) => ({ day: day + 11, minute: NINE }),
    reason: 'Building work',
    advice: 'We are fitting a second consultation room.',
  },
]

/** Closes them once: told again under the same ids it is the same. */
export async function seedClosedPharmacies({
  db,
  clock,
  holidays,
}: Pick<ClosureDeps, 'db' | 'clock' | 'holidays'>): Promise<void> {
  const then = new Date(clock.now().getTime() - MINUTES_AGO * MINUTE_MS)
  // Nobody owns these pharmacies here, so that nobody would read a receipt.
  const deps = { db, clock: { ...clock, now: () => then }, holidays, issueReceipts: async () => [] }
  const told = toLondon(then)
  for (const { odsCode, from, until, ...closure } of CLOSED) {
    const filledIn = { services: null, filledInBy: null, phone: null }
    const spans = { from: formatLondon(from(told)), until: formatLondon(until(told)) }
    const by = {
      actor: `person:pharmacy.${odsCode.toLowerCase()}@nhsmail.example`,
      via: 'profile-manager',
      askedAt: then,
    } as const
    const closed = await closePharmacy(deps, odsCode, { ...closure, ...spans, ...filledIn }, by)
    if (!closed.ok) throw new Error(closed.problems.map(({ message }) => message).join('. '))
  }
}
