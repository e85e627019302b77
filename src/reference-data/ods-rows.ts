/** Rows of an ODS extract of pharmacies. Pure. */
import { type LocalDate, parseLocalDate } from '#src/rules/london-time.ts'
import { parseOdsCode } from '#src/rules/ods-code.ts'
import { parsePostcode, postcodeKey } from '#src/rules/postcode.ts'
import type { CsvLayout, CsvRow } from './csv-table.ts'
import { tidy } from './readable-words.ts'
import type { OdsRecord, OdsStatus } from './reference-store.ts'

export type OdsColumn =
  | 'code'
  | 'name'
  | 'postcode'
  | 'phone'
  | 'status'
  | 'opened'
  | 'closed'
  | 'subtype'
  | 'parent'
  | 'icb'
  | 'region'

export const ODS_LAYOUT: CsvLayout<OdsColumn> = {
  name: 'an ODS extract',
  columns: {
    code: ['ods_code', 'organisation_code', 'code'],
    name: ['name', 'organisation_name'],
    postcode: ['postcode', 'post_code'],
    phone: ['phone', 'telephone', 'contact_telephone_number'],
    status: ['status', 'status_code', 'organisation_status_code'],
    opened: ['open_date'],
    closed: ['close_date'],
    subtype: ['subtype', 'organisation_sub_type_code'],
    parent: ['parent_code', 'parent_organisation_code'],
    icb: ['icb_ods_code', 'icb_code', 'high_level_health_geography'],
    region: ['region_code', 'nhs_region_code', 'national_grouping'],
  },
  required: ['code', 'name', 'postcode', 'status', 'opened', 'closed'],
}

export type OdsReading =
  | { readonly ok: true; readonly record: OdsRecord }
  | { readonly ok: false; readonly reasons: readonly string[] }

const STATUSES: readonly string[] = ['A', 'C', 'P'] satisfies OdsStatus[]

/** Reads one row; refuses it whole when any value is wrong, because each of them decides about the others. */
export function parseOdsRow(row: CsvRow<OdsColumn>): OdsReading {
  if (row.damage !== undefined) return { ok: false, reasons: [row.damage] }
  const odsCode = parseOdsCode(row.text('code'))
  const status = tidy(row.text('status')).toUpperCase()
  const opened = optionalDate(row.text('opened'))
  const closed = optionalDate(row.text('closed'))
  const reasons = [
    ...(odsCode === undefined ? [`“${row.text('code').slice(0, 20)}” is not an ODS code`] : []),
    ...(tidy(row.text('name')) === '' ? ['there is no name'] : []),
    ...(STATUSES.includes(status) ? [] : [`the status “${status.slice(0, 20)}” is not A, C or P`]),
    ...(opened === undefined ? [`the open date “${row.text('opened').slice(0, 20)}” is not a date`] : []),
    ...(closed === undefined ? [`the close date “${row.text('closed').slice(0, 20)}” is not a date`] : []),
  ]
  if (odsCode === undefined || opened === undefined || closed === undefined || reasons.length > 0) {
    return { ok: false, reasons }
  }
  return {
    ok: true,
    record: {
      odsCode,
      name: tidy(row.text('name')),
      postcode: parsePostcode(row.text('postcode')) ?? null,
      phone: textOrNull(row.text('phone')),
      status: status as OdsStatus,
      openedOn: opened,
      closedOn: closed,
      subtype: textOrNull(row.text('subtype')),
      parentCode: textOrNull(row.text('parent')),
      icbOdsCode: textOrNull(row.text('icb')),
      regionCode: textOrNull(row.text('region')),
    },
  }
}

const textOrNull = (text: string): string | null => tidy(text) || null

/** ISO dates, or the `20240131` of the ODS itself; null when blank, undefined when it is no date. */
function optionalDate(text: string): LocalDate | null | undefined {
  const tidied = tidy(text)
  if (tidied === '') return null
  return parseLocalDate(tidied.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3'))
}

/** A pharmacy that follows a closed one: the same place, opened within a month of the closure, before or after. */
export const SUCCESSION_DAYS = 31

/** The organisations that seem to carry on a closed one's work: see `SUCCESSION_DAYS`. By the closed one's code. */
export function findSuccessors(records: readonly OdsRecord[]): ReadonlyMap<string, readonly OdsRecord[]> {
  const byPostcode = Map.groupBy(records, ({ postcode }) => (postcode === null ? '' : postcodeKey(postcode)))
  byPostcode.delete('')
  const found = records
    .filter(({ status }) => status === 'C')
    .map((closed) => {
      const neighbours = byPostcode.get(closed.postcode === null ? '' : postcodeKey(closed.postcode)) ?? []
      return [closed.odsCode, neighbours.filter((other) => follows(other, closed))] as const
    })
  return new Map(found.filter(([, successors]) => successors.length > 0))
}

function follows(other: OdsRecord, closed: OdsRecord): boolean {
  if (other.odsCode === closed.odsCode || other.openedOn === null || closed.closedOn === null) return false
  const days = (Date.parse(other.openedOn) - Date.parse(closed.closedOn)) / 86_400_000
  return other.status !== 'C' && Math.abs(days) <= SUCCESSION_DAYS
}
