/**
 * Whether another code may be asked for: how many there were lately, against how many there may be. Counted for one
 * pharmacy, so that nobody's telephone rings all night, and for one network, so that nobody rings every pharmacy.
 */
export const CODE_LIMITS = ['pharmacyHour', 'pharmacyDay', 'networkHour', 'networkDay'] as const
export type CodeLimit = (typeof CODE_LIMITS)[number]

/** How many were asked for in the hour and the day before, or how many may be; as a limit 0 is none. */
export type CodeCounts = Readonly<Record<CodeLimit, number>>

/** The first limit that is reached; undefined when one more may be asked for. */
export const codeLimitReached = (asked: CodeCounts, most: CodeCounts): CodeLimit | undefined =>
  CODE_LIMITS.find((limit) => most[limit] > 0 && asked[limit] >= most[limit])
