/**
 * The answer to a search, as bytes: what is always the same of a service is written once and kept, so that an answer is
 * mostly copying. The email address is for clinicians and in no search result.
 */
import type { Found } from '#src/directory/triage/triage-index.ts'
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import { detailsOf, type UrgentCareService } from '#src/directory/triage/urgent-care-service.ts'
import { milesText } from '#src/rules/distance.ts'
import { ENVELOPE_END, envelopeStart } from './envelope.ts'
import {
  CAPACITY_PARTS,
  type CapacityPart,
  capacityPart,
  capacitySetAt,
  endpointsPart,
  openingTimesPart,
  phonePart,
  referralInstructionsPart,
  textPart,
} from './service-parts.ts'

export type SearchAnswers = {
  /** The whole body. `now` decides how busy the services are. */
  write(found: readonly Found[], transactionId: string, now: Date): Buffer
}

/** Bytes that are kept; the oldest are forgotten first. */
const KEPT_BYTES = 64 * 1024 * 1024
/** What the objects around the bytes of a service cost. */
const OVERHEAD_BYTES = 400

type Fragment = {
  readonly seq: number
  /** Up to the capacity status. */
  readonly head: Buffer
  /** From there up to the distance. */
  readonly tail: Buffer
  readonly setAt: number | null
}

const CAPACITY_BYTES: ReadonlyMap<CapacityPart, Buffer> = new Map(
  CAPACITY_PARTS.map((part) => [part, Buffer.from(JSON.stringify(part))]),
)
const COMMA = ','
const ITEM_END = '"}'

/** `onlyRecentCapacity`: a status that was set more than 24 hours ago is not shown. */
export function searchAnswers({
  reference,
  onlyRecentCapacity,
  keptBytes = KEPT_BYTES,
}: {
  readonly reference: () => TriageReference
  readonly onlyRecentCapacity: boolean
  readonly keptBytes?: number
}): SearchAnswers {
  const fragments = new Map<number, Fragment>()
  let bytes = 0
  let writtenWith: TriageReference | undefined

  const forget = (uid: number, fragment: Fragment): void => {
    fragments.delete(uid)
    bytes -= sizeOf(fragment)
  }
  const fragmentOf = (service: UrgentCareService, now: Date): Fragment => {
    const known = fragments.get(service.uid)
    if (known?.seq === service.seq) return known
    if (known) forget(service.uid, known)
    const made = makeFragment(service, reference(), now)
    // Hours that pass midnight are written around the holidays to come: not the same every day.
    if (service.hours.overnight) return made
    fragments.set(service.uid, made)
    bytes += sizeOf(made)
    for (const [uid, oldest] of fragments) {
      if (bytes <= keptBytes) break
      forget(uid, oldest)
    }
    return made
  }

  return {
    write(found, transactionId, now) {
      // Names of types come from the reference data.
      if (writtenWith !== reference()) {
        fragments.clear()
        bytes = 0
        writtenWith = reference()
      }
      const parts: (Buffer | string)[] = [envelopeStart(transactionId, found.length)]
      for (const [index, { service, distanceMetres }] of found.entries()) {
        const { head, tail, setAt } = fragmentOf(service, now)
        const capacity = capacityPart(service, setAt, { now, onlyRecent: onlyRecentCapacity })
        if (index > 0) parts.push(COMMA)
        parts.push(head, CAPACITY_BYTES.get(capacity) as Buffer, tail, milesText(distanceMetres), ITEM_END)
      }
      parts.push(ENVELOPE_END)
      return joined(parts)
    },
  }
}

const sizeOf = ({ head, tail }: Fragment): number => head.length + tail.length + OVERHEAD_BYTES

/** Texts are plain ASCII: one byte a character. */
function joined(parts: readonly (Buffer | string)[]): Buffer {
  let length = 0
  for (const part of parts) length += part.length
  const whole = Buffer.allocUnsafe(length)
  let at = 0
  for (const part of parts) {
    if (typeof part === 'string') whole.write(part, at, 'latin1')
    else whole.set(part, at)
    at += part.length
  }
  return whole
}

function makeFragment(service: UrgentCareService, { types }: TriageReference, now: Date): Fragment {
  const details = detailsOf(service)
  const before = JSON.stringify({
    id: String(service.uid),
    name: service.shown.name,
    type: { id: String(service.typeId), name: typeNameIn(types, service.typeId) },
    odsCode: textPart(service.shown.odsCode),
    address: details.addressLines,
    postcode: textPart(service.shown.postcode),
    easting: String(service.easting),
    northing: String(service.northing),
    phone: phonePart(service, details),
    web: textPart(service.shown.web),
    openingTimes: openingTimesPart(service.hours, now),
    referralInstructions: referralInstructionsPart(details),
  })
  const after = JSON.stringify({ endpoints: endpointsPart(details.endpoints), patientDistance: '' })
  return {
    seq: service.seq,
    head: Buffer.from(`${before.slice(0, -1)},"capacity":{"status":`),
    tail: Buffer.from(`},${after.slice(1, -ITEM_END.length)}`),
    setAt: capacitySetAt(details),
  }
}

/** What a type is called; empty when nobody names it. */
export const typeNameIn = (types: TriageReference['types'], typeId: number): string => types.get(typeId)?.name ?? ''
