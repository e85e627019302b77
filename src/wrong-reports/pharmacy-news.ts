/** What a pharmacy's hub says of reports that wait for it. */
import type { Queryable } from '#src/platform/db/db.ts'
import { loadReportsOf } from './report-records.ts'

/** A line where something waits; none otherwise. */
export async function loadWrongNews(
  db: Queryable,
  odsCode: string,
): Promise<readonly { readonly text: string; readonly address: string }[]> {
  const { open } = await loadReportsOf(db, odsCode)
  if (open.length === 0) return []
  const times = open.length === 1 ? 'Somebody says' : `People say ${open.length} times`
  return [{ text: `${times} that the public page is wrong: answer`, address: `/manage/${odsCode}/wrong-reports` }]
}
