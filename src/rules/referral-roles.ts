/** Referral roles: who refers to a service. Their full list is licensed; these are the ones that are publicly known. */

/** Source: roles that published documents and recordings of the Directory of Services name with their ids. */
const KNOWN_NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'Public Facing'],
  [2, 'HCP Registered'],
  [23, 'Pathways Referral'],
  [126, 'HCP Unregistered'],
  [127, 'HCP GP'],
  [128, 'Non HCP'],
])

/** The name of a role: as the catalogue has it, else as it is publicly known, else its number. */
export const roleName = (id: number, given: string | null | undefined): string =>
  given ?? KNOWN_NAMES.get(id) ?? String(id)

/**
 * Whether a role is that of a health care professional, by its name: one that says "professional", or begins with "HCP".
 * Source: the Service Finder's search returns only services of the role "Professional Referral".
 */
export const isProfessionalRole = (id: number, given: string | null | undefined): boolean =>
  /\bprofessional\b|^HCP\b/i.test(roleName(id, given))
