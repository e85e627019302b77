/** An address of the pharmaceutical list as lines: four fields, or one text joined with commas. */
import type { CsvRow } from './csv-table.ts'
import { readable } from './readable-words.ts'

type AddressColumn = 'address' | 'address1' | 'address2' | 'address3' | 'address4'

const FIELDS = ['address1', 'address2', 'address3', 'address4'] as const

/** The lines in order; blank fields, a lone space included, are left out. A field keeps the commas inside it. */
export function addressLines(row: CsvRow<AddressColumn>): readonly string[] {
  const joined = row.text('address')
  const lines = joined === '' ? FIELDS.map((field) => row.text(field)) : joined.split(/,\s+/)
  return lines.map(readable).filter((line) => line !== '')
}
