/**
 * The life of a service in the directory, from its first words until its number is history. Pure.
 *
 * A draft is no record yet: it is an edit of a service that has no number. Source: product design F44.
 */

export const LIFE = ['DRAFT', 'COMMISSIONING', 'ACTIVE', 'SUSPENDED', 'CLOSED', 'RETIRED'] as const
export type LifeStage = (typeof LIFE)[number]

type Stage = {
  readonly name: string
  /** What it means for whoever reads the record. */
  readonly meaning: string
  /** Where it can go from here. */
  readonly next: readonly LifeStage[]
}

/** The one table of statuses and of the ways between them. */
export const LIFECYCLE: Readonly<Record<LifeStage, Stage>> = {
  DRAFT: {
    name: 'Draft',
    meaning: 'Being written. It is not in the directory, and has no number.',
    next: ['COMMISSIONING', 'ACTIVE'],
  },
  COMMISSIONING: {
    name: 'Commissioning',
    meaning: 'Being prepared. No search returns it.',
    next: ['ACTIVE', 'CLOSED', 'RETIRED'],
  },
  ACTIVE: {
    name: 'Active',
    meaning: 'Open for referrals. Searches return it.',
    next: ['SUSPENDED', 'CLOSED'],
  },
  SUSPENDED: {
    name: 'Suspended',
    meaning: 'Out of searches for a time.',
    next: ['ACTIVE', 'CLOSED'],
  },
  CLOSED: {
    name: 'Closed',
    meaning: 'No longer given. No search returns it. To open it again, prepare it first.',
    next: ['COMMISSIONING', 'RETIRED'],
  },
  RETIRED: {
    name: 'Retired',
    meaning: 'Kept for its history only. This is final.',
    next: [],
  },
}

const isStage = (text: string): text is LifeStage => Object.hasOwn(LIFECYCLE, text)

/** Where a service can go from a status. None for a status that the table does not know. Never throws. */
export const nextStages = (from: string): readonly LifeStage[] => (isStage(from) ? LIFECYCLE[from].next : [])

/** Whether a service may go from one status to another; staying is no move. Never throws. */
export const mayMove = (from: string, to: string): boolean => nextStages(from).some((stage) => stage === to)

/** What people call a status; the status itself when the table does not know it. */
export const stageName = (status: string): string => (isStage(status) ? LIFECYCLE[status].name : status)

/** What a status means; empty when the table does not know it. */
export const stageMeaning = (status: string): string => (isStage(status) ? LIFECYCLE[status].meaning : '')
