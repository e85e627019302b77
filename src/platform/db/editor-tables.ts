/** The tables of the record editor, as Kysely sees them. */
import type { Generated } from 'kysely'
import type { Json } from './column-types.ts'

export type EditorTables = {
  service_edit: {
    id: Generated<number>
    uid: number | null
    author: string
    state: string
    version: Generated<number>
    base: Json<unknown>
    proposed: Json<unknown>
    reason: Generated<string>
    begun_at: string
    changed_at: string
    submitted_at: string | null
    decided_by: string | null
    decided_at: string | null
    note: string | null
    published_seq: number | null
  }
  local_service: {
    uid: number
    owner_kind: string
    owner_name: string
    owner_mailbox: string
    review_months: number
    review_on: string
    reviewed_at: string | null
    reviewed_by: string | null
    told_of: string | null
    version: number
    changed_at: string
    changed_by: string
  }
}
