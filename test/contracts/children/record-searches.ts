// Records a search every millisecond, says the number of each, and waits to be killed.
import { openDb } from '#src/platform/db/open-db.ts'
import { createLog } from '#src/platform/log.ts'
import { createSearchAudit } from '#src/urgent-care/search-audit.ts'
import { aSearch } from '#test/support/searches.ts'

const [databaseUrl, dataDir = ''] = process.argv.slice(2)
const log = createLog('warn')
const audit = createSearchAudit(await openDb({ databaseUrl: databaseUrl || undefined, dataDir, log }), { log })
let number = 0
setInterval(() => {
  number += 1
  audit.record(aSearch({ caseRef: String(number), durationMicros: Math.round(performance.now()) }))
  console.log(`${number} ${Math.round(performance.now())}`)
}, 1)
