/** The verification report as a spreadsheet (XLSX): every pharmacy, the days of the quarter, what came late, and its proof. */
import type { FinancialQuarter } from '#src/rules/financial-quarter.ts'
import type { DayOfQuarter } from './by-day.ts'
import type { LatePharmacy } from './frozen-quarters.ts'
import { type Seal, VERIFICATION_COLUMNS, type VerifiedPharmacy, verificationCells } from './verification.ts'

export type VerificationFile = {
  readonly quarter: FinancialQuarter
  /** In words. */
  readonly area: string
  /** UTC ISO text. */
  readonly madeAt: string
  readonly pharmacies: readonly VerifiedPharmacy[]
  readonly days: readonly DayOfQuarter[]
  readonly late: readonly LatePharmacy[]
  readonly seal: Seal
}

type Cell =
  | { readonly value: string; readonly type: typeof String }
  | { readonly value: number; readonly type: typeof Number }

/** Text is written as text, never as a formula: a spreadsheet shows `=1+1` and does not run it. */
const cellOf = (value: string | number): Cell =>
  typeof value === 'number' ? { value, type: Number } : { value, type: String }

/** Makes the file. */
export async function verificationBook(file: VerificationFile): Promise<Buffer> {
  const { default: writeExcelFile } = await import('write-excel-file/node')
  const { quarter, area, madeAt, pharmacies, days, late, seal } = file
  const sheet = (name: string, rows: readonly (readonly (string | number)[])[]) => ({
    sheet: name,
    data: rows.map((cells) => cells.map(cellOf)),
  })
  const complete = pharmacies.filter(({ isComplete }) => isComplete).length
  return await writeExcelFile([
    sheet('Pharmacies', [
      VERIFICATION_COLUMNS,
      ...pharmacies.map((pharmacy) => verificationCells(quarter, pharmacy, seal)),
    ]),
    sheet('By day', [
      ['date', 'complete', 'percent'],
      ...days.map(({ date, complete: done, percent }) => [date, done, percent]),
    ]),
    sheet('Late', [
      ['odsCode', 'name', 'icb', 'lateAt'],
      ...late.map(({ odsCode, name, icb, lateAt }) => [odsCode, name, icb ?? '', lateAt]),
    ]),
    sheet('About', [
      ['Quarter', quarter.name],
      ['Area', area],
      ['Pharmacies', pharmacies.length],
      ['Checked everything', complete],
      ['Frozen at', seal.frozenAt ?? 'Not frozen: the figures of the moment when this file was made'],
      ['Root hash of the frozen report of England', seal.rootHash ?? ''],
      ['This file was made at', madeAt],
    ]),
  ]).toBuffer()
}
