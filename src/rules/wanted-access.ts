/** What people may need of a building or its staff, in a search: which facilities of the list that is. */

export type WantedAccess = {
  /** As addresses name it: `step-free`. */
  readonly slug: string
  readonly label: string
  /** Ids of `facilities.ts`; a pharmacy that has one of them will do. */
  readonly facilities: readonly string[]
}

const wanted = (slug: string, label: string, ...facilities: readonly string[]): WantedAccess => ({
  slug,
  label,
  facilities,
})

/** The whole list, in the order in which pages show it. The first are asked for most. Source: our own choice. */
export const WANTED_ACCESS: readonly WantedAccess[] = [
  wanted('step-free', 'Step-free access', '35'),
  wanted('wheelchair', 'Wheelchair access', '7'),
  wanted('parking', 'Car parking', '28'),
  wanted('blue-badge', 'Disabled parking', '30'),
  wanted('hearing-loop', 'Hearing loop', '4'),
  wanted('sign-language', 'Sign language', '6', 'bsl-video'),
  wanted('languages', 'Other languages', '21', 'languages'),
  wanted('consultation-room', 'Private consultation room', '146'),
  wanted('large-print', 'Large-print labels', 'large-print'),
  wanted('toilet', 'Accessible toilet', '3'),
  wanted('baby-changing', 'Baby changing', '15'),
  wanted('quiet-hour', 'Quiet hour', 'quiet-hour'),
  wanted('locker', 'Collection point open 24 hours', 'collection-locker'),
]

const bySlug: ReadonlyMap<string, WantedAccess> = new Map(WANTED_ACCESS.map((each) => [each.slug, each]))

/** What an address means; undefined for anything that is not in the list. */
export const wantedAccess = (slug: string): WantedAccess | undefined => bySlug.get(slug.toLowerCase())
