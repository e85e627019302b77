/** Services as urgent care sees them, read as the index reads them. */
import { serviceReader } from '#src/directory/indexed-service.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import { urgentCareReader } from '#src/directory/triage/urgent-care-reader.ts'
import type { UrgentCareService } from '#src/directory/triage/urgent-care-service.ts'
import { holidayCalendar } from '#src/rules/bank-holidays.ts'
import { aService } from './builders.ts'
import { rowOf } from './service-row.ts'

const readService = serviceReader(holidayCalendar([]))
const readUrgentCare = urgentCareReader()

/** `aService` with the clinical profile, capacity and the like in `other`, as the interchange format names them. */
export function toUrgentCare(given: Partial<ServiceRecord> & { readonly seq?: number }): UrgentCareService {
  const { seq = 1, ...facts } = given
  const record = aService(facts)
  return readUrgentCare(readService(rowOf(record, seq)))
}
