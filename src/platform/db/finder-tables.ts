/** The tables of the Service Finder: the part of `tables.ts` that is about saved searches, favourites and problems told. */
import type { Generated } from 'kysely'

export type FinderTables = {
  finder_choice: { person_id: number; role: number | null; place: string | null }
  finder_favourite: { person_id: number; uid: number; saved_at: string }
  finder_search: { id: Generated<number>; person_id: number; address: string; title: string; saved_at: string }
  referral_problem: {
    id: Generated<number>
    uid: number
    ods_code: string | null
    reason: string
    told_at: string
    told_by: string
  }
}
