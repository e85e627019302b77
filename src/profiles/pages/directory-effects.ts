/** What answers on services do to the Directory of Services, with what one may do about it. */
import type { ServicePlan } from '#src/profiles/plan-projection.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { planEffects } from '#src/profiles/services-effect.ts'
import { offeredServiceKind } from '#src/rules/offered-services.ts'
import { PHARMACY_TYPES } from '#src/rules/service-matching.ts'
import type { Edit, Effect } from './editing.ts'

/** The effects of saving `after`; a service that the directory does not have leads to the form that asks for it. */
export const directoryEffects = (after: Profile, services: readonly ServicePlan[], edit: Edit): readonly Effect[] =>
  planEffects(edit.stored.profile, after, services, edit.today).map(({ code, serviceCode, text }) => ({
    text: `${text}.`,
    link: code === 'missing' && edit.may('request-service') ? askFor(edit.odsCode, serviceCode) : null,
  }))

/** The way to ask for the DoS service that a service of the list needs. */
export const askFor = (odsCode: string, serviceCode: string): NonNullable<Effect['link']> => ({
  text: 'Ask for it',
  href: `/manage/${odsCode}/missing-service?type=${offeredServiceKind(serviceCode)?.dosType ?? 13}`,
})

/** The kind of service that an address asks for: empty when it names none that we know. */
export const askedKind = (query: unknown): string => {
  const { type } = (query ?? {}) as { type?: unknown }
  return typeof type === 'string' && Object.hasOwn(PHARMACY_TYPES, type) ? PHARMACY_TYPES[Number(type) as 13] : ''
}
