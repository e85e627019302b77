/** Why hours differ, in the order of the list. Stored in these words; professionals see them, the public does not. */
export const CHANGE_REASONS = [
  'No pharmacist available',
  'Staff shortage or illness',
  'Power or IT failure',
  'Fire, flood or other damage',
  'Security or safety incident',
  'Building work',
  'Staff training',
  'Local event or holiday',
  'Longer hours than usual',
  'Another reason',
] as const
