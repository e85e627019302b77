/**
 * Where a service's messages go: which ways there are, and what an address must look like for each. Pure.
 *
 * Source: Directory of Services, endpoints (transport, format, business scenario, compression). Ways that are no longer
 * given to new endpoints are kept where an import brought them.
 */
import { parseEmail, parsePhone } from './contact-details.ts'

export const TRANSPORTS = ['itk', 'email', 'telno', 'http'] as const
export const SCENARIOS = ['Primary', 'Copy'] as const
export const FORMATS = ['CDA', 'PDF', 'HTML', 'FHIR', 'xml', 'email', 'telno'] as const
export const COMPRESSIONS = ['compressed', 'uncompressed'] as const

const LONGEST_ADDRESS = 500

/** What is wrong with an address for a way of sending, in words for whoever typed it; undefined when nothing is. Never throws. */
export function endpointAddressFault(transport: string, address: string): string | undefined {
  if (address === '') return 'Enter the address that messages go to'
  if (address.length > LONGEST_ADDRESS) return `The address must be ${LONGEST_ADDRESS} characters or fewer`
  switch (transport) {
    case 'email':
      return parseEmail(address).ok ? undefined : 'Enter an email address, like referrals@example.nhs.uk'
    case 'telno':
      return parsePhone(address).ok ? undefined : 'Enter a UK telephone number, like 01632 960 001'
    case 'itk':
    case 'http':
      return isWebAddress(address)
        ? undefined
        : 'Enter an address that starts with https:// or http://, or ODS: and a code'
    default:
      return undefined
  }
}

/** A web address without spaces, or `ODS:` and a code, as booking systems have it. */
const isWebAddress = (address: string): boolean =>
  /^https?:\/\/[^\s/]+\S*$/i.test(address) || /^ODS:[A-Z0-9]{3,12}$/i.test(address)
