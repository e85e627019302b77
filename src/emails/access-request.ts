/** "Somebody asks for access": to the owners of a pharmacy, and to its shared mailbox where that cannot decide. Text: access-request.njk */
import type { PharmacyRole } from '#src/rules/pharmacy-roles.ts'
import { momentWords, type NamedPharmacy, pharmacyWords, quotedLine, roleWords } from './access-words.ts'
import type { Email } from './email.ts'
import { emailText, oneLine } from './plain-text-email.ts'

/** Who asks for what, in the words of the request. */
export type AskedAccess = {
  readonly requestId: number
  readonly pharmacy: NamedPharmacy
  readonly asker: { readonly email: string; readonly name: string; readonly jobRole: string }
  readonly role: PharmacyRole
  /** UTC ISO text. */
  readonly askedAt: string
}
export type AccessRequested = AskedAccess & { readonly kind: 'access-request'; readonly recipient: string }

const render = emailText<AskedWords & { decideAddress: string; contactAddress: string }>('emails/access-request.njk')

/** Writes the email. */
export function writeAccessRequest(facts: AccessRequested, baseUrl: string): Email {
  return {
    event: `access-request ${facts.requestId}`,
    recipient: facts.recipient,
    subject: oneLine(`${facts.asker.email} asks for access to ${pharmacyWords(facts.pharmacy)}`),
    text: render({
      ...askedWords(facts),
      decideAddress: `${baseUrl}/manage/${facts.pharmacy.odsCode}/people/requests/${facts.requestId}`,
      contactAddress: `${baseUrl}/contact`,
    }),
  }
}

export type AskedWords = {
  pharmacy: string
  name: string
  email: string
  jobRole: string
  role: string
  askedOn: string
}

/** How both emails about a request name who asks for what. */
export const askedWords = ({ pharmacy, asker, role, askedAt }: AskedAccess): AskedWords => ({
  pharmacy: pharmacyWords(pharmacy),
  name: quotedLine(asker.name),
  email: asker.email,
  jobRole: quotedLine(asker.jobRole),
  role: roleWords(role),
  askedOn: momentWords(askedAt),
})
