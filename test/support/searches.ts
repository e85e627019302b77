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

/** Some of each kind, the newest a minute before `now`: enough for two pages. */
export function someSearches(now: Date): readonly AuditedSearch[] {
  const minutesBefore = (minutes: number): string => new Date(now.getTime() - minutes * 60_000).toISOString()
  const special = [
    aSearch({ at: minutesBefore(1), caseRef: 'HA-2026-1042', caseId: '88120431', outcome: 'catch-all', uids: [1, 2] }),
    aSearch({ at: minutesBefore(2), caseId: 'TEST', kind: 'test' }),
    aSearch({ at: minutesBefore(3), caseId: 'MONITORING', kind: 'monitoring' }),
    aSearch({ at: minutesBefore(4), kind: 'what-if', outcome: '101', uids: [], caseRef: 'x'.repeat(100) }),
  ]
  const usual = Array.from({ length: 60 }, (_, index) =>
    aSearch({ at: minutesBefore(5 + index), caseRef: `HA-2026-${900 + index}`, username: 'supplier-clinicians' }),
  )
  return [...special, ...usual]
}
