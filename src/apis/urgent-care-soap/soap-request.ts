/** What a request says, as it was written: found by names, whatever the prefixes and the order. Nothing is checked yet. */
import type { TriageRequest } from '#src/urgent-care/triage-request.ts'
import { readAnyXml } from './any-xml.ts'
import { readPlainXml } from './plain-xml.ts'
import type { XmlElement } from './xml-tree.ts'

export const SOAP_NAMESPACE = 'http://www.w3.org/2003/05/soap-envelope'
export const DOS_NAMESPACE = 'https://nww.pathwaysdos.nhs.uk/app/api/webservices'

/** Texts are trimmed, but for the password; null when missing or empty. */
export type SoapRequest = {
  readonly operation: string
  /** Of the header. */
  readonly version: string | null
  readonly username: string | null
  readonly password: string | null
  /** Of ServiceDetailsById. */
  readonly serviceId: string | null
  /** Of CheckCapacitySummary. */
  readonly case: Omit<TriageRequest, 'version'>
}

/** `xml`: not well-formed, or not an envelope with one body. `soap-version`: not an envelope of SOAP 1.2. */
export type SoapRead =
  | { readonly ok: true; readonly request: SoapRequest }
  | { readonly ok: false; readonly code: 'xml' | 'soap-version' }

/** Of the characters that make markup, more than ten thousand discriminators need. Shorter texts are not counted. */
const MOST_MARKUP = 50_000

/** Reads the text of a request. Never throws. */
export function readSoapRequest(text: string): SoapRead {
  if (text.length > MOST_MARKUP && isMostlyMarkup(text)) return { ok: false, code: 'xml' }
  const normal = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
  const root = readPlainXml(normal) ?? readAnyXml(normal)
  if (!root) return { ok: false, code: 'xml' }
  if (root.name !== 'Envelope' || root.namespace !== SOAP_NAMESPACE) return { ok: false, code: 'soap-version' }
  const body = onlyOne(root.children.filter(({ name, namespace }) => name === 'Body' && namespace === SOAP_NAMESPACE))
  const operation = body && onlyOne(body.children)
  if (!operation || !isOurs(operation)) return { ok: false, code: 'xml' }
  return { ok: true, request: requestOf(operation, versionIn(root)) }
}

/** Reading a megabyte of tags would keep everybody else waiting. */
function isMostlyMarkup(text: string): boolean {
  let count = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === LESS_THAN || code === AMPERSAND || code === EQUALS) count++
  }
  return count > MOST_MARKUP
}

const LESS_THAN = 0x3c
const AMPERSAND = 0x26
const EQUALS = 0x3d

const onlyOne = <Item>(items: readonly Item[]): Item | undefined => (items.length === 1 ? items[0] : undefined)

/** In the namespace of the Directory of Services, or in none, as several clients write parts of a request. */
const isOurs = ({ namespace }: XmlElement): boolean => namespace === DOS_NAMESPACE || namespace === ''

function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  if (!element) return undefined
  for (const child of element.children) if (child.name === name && isOurs(child)) return child
  return undefined
}

function textOf(element: XmlElement | undefined, name: string): string | null {
  const text = childOf(element, name)?.text.trim()
  return text === undefined || text === '' ? null : text
}

function versionIn(root: XmlElement): string | null {
  const header = root.children.find(({ name, namespace }) => name === 'Header' && namespace === SOAP_NAMESPACE)
  return textOf(header, 'serviceVersion')
}

function requestOf(operation: XmlElement, version: string | null): SoapRequest {
  const userInfo = childOf(operation, 'userInfo')
  return {
    operation: operation.name,
    version,
    username: textOf(userInfo, 'username'),
    password: childOf(userInfo, 'password')?.text || null,
    serviceId: textOf(operation, 'serviceId'),
    case: caseOf(childOf(operation, 'c')),
  }
}

function caseOf(given: XmlElement | undefined): SoapRequest['case'] {
  return {
    caseRef: textOf(given, 'caseRef'),
    caseId: textOf(given, 'caseId'),
    postcode: textOf(given, 'postcode'),
    surgery: textOf(given, 'surgery'),
    age: textOf(given, 'age'),
    ageFormat: textOf(given, 'ageFormat'),
    disposition: textOf(given, 'disposition'),
    symptomGroup: textOf(given, 'symptomGroup'),
    symptomDiscriminators: discriminatorsIn(childOf(given, 'symptomDiscriminatorList')),
    searchDistance: textOf(given, 'searchDistance'),
    forceSearchDistance: isTrue(textOf(given, 'forceSearchDistance')),
    gender: textOf(given, 'gender'),
    // Its published description begins it with a capital, and a client that followed it exists.
    searchDateTime: textOf(given, 'searchDateTime') ?? textOf(given, 'SearchDateTime'),
  }
}

function discriminatorsIn(list: XmlElement | undefined): readonly string[] {
  const texts: string[] = []
  for (const item of list?.children ?? []) {
    const text = item.name === 'int' && isOurs(item) ? item.text.trim() : ''
    if (text !== '') texts.push(text)
  }
  return texts
}

/** As XML writes it, or with a capital as Python does. Anything else is not true. */
const isTrue = (text: string | null): boolean => text === '1' || text?.toLowerCase() === 'true'
