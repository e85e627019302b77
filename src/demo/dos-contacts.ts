/** Whom the directory teams of the invented areas are reached by; one has not said for long that it is right. */
import type { ImportedContact } from '#src/contacts-register/import-dos-contacts.ts'
import { dateOf, dayOf, type LocalDate } from '#src/rules/london-time.ts'
import { areaCodeOf, inventedAreas } from './areas.ts'

const LONG_AGO_DAYS = 120

/** One contact for each invented board. */
export function demoDosContacts(today: LocalDate): readonly ImportedContact[] {
  const boards = Object.entries<{ kind: string; name: string }>(inventedAreas().areas).filter(
    ([, area]) => area.kind === 'icb',
  )
  return boards.map(([code, { name }], index) => {
    const areaCode = areaCodeOf(code)
    return {
      areaCode,
      level: 'local',
      name,
      mailbox: `dos.team@${areaCode.toLowerCase()}.icb.example`,
      phone: `01632 960 ${600 + index}`,
      nightPhone: index % 3 === 2 ? null : `07700 900 ${600 + index}`,
      owner: 'The Directory of Services team',
      confirmedOn: dateOf(dayOf(today) - (index === 1 ? LONG_AGO_DAYS : index)),
    }
  })
}
