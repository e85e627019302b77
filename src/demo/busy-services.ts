/** Services that are Red and Amber when the fictitious directory begins, each with who said so, why, and until when. */
import { sql } from 'kysely'
import { type ServiceCapacity, setCapacity } from '#src/capacity/set-capacity.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'

const MINUTE_MS = 60_000
const HOUR = 60
const DAY = 24 * HOUR

type Busy = Omit<ServiceCapacity, 'uid'> & {
  /** ODS codes; several are set at once. */
  readonly services: readonly string[]
  readonly minutesAgo: number
  readonly by: string
}

/** Around the pharmacy that somebody owns here, in Manchester, and in Norwich, whose area has a lead. The latest last. */
const BUSY: readonly Busy[] = [
  {
    services: ['FZ048PF1', 'FZ048BPS'],
    ...{ status: 'RED', resetInMinutes: 5 * DAY, minutesAgo: 7 * HOUR },
    note: 'Staff shortage or illness: the pharmacist who does consultations is away this week',
    by: 'person:pharmacy.fz048@nhsmail.example',
  },
  {
    services: ['RZ0002'],
    ...{ status: 'RED', resetInMinutes: 3 * DAY, minutesAgo: 6 * HOUR },
    note: 'Fire, flood or other damage: the ground floor is under water. Ambulances are sent elsewhere.',
    by: 'account:mill-lane-hospital',
  },
  {
    services: ['RZ003A'],
    ...{ status: 'AMBER', resetInMinutes: 5 * DAY, minutesAgo: 5 * HOUR },
    note: 'Very busy: people wait about 5 hours. Children are seen first.',
    by: 'account:precinct-hospital',
  },
  {
    services: ['FZ0V1PF1'],
    ...{ status: 'RED', resetInMinutes: DAY, minutesAgo: 3 * HOUR },
    note: 'No pharmacist available: consultations begin again tomorrow',
    by: 'person:pharmacy.fz0v1@nhsmail.example',
  },
  {
    services: ['FZ043PF1', 'FZ043PF2'],
    ...{ status: 'RED', resetInMinutes: 2 * DAY, minutesAgo: 2 * HOUR },
    note: 'No pharmacist available',
    by: 'person:pharmacy.fz043@nhsmail.example',
  },
  {
    services: ['RY0009'],
    ...{ status: 'AMBER', resetInMinutes: 2 * DAY, minutesAgo: 2 * HOUR },
    note: 'Stock or equipment not available: no X-ray until the engineer has been',
    by: 'account:queensway-centre',
  },
  {
    services: ['RY003D'],
    ...{ status: 'RED', resetInMinutes: 12 * HOUR, minutesAgo: 90 },
    note: 'Staff shortage or illness: no clinician at present',
    by: 'account:parade-centre',
  },
  {
    services: ['RY0030'],
    ...{ status: 'AMBER', resetInMinutes: 8 * HOUR, minutesAgo: 50 },
    note: 'Very busy: people wait about 3 hours',
    by: 'account:bridge-street-centre',
  },
  {
    services: ['FZ046PF1'],
    ...{ status: 'AMBER', resetInMinutes: 5 * DAY, minutesAgo: 40 },
    note: 'Very busy: ring first, please',
    by: 'person:pharmacy.fz046@nhsmail.example',
  },
  {
    services: ['FZ0JHPF1'],
    ...{ status: 'AMBER', resetInMinutes: DAY, minutesAgo: 35 },
    note: 'Very busy: one pharmacist today',
    by: 'person:pharmacy.fz0jh@nhsmail.example',
  },
]

/** Sets them once, through the way that everybody takes: a second time finds them there. */
export async function seedBusyServices({ db, clock }: { readonly db: Db; readonly clock: Clock }): Promise<void> {
  const there = await db.pool.selectFrom('capacity_setting').select('id').limit(1).executeTakeFirst()
  if (there) return
  const uidOf = await uidsOf(
    db,
    BUSY.flatMap(({ services }) => services),
  )
  const now = clock.now().getTime()
  for (const { services, minutesAgo, by, ...capacity } of BUSY) {
    const then = { ...clock, now: () => new Date(now - minutesAgo * MINUTE_MS) }
    const settings = services.map((code) => ({ uid: uidOf(code), ...capacity }))
    const via = by.startsWith('account:') ? 'api' : 'page'
    const set = await setCapacity({ db, clock: then }, settings, { actor: by, via })
    if (!set.ok) throw new Error(set.problems.map(({ message }) => message).join('. '))
  }
}

/** The uid of a service by its ODS code, of those named. Throws for a code that nobody has. */
export async function uidsOf(db: Db, odsCodes: readonly string[]): Promise<(odsCode: string) => number> {
  const rows = await db.pool
    .selectFrom('service')
    .select(['uid', 'ods_code'])
    .where('ods_code', '=', sql<string>`any(${[...odsCodes]}::text[])`)
    .execute()
  return (odsCode) => {
    const found = rows.find(({ ods_code }) => ods_code === odsCode)
    if (!found) throw new Error(`There is no service ${odsCode}`)
    return found.uid
  }
}
