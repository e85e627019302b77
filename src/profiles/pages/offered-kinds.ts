/** Which services a pharmacy is asked about, and on which page. */
import type { Profile } from '#src/profiles/profile.ts'
import { OFFERED_SERVICES, type OfferedServiceKind } from '#src/rules/offered-services.ts'

/** The services that this kind of pharmacy may offer: a distance selling pharmacy meets nobody. */
export const kindsFor = ({ kind }: Pick<Profile, 'kind'>): readonly OfferedServiceKind[] =>
  kind === 'distance-selling' ? OFFERED_SERVICES.filter(({ remotePossible }) => remotePossible) : OFFERED_SERVICES

/** Whether a service is asked about on the page of urgent care services: those that change whom NHS 111 sends here. */
export const isUrgentCare = ({ group, dosType, zCode }: OfferedServiceKind): boolean =>
  group === 'urgent' || dosType !== null || zCode !== null

/** The services of the page of urgent care services, first those that the directory has a code for. */
export const urgentCareKinds = (profile: Pick<Profile, 'kind'>): readonly OfferedServiceKind[] =>
  kindsFor(profile)
    .filter(isUrgentCare)
    .toSorted((a, b) => (a.zCode ?? Number.POSITIVE_INFINITY) - (b.zCode ?? Number.POSITIVE_INFINITY) || 0)

/** The services of the long list: all others. */
export const listedKinds = (profile: Pick<Profile, 'kind'>): readonly OfferedServiceKind[] =>
  kindsFor(profile).filter((kind) => !isUrgentCare(kind))

/** How many services are offered, and how many of those that are asked about nobody has answered. */
export function countOffers(profile: Profile): { readonly offered: number; readonly unanswered: number } {
  const answers = kindsFor(profile).map(({ code }) => profile.services?.[code])
  return {
    offered: answers.filter((answer) => answer?.offered).length,
    unanswered: answers.filter((answer) => answer === undefined).length,
  }
}
