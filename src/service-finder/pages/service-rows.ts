/** The lists of a service's page: what anyone may know, and what professionals may. */
import type { UrgentCareService } from '#src/directory/triage/urgent-care-service.ts'
import { safeWebsite } from '#src/rules/safe-links.ts'
import { phoneLink } from '../finder-view.ts'
import type { ProfessionalDetails } from '../reveal-details.ts'

/** A line of a list of facts; with an address it is a link. */
export type Row = { readonly name: string; readonly words: string; readonly href?: string }

/** Address, phone, website and codes. */
export function factRows({ shown }: UrgentCareService): readonly Row[] {
  const phone = phoneLink(shown.phone)
  const website = safeWebsite(shown.web)
  return [
    row('Address', [shown.address, shown.postcode].filter(Boolean).join(', ') || 'Not known'),
    phone ? linked('Public phone', phone.href, phone.text) : row('Public phone', 'Not known'),
    ...(website ? [linked('Website', website.href, website.text)] : []),
    ...(shown.odsCode ? [row('ODS code', shown.odsCode)] : []),
    row('Service ID', String(shown.uid)),
  ]
}

/** What was revealed. */
export function detailRows(details: ProfessionalDetails): readonly Row[] {
  const phone = phoneLink(details.nonPublicPhone)
  return [
    phone ? linked('Professional phone', phone.href, phone.text) : row('Professional phone', 'None given'),
    row('Professional email', details.email ?? 'None given'),
    row('How to refer', details.referralInformation ?? 'Nothing is said'),
    row('Accepts referrals from', details.referralRoles.join(', ') || 'Nobody'),
    ...details.endpoints.map(({ transport, address }) => row(`Endpoint (${transport})`, address)),
  ]
}

const row = (name: string, words: string): Row => ({ name, words })
const linked = (name: string, href: string, words: string): Row => ({ name, words, href })
