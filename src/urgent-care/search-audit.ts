/** Who asked what of the directory, and what they got: a record of every search, written behind the answer. */

export const SEARCH_KINDS = ['live', 'what-if', 'test', 'monitoring'] as const
/** Tests and monitoring are the two case ids that suppliers agreed on; a search for a given moment is a what-if. */
export type SearchKind = (typeof SEARCH_KINDS)[number]

export type AuditedSearch = {
  /** UTC ISO text. */
  readonly at: string
  readonly username: string
  readonly api: 'soap' | 'rest'
  /** `1.5`, `1.3`, `1.0`. */
  readonly version: string
  /** `CheckCapacitySummary`, `ServiceDetailsById`, `byServiceType` … */
  readonly operation: string
  readonly transactionId: string | null
  readonly caseRef: string | null
  readonly caseId: string | null
  readonly kind: SearchKind
  /** `M33 7`, never the whole postcode. */
  readonly postcodeSector: string | null
  /** What was asked, age in the unit that was given; never the whole postcode. */
  readonly parameters: Readonly<Record<string, unknown>>
  /** `ok`, `catch-all`, or the code of the fault. */
  readonly outcome: string
  /** In the order in which they were returned. */
  readonly uids: readonly number[]
  readonly durationMicros: number
}

export type SearchAudit = {
  /** Keeps one search for writing. Never waits, never throws. */
  record(search: AuditedSearch): void
  /** Resolves when what was recorded before is written, or when writing failed. */
  flush(): Promise<void>
  /** Writes what is left and ends. */
  stop(): Promise<void>
  readonly counts: { readonly written: number; readonly waiting: number; readonly dropped: number }
}

/** Which kind a search is, by its case id and whether it asks for a moment of its own. */
export function kindOf(caseId: string | null | undefined, searchDateTimeGiven: boolean): SearchKind {
  const id = caseId?.trim().toUpperCase()
  if (id === 'TEST') return 'test'
  if (id === 'MONITORING') return 'monitoring'
  return searchDateTimeGiven ? 'what-if' : 'live'
}
