/**
 * The training pharmacy: a profile that anyone who is signed in may change, to learn how. It is hidden, so that no public
 * page shows it, has no DoS services, so that no search returns it, and begins again every night.
 */
import { sql } from 'kysely'
import type { Clock } from '#src/platform/clock.ts'
import type { Db, Queryable } from '#src/platform/db/db.ts'
import { TRAINING_PHARMACY } from '#src/rules/ods-code.ts'
import { commitProfiles } from './commit-profiles.ts'
import { lockProfiles } from './load-profiles.ts'
import { type Profile, SECTIONS, type Sections } from './profile.ts'

type Deps = { readonly db: Db; readonly clock: Clock }

const MORNING = { opens: 9 * 60, closes: 13 * 60 }
const AFTERNOON = { opens: 14 * 60, closes: 17 * 60 + 30 }

/** What it says at the beginning: enough to read, and enough left to do. */
const BEGINNING: Profile = {
  odsCode: TRAINING_PHARMACY,
  name: 'Training Pharmacy',
  ownerName: null,
  kind: 'community',
  status: 'hidden',
  address: { lines: ['1 Practice Street', 'Anytown'], postcode: 'ZZ99 9ZZ', position: null },
  contact: { phone: '01632 960 100', website: null },
  weekly: [...Array.from({ length: 5 }, () => [MORNING, AFTERNOON]), [MORNING], []],
  holidays: {},
  changes: [],
  commissioning: { parentCode: null, icbCode: null, healthAndWellbeingBoard: null },
}

/** Makes the training pharmacy, where there is none yet. Returns the ledger number to wait for before showing it. */
export async function openTrainingPharmacy(deps: Deps): Promise<number> {
  return (await seqOf(deps.db.pool)) ?? (await beginAgain(deps, 'open'))
}

const seqOf = async (db: Queryable): Promise<number | undefined> =>
  (await db.selectFrom('profile').select('seq').where('ods_code', '=', TRAINING_PHARMACY).executeTakeFirst())?.seq

/** Puts the training pharmacy back to its beginning, and drops what people left half filled in. Nothing where nobody opened it. */
export async function resetTrainingPharmacy(deps: Deps): Promise<void> {
  await beginAgain(deps, 'reset')
}

function beginAgain({ db, clock }: Deps, why: 'open' | 'reset'): Promise<number> {
  const recordedAt = clock.now().toISOString()
  return db.transact(async (tx) => {
    // A row that is not there cannot be locked: whoever opens it second waits here, and finds it opened.
    await sql`select pg_advisory_xact_lock(hashtextextended('training pharmacy', 0))`.execute(tx)
    const seq = await seqOf(tx)
    if (why === 'open' && seq !== undefined) return seq
    const before = (await lockProfiles(tx, [TRAINING_PHARMACY])).get(TRAINING_PHARMACY)
    if (why === 'reset' && !before) return 0
    await tx.deleteFrom('draft').where('ods_code', '=', TRAINING_PHARMACY).execute()
    const actor = 'system:training'
    const [made] = await commitProfiles(tx, [{ before, profile: BEGINNING, sections: sectionsOf(actor, recordedAt) }], {
      actor,
      action: `${why}-training`,
      recordedAt,
      decides: false,
      onMeeting: 'keep',
    })
    return made?.seq ?? 0
  })
}

const sectionsOf = (changedBy: string, changedAt: string): Sections =>
  Object.fromEntries(
    SECTIONS.map((section) => [section, { source: 'list', changedAt, changedBy, checkedAt: null, checkedBy: null }]),
  ) as Sections
