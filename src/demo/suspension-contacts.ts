/** Whom the invented areas want told of closures, and what each asks: no two neighbours the same. */
import type { SuspensionContact } from '#src/closures/notices/suspension-contact-rows.ts'
import { areaCodeOf, inventedAreas } from './areas.ts'

const ASKS = [
  { tellWithinMinutes: 0, phoneOverHours: 24, editDays: 7, note: null },
  { tellWithinMinutes: 60, phoneOverHours: null, editDays: 7, note: 'Tell your GP practices as well.' },
  { tellWithinMinutes: 30, phoneOverHours: 4, editDays: 14, note: null },
] as const

/** One contact for each invented board. */
export function demoSuspensionContacts(): readonly SuspensionContact[] {
  const boards = Object.entries<{ kind: string; name: string }>(inventedAreas().areas).filter(
    ([, area]) => area.kind === 'icb',
  )
  return boards.map(([code, { name }], index) => {
    const icbCode = areaCodeOf(code)
    return {
      icbCode,
      name: `${name}, primary care`,
      email: `closures@${icbCode.toLowerCase()}.icb.example`,
      phone: `01632 960 ${String(500 + index)}`,
      ...(ASKS[index % ASKS.length] ?? ASKS[0]),
    }
  })
}
