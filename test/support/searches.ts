/** Searches of programs with sensible values, for tests that care about one or two of them. */
import type { AuditedSearch } from '#src/urgent-care/search-audit.ts'

export function aSearch(given: Partial<AuditedSearch> = {}): AuditedSearch {
  return {
    at: '2026-12-11T10:34:00.000Z',
    username: 'supplier',
    api: 'soap',
    version: '1.5',
    operation: 'CheckCapacitySummary',
    transactionId: '0A1B2C3D-0000-4000-8000-000000000001',
    caseRef: 'REF-1',
    caseId: 'C1',
    kind: 'live',
    postcodeSector: 'M33 7',
    parameters: { age: '22', ageFormat: 'Years', gender: 'F', symptomGroup: '1011', symptomDiscriminators: ['4003'] },
    outcome: 'ok',
    uids: [2_000_000_002, 2_000_000_001],
    durationMicros: 640,
    ...given,
  }
}
