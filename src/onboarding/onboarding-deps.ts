/** What onboarding works with. */
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import type { Profile } from '#src/profiles/profile.ts'

export type OnboardingDeps = {
  readonly db: Db
  readonly clock: Clock
  /** The pharmacy's shared mailbox; null when it has none. */
  readonly sharedMailboxOf: (profile: Profile) => string | null
}
