/** The table of what is sent to patients: the part of `tables.ts` that is about sharing. */
import type { Generated } from 'kysely'
import type { Json } from './column-types.ts'

export type ShareTables = {
  patient_share: {
    id: string
    person_id: number
    service_uid: number
    means: string
    recipient: string | null
    shown_as: string
    recipient_hash: string
    details: Json<unknown>
    asked_at: string
    tries: Generated<number>
    outcome: string | null
  }
}
