/**
 * The answer to a search, as byte text: what is always the same of a service is written once and kept, so that an answer
 * is mostly put together. The email address is for clinicians and in no search result.
 */
import type { Found } from '#src/directory/triage/triage-index.ts'
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import { detailsOf, type UrgentCareService } from '#src/directory/triage/urgent-care-service.ts'
import { byteText } from '#src/platform/http/byte-text.ts'
import { milesText } from '#src/rules/distance.ts'
import { boundedCache } from '#src/urgent-care/bounded-cache.ts'
import { ENVELOPE_END, envelopeStart } from './envelope.ts'
import {
  CAPACITY_PARTS,
  type CapacityPart,
  capacityMoment,
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
  write(found: readonly Found[], transactionId: string, now: Date): string
}

/** About what a national directory comes to. */
const KEPT_BYTES = 64 * 1024 * 1024
/** What the objects around the texts of a service cost. */
const OVERHEAD_BYTES = 400

type Fragment = {
  readonly seq: number
  /** Up to the capacity status. */
  readonly head: string
  /** From there up to the distance. */
  readonly tail: string
  readonly setAt: number | null
}

const CAPACITY_TEXTS: ReadonlyMap<CapacityPart, string> = new Map(
  CAPACITY_PARTS.map((part) => [part, JSON.stringify(part)]),
)
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
  const fragments = boundedCache<number, Fragment>(keptBytes, sizeOf)
  let writtenWith: TriageReference | undefined

  const fragmentOf = (service: UrgentCareService, now: Date): Fragment => {
    const known = fragments.get(service.uid)
    if (known?.seq === service.seq) return known
    const made = makeFragment(service, reference(), now)
    // Hours that pass midnight are written around the holidays to come: not the same every day.
    if (!service.hours.overnight) fragments.set(service.uid, made)
    return made
  }

  return {
    write(found, transactionId, now) {
      // Names of types come from the reference data.
      if (writtenWith !== reference()) fragments.clear()
      writtenWith = reference()
      let text = envelopeStart(transactionId, found.length)
      let between = ''
      const moment = capacityMoment(now, onlyRecentCapacity)
      for (const { service, distanceMetres } of found) {
        const { head, tail, setAt } = fragmentOf(service, now)
        const capacity = capacityPart(service, setAt, moment)
        text += between + head + CAPACITY_TEXTS.get(capacity) + tail + milesText(distanceMetres) + ITEM_END
        between = ','
      }
      return text + ENVELOPE_END
    },
  }
}

const sizeOf = ({ head, tail }: Fragment): number => head.length + tail.length + OVERHEAD_BYTES

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
    head: byteText(`${before.slice(0, -1)},"capacity":{"status":`),
    tail: byteText(`},${after.slice(1, -ITEM_END.length)}`),
    setAt: capacitySetAt(details),
  }
}

/** What a type is called; empty when nobody names it. */
export const typeNameIn = (types: TriageReference['types'], typeId: number): string => types.get(typeId)?.name ?? ''
