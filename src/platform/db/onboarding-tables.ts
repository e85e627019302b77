/** The tables of onboarding, as Kysely sees them. */
import type { Generated } from 'kysely'

export type OnboardingTables = {
  onboarding: {
    id: Generated<number>
    ods_code: string
    service_code: string
    state: string
    version: Generated<number>
    uid: number | null
    signed_up_at: string
    signed_up_by: string
    state_since: string
    paused_at: string | null
    ended_at: string | null
    agreed_entry: Generated<string | null>
  }
  onboarding_event: {
    onboarding_id: number
    version: number
    happened_at: string
    actor: string
    side: string
    step: string
    words: string | null
    uid: number | null
  }
}
