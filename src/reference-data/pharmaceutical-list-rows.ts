/** Rows of the Consolidated Pharmaceutical List, in the layouts in which it is published. Pure. */
import type { ProfileKind } from '#src/profiles/profile.ts'
import { hasFillDownFault, parseListedHours } from '#src/rules/listed-hours.ts'
import { WEEKDAYS } from '#src/rules/london-time.ts'
import { parsePharmacyCode } from '#src/rules/ods-code.ts'
import type { DayHours, WeeklyHours } from '#src/rules/opening-times.ts'
import { type Postcode, parsePostcode } from '#src/rules/postcode.ts'
import { addressLines } from './address-lines.ts'
import type { CsvLayout, CsvRow } from './csv-table.ts'
import { readable, tidy } from './readable-words.ts'

export type ListColumn =
  | 'code'
  | 'board'
  | 'name'
  | 'owner'
  | 'address'
  | 'address1'
  | 'address2'
  | 'address3'
  | 'address4'
  | 'postcode'
  | 'contract'
  | (typeof WEEKDAYS)[number]

/** What the list says of a pharmacy. */
export type ListedPharmacy = {
  readonly odsCode: string
  readonly name: string
  /** Null where the layout does not say. */
  readonly ownerName: string | null
  /** Null where the layout does not say. */
  readonly kind: Extract<ProfileKind, 'community' | 'appliance' | 'lps'> | null
  readonly addressLines: readonly string[]
  readonly postcode: Postcode
  readonly healthAndWellbeingBoard: string | null
  /** A day that was refused is null. So is every day of an appliance contractor, which has no public hours. */
  readonly weekly: WeeklyHours
}

export type ListRow = {
  /** Undefined when the row is refused as a whole. */
  readonly pharmacy: ListedPharmacy | undefined
  /** Why the row, or a day of it, was refused. */
  readonly reasons: readonly string[]
  readonly refusedDays: number
  /** Worth a look, and stored as it stands. */
  readonly warnings: readonly string[]
}

const dayColumns = (prefix: string) =>
  Object.fromEntries(WEEKDAYS.map((day) => [day, [`${prefix}_${day}`]])) as Record<(typeof WEEKDAYS)[number], string[]>

const NO_COLUMN: readonly string[] = []

/** NHS Business Services Authority, England, 25 columns; the six totals are not read, because some are wrong. */
export const NATIONAL_LAYOUT: CsvLayout<ListColumn> = {
  name: 'the Consolidated Pharmaceutical List',
  columns: {
    code: ['PHARMACY_ODS_CODE_F_CODE', 'PHARMACY_ODS_CODE'],
    board: ['HEALTH_AND_WELLBEING_BOARD'],
    name: ['PHARMACY_TRADING_NAME'],
    owner: ['ORGANISATION_NAME'],
    address: NO_COLUMN,
    address1: ['ADDRESS_FIELD_1'],
    address2: ['ADDRESS_FIELD_2'],
    address3: ['ADDRESS_FIELD_3'],
    address4: ['ADDRESS_FIELD_4'],
    postcode: ['POST_CODE', 'POSTCODE'],
    ...dayColumns('PHARMACY_OPENING_HOURS'),
    contract: ['CONTRACT_TYPE'],
  },
  required: [
    'code',
    'board',
    'name',
    'owner',
    'address1',
    'address2',
    'address3',
    'address4',
    'postcode',
    ...WEEKDAYS,
    'contract',
  ],
}

/** Greater Manchester's extract: a part of England only, without contract types. */
export const PARTIAL_LAYOUT: CsvLayout<ListColumn> = {
  name: 'its Greater Manchester extract',
  columns: {
    code: ['organisation_data_service_code'],
    board: ['health_and_wellbeing_board'],
    name: ['pharmacy_name'],
    owner: NO_COLUMN,
    address: ['address'],
    address1: NO_COLUMN,
    address2: NO_COLUMN,
    address3: NO_COLUMN,
    address4: NO_COLUMN,
    postcode: ['postcode'],
    ...dayColumns('opening_hours'),
    contract: NO_COLUMN,
  },
  required: ['code', 'name', 'address', 'postcode', ...WEEKDAYS],
}

const CONTRACTS: Readonly<Record<string, ListedPharmacy['kind']>> = {
  COMMUNITY: 'community',
  DAC: 'appliance',
  LPS: 'lps',
}

const FILL_DOWN_WARNING =
  'Monday to Friday each close one minute after the day before, as when a spreadsheet fills a column downwards'

/** Reads one row. Each day is refused for itself; without a code, a name, a postcode or a known contract, the whole row. */
export function parseListRow(row: CsvRow<ListColumn>, layout: CsvLayout<ListColumn>): ListRow {
  if (row.damage !== undefined) return refusedRow([row.damage])
  const odsCode = parsePharmacyCode(row.text('code'))
  const name = readable(row.text('name'))
  const postcode = parsePostcode(row.text('postcode'))
  const kind = contractOf(row, layout)
  if (odsCode === undefined || name === '' || postcode === undefined || kind === undefined) {
    return refusedRow(rowFaults(row, { odsCode, name, postcode, kind }))
  }
  const days = kind === 'appliance' ? WEEKDAYS.map(() => null) : WEEKDAYS.map((day) => parseListedHours(row.text(day)))
  const weekly: WeeklyHours = days.map((day): DayHours => (day?.ok ? day.value : null))
  const reasons = days.flatMap((day, index) =>
    day === null || day.ok ? [] : [`${capital(WEEKDAYS[index as 0])}: ${day.problems[0]?.message ?? 'not hours'}`],
  )
  return {
    pharmacy: {
      odsCode,
      name,
      postcode,
      kind,
      weekly,
      ownerName: tidy(row.text('owner')) || null,
      addressLines: addressLines(row),
      healthAndWellbeingBoard: readable(row.text('board')) || null,
    },
    reasons,
    refusedDays: reasons.length,
    warnings: hasFillDownFault(weekly) ? [FILL_DOWN_WARNING] : [],
  }
}

const refusedRow = (reasons: readonly string[]): ListRow => ({
  pharmacy: undefined,
  reasons,
  refusedDays: 0,
  warnings: [],
})

/** Undefined when the contract is none that we know; null where the layout does not state contracts. */
function contractOf(row: CsvRow<ListColumn>, layout: CsvLayout<ListColumn>): ListedPharmacy['kind'] | undefined {
  return layout.required.includes('contract') ? CONTRACTS[tidy(row.text('contract')).toUpperCase()] : null
}

function rowFaults(
  row: CsvRow<ListColumn>,
  read: { odsCode: unknown; name: string; postcode: unknown; kind: unknown },
): readonly string[] {
  const quoted = (column: ListColumn) => `“${tidy(row.text(column)).slice(0, 40)}”`
  return [
    ...(read.odsCode === undefined
      ? [`${quoted('code')} is not the ODS code of a pharmacy, five letters and digits`]
      : []),
    ...(read.name === '' ? ['there is no trading name'] : []),
    ...(read.postcode === undefined ? [`${quoted('postcode')} is not a postcode`] : []),
    ...(read.kind === undefined ? [`${quoted('contract')} is not a contract type we know (Community, DAC, LPS)`] : []),
  ]
}

const capital = (day: string): string => day.charAt(0).toUpperCase() + day.slice(1)
