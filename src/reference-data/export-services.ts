/** `export services`: every DoS service in the interchange format, as `import services` took it. */
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { Db } from '#src/platform/db/db.ts'
import type { Progress } from './import-summary.ts'
import { writeServiceLine } from './service-lines.ts'

const PAGE = 500

/**
 * Writes the services by uid, one a line, and answers with their number. The file appears when it is whole. Rejects with
 * the error of the file system where it cannot be written.
 */
export async function exportServices(path: string, db: Db, progress: Progress): Promise<number> {
  const partial = `${path}.partial`
  const written = { services: 0 }
  try {
    await pipeline(serviceLines(db, progress, written), createWriteStream(partial))
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
  return written.services
}

async function* serviceLines(db: Db, progress: Progress, written: { services: number }): AsyncGenerator<string> {
  for (let after = 0; ; ) {
    const rows = await db.pool
      .selectFrom('service')
      .select(['uid', 'record'])
      .where('uid', '>', after)
      .orderBy('uid')
      .limit(PAGE)
      .execute()
    if (rows.length > 0)
      yield rows.map((row) => `${JSON.stringify(writeServiceLine(row.record as ServiceRecord))}\n`).join('')
    written.services += rows.length
    progress('services written', written.services)
    const last = rows.at(-1)
    if (!last || rows.length < PAGE) return
    after = last.uid
  }
}
