/** The tables of data quality and of the last pharmaceutical list: the part of `tables.ts` that is about being right. */
import type { Generated } from 'kysely'
import type { Json } from './column-types.ts'

export type QualityTables = {
  quality_finding: {
    id: Generated<number>
    rule: string
    rule_version: number
    subject: string
    place: string
    ods_code: string | null
    uid: number | null
    detail: string
    ours: string | null
    theirs: string | null
    is_first: boolean
    opened_on: string
    closed_on: string | null
    last_seen_on: string | null
  }
  quality_exemption: {
    id: Generated<number>
    rule: string
    subject: string
    reason: string
    ends_on: string
    made_at: string
    made_by: string
    ended_at: string | null
    ended_by: string | null
  }
  quality_owner: {
    rule: string
    area_code: string
    owner: string
    version: number
    changed_at: string
    changed_by: string
  }
  quality_day: {
    day: string
    rule: string
    area_code: string
    rule_version: number
    open: number
    exempt: number
    opened: number
    closed: number
  }
  quality_run: {
    id: Generated<number>
    day: string
    started_at: string
    finished_at: string | null
    compared: string[]
  }
  quality_score: { ods_code: string; score: number; icb_code: string | null }
  listed_pharmacy: {
    ods_code: string
    name: string
    address_lines: Json<unknown>
    postcode: string
    weekly: Json<unknown>
    absent_since: string | null
  }
}
