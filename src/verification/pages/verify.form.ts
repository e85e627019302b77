/** The form that verifies a receipt: what was pasted or uploaded, as text. No I/O. */
import { accepted, type Result, refused } from '#src/rules/problems.ts'

/** The longest receipt that we read; a real one has some kilobytes. */
export const LARGEST_RECEIPT_BYTES = 262_144

/** The text of the receipt: of the file where one was chosen, otherwise what was pasted. */
export function readVerifyForm(body: unknown): Result<string> {
  const { file, receipt } = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>
  const uploaded = Buffer.isBuffer(file) ? file.toString('utf8') : ''
  const text = uploaded.trim() === '' && typeof receipt === 'string' ? receipt : uploaded
  if (text.trim() !== '') return accepted(text)
  return refused({ field: 'receipt', code: 'missing', message: 'Choose the file of a receipt, or paste what is in it' })
}
