/** Why a service is Amber or Red, in the order of the list. Stored in front of the note, in these words. */
export const CAPACITY_REASONS = [
  'Very busy',
  'No pharmacist available',
  'Staff shortage or illness',
  'Power or IT failure',
  'Stock or equipment not available',
  'Fire, flood or other damage',
  'Security or safety incident',
  'Another reason',
] as const
export type CapacityReason = (typeof CAPACITY_REASONS)[number]

export const parseCapacityReason = (text: string): CapacityReason | undefined =>
  CAPACITY_REASONS.find((reason) => reason === text)
