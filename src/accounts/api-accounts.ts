/**
 * Accounts of programs: who asks through an API, what they may do there, and how often.
 *
 * Passwords are stored as Argon2id. One that was verified stays known in memory, as an HMAC under a key of this process,
 * so that only its first use pays for the slow check.
 */

export const API_NAMES = ['urgent-care', 'capacity', 'change-events', 'professional', 'fhir', 'nhs-website'] as const
export type ApiName = (typeof API_NAMES)[number]

export const PERMISSIONS_OF_PROGRAMS = ['webService', 'roadDistance', 'editCapacity'] as const
export type ApiPermission = (typeof PERMISSIONS_OF_PROGRAMS)[number]

export type ApiAccount = {
  readonly username: string
  readonly api: ApiName
  /** The referral role, which decides the services that a triage search returns. */
  readonly role: number | null
  readonly permissions: readonly string[]
  /** Uids of the services that the account may act for; empty where its API knows no such limit. */
  readonly services: readonly number[]
  /** Requests a minute and process; 0 is no limit. */
  readonly perMinute: number
}

export type ApiAccounts = {
  /** The account whose password this is, if the password was verified before: at once, without waiting. Never throws. */
  known(api: ApiName, username: string, password: string): ApiAccount | undefined
  /**
   * The account whose password this is. Undefined for an unknown or disabled account, another API's, a wrong password,
   * and for an address or name that failed too often within the minute. Never throws for bad input.
   */
  authenticate(api: ApiName, username: string, password: string, address: string): Promise<ApiAccount | undefined>
  /** Counts one request; false when the account is over its limit of this minute. */
  admit(account: ApiAccount): boolean
  /** Reads the accounts again where they changed. Called by itself every second. */
  refresh(): Promise<void>
}
