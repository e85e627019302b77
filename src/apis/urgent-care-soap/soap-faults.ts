/**
 * What a client is told when there is no answer: a SOAP fault with a bare number and a text, both of which clients know.
 *
 * Source: DoS web services, error codes 1.5 and 1.3.
 */
import type { TriageProblem, TriageProblemCode, TriageVersion } from '#src/urgent-care/triage-request.ts'
import { SOAP_NAMESPACE } from './soap-request.ts'
import { escapeXml } from './xml-text.ts'

/** What can go wrong before and beside the search. */
export type SoapProblemCode =
  | TriageProblemCode
  /** The search itself failed. */
  | 'search'
  | 'no-service'
  | 'version'
  | 'version-missing'
  | 'xml'
  | 'soap-version'
  /** Who asks cannot be found out now, or asks too often. */
  | 'login'
  | 'credentials'
  | 'credentials-missing'
  /** The account may not use this API. */
  | 'privileges'
  | 'internal'
  | 'timeout'
export type SoapProblem = { readonly code: SoapProblemCode; readonly given?: string }

/** `text` is what stands in the fault; `(…)` repeats what was given. */
export type SoapFault = { readonly number: number; readonly text: string }

const parameter = (text: string): string => `Parameter Validation: ${text}`
const DATE_AND_TIME = '(…)'

const NOT_PRIVILEGED = [
  302,
  'Authentication Failed: Please check that the user has the correct privileges to run this service',
] as const

const FAULTS: Readonly<Record<SoapProblemCode, readonly [number: number, text: string]>> = {
  search: [100, 'System Search failure'],
  system: [100, 'System Search failure'],
  postcode: [101, 'Postcode Validation: Postcode not found'],
  'no-services': [102, 'Service Search: No services found'],
  'no-service': [103, 'Request Response: Service not found'],
  discriminators: [104, parameter('No valid discriminators passed/SGSD combo not valid')],
  distance: [105, parameter('Search distance must be greater than 0km and less than maximum system distance.')],
  gender: [106, parameter('Invalid gender supplied - supported values: M, F, I')],
  version: [107, 'WSDL Validation: Unsupported Webservice version'],
  xml: [108, 'Malformed XML: The soap message is not valid xml.'],
  'soap-version': [108, 'Malformed XML: Unable to identify the SOAP version'],
  time: [108, parameter('Search date and time is invalid')],
  'version-missing': [109, 'WSDL Validation: (109) - Unable to find version'],
  'time-far': [109, parameter(`searchDateTime ${DATE_AND_TIME} more than 12 months in future`)],
  'time-past': [110, parameter(`searchDateTime ${DATE_AND_TIME} more than 1 minute in the past`)],
  'distance-missing': [113, parameter('where the distance override value is true, a distance value must be provided')],
  age: [114, parameter('Invalid age supplied - mandatory field, only whole numbers allowed')],
  'age-days': [115, parameter(supported('Days', 'numbers between 0-31'))],
  'age-months': [116, parameter(supported('Months', 'whole numbers between 1-23'))],
  'age-years': [117, parameter(supported('Years', 'whole numbers between 2-129'))],
  'age-group': [118, parameter('Invalid age value supplied. Supported values where AgeGroup is used are: 1, 2, 3, 4')],
  'age-format': [119, parameter('Invalid age format supplied - supported values Years, Months, Days, AgeGroup')],
  'symptom-group': [120, parameter('SG not found')],
  disposition: [121, parameter('Disposition not found')],
  login: [300, 'Unable to login to DoS web services'],
  credentials: [
    302,
    'Authentication failed: Please check user credentials (username/password) or check whether the user account is locked (use password reset to unlock)',
  ],
  privileges: NOT_PRIVILEGED,
  role: NOT_PRIVILEGED,
  internal: [500, 'Internal Server Error'],
  timeout: [504, 'Time out'],
  'credentials-missing': [1001, 'Request Validation: Unable to locate username and password in the request'],
}

function supported(format: string, values: string): string {
  return `Invalid age value supplied. Supported values where ${format} format is used are ${values}`
}

const OLD_AGE_FORMAT: SoapFault = {
  number: 106,
  text: parameter('Invalid age format supplied - supported values Years, AgeGroup'),
}
const OLD_PRIVILEGES: SoapFault = {
  number: 303,
  text: 'Incorrect Privileges: Please check that the user has the correct privileges to run this service',
}

/** Which number says that an account may not do this; unset: 302 on 1.5 and 303 on 1.3, as the sources have it. */
export type PrivilegeFault = 302 | 303 | undefined

/** The fault of a problem, in the numbers of the version that was asked for. */
export function faultOf(
  { code, given }: SoapProblem | TriageProblem,
  version: TriageVersion,
  privilegeFault: PrivilegeFault,
): SoapFault {
  const isAboutPrivileges = code === 'role' || code === 'privileges'
  if (isAboutPrivileges && (privilegeFault ?? (version === '1.3' ? 303 : 302)) === 303) return OLD_PRIVILEGES
  if (code === 'age-format' && version === '1.3') return OLD_AGE_FORMAT
  const [number, text] = FAULTS[code]
  return { number, text: text.replace(DATE_AND_TIME, () => `(${given ?? ''})`) }
}

/** Whose fault it is: these are ours, the others are the caller's. */
const OURS: ReadonlySet<number> = new Set([100, 300, 500, 504])

/** The status under which a fault is counted and logged; on the wire it is 500, whoever caused it. */
export const countedStatus = ({ number }: SoapFault): number => (OURS.has(number) ? 500 : 400)

/** The envelope of a fault. */
export const faultXml = ({ number, text }: SoapFault): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<env:Envelope xmlns:env="${SOAP_NAMESPACE}"><env:Body><env:Fault><env:Code><env:Value>${number}</env:Value></env:Code><env:Reason><env:Text>${escapeXml(text)}</env:Text></env:Reason></env:Fault></env:Body></env:Envelope>\n`
