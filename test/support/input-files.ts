/** Input files for importers, each in a temporary folder of its own, because refused rows are written beside them. */
import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { temporaryFolder } from './postgres-cluster.ts'
import { sharedDataPath } from './shared-data.ts'

/** Writes a file and answers with its path. */
export function inputFile(name: string, content: string | Uint8Array): string {
  const path = join(temporaryFolder('input'), name)
  writeFileSync(path, content)
  return path
}

/** A copy of published open data; undefined, and the test says that it was skipped, where it is not there. */
export function sharedInput(t: TestContext, name: string): string | undefined {
  const source = sharedDataPath(name)
  if (source === undefined) {
    t.skip(`${name} is not beside the repository, in ../shared/data`)
    return undefined
  }
  const path = join(temporaryFolder('input'), name)
  copyFileSync(source, path)
  return path
}

const LIST_HEADER =
  'PHARMACY_ODS_CODE_F_CODE,HEALTH_AND_WELLBEING_BOARD,PHARMACY_TRADING_NAME,ORGANISATION_NAME,' +
  'ADDRESS_FIELD_1,ADDRESS_FIELD_2,ADDRESS_FIELD_3,ADDRESS_FIELD_4,POST_CODE,' +
  ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY']
    .map((day) => `PHARMACY_OPENING_HOURS_${day},${day}_TOTAL`)
    .join(',') +
  ',WEEKLY_TOTAL,CONTRACT_TYPE'

export type ListedRow = {
  readonly code: string
  readonly name?: string
  readonly postcode?: string
  readonly contract?: string
  /** Monday first; the last one given is used for the rest of the week. */
  readonly days?: readonly string[]
}

/** A pharmaceutical list in the national layout. */
export const listCsv = (rows: readonly ListedRow[]): string => `${[LIST_HEADER, ...rows.map(listLine)].join('\n')}\n`

function listLine({
  code,
  name = 'HILL PHARMACY',
  postcode = 'ZZ1 1AA',
  contract = 'Community',
  days = ['09:00-17:30'],
}: ListedRow) {
  const week = Array.from({ length: 7 }, (_, day) => `"${days[Math.min(day, days.length - 1)] ?? ''}",8`)
  return `${code},LEEDS,${name},HILL LTD,1 HIGH STREET, ,LEEDS,,${postcode},${week.join(',')},40,${contract}`
}

export const POSTCODES_CSV = 'postcode,latitude,longitude\nZZ1 1AA,53.8,-1.55\nZZ1 1AB,53.81,-1.56\n'

/** An ODS extract; each row is `code,name,postcode,phone,status,open_date,close_date,subtype,parent,icb,region`. */
export const odsCsv = (rows: readonly string[]): string =>
  `${['ods_code,name,postcode,phone,status,open_date,close_date,subtype,parent_code,icb_ods_code,region_code', ...rows].join('\n')}\n`
