import { csvLine } from '#src/platform/csv-line.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { dayOf, instantOf, type LocalDate, parseLocalDate, parseLondonMinute } from '#src/rules/london-time.ts'
import { gapsBetween } from '#src/urgent-care/find-gaps.ts'
import { type FoundSearch, findSearches, type SearchLookUp } from '#src/urgent-care/find-searches.ts'
import { type Command, UsageProblem } from './command.ts'

const NONE = { least: 0, most: 0 }
const SEARCHES_AT_A_TIME = 500
const MINUTE_MS = 60_000

/** What programs searched for, for a support call. */
export const searchesCommand: Command = {
  name: 'searches',
  usage: '[--case-ref TEXT] [--username NAME] [--transaction ID] [--from TIME] [--to TIME] [--include-tests]',
  description: 'what programs searched for and got, newest first, as CSV; TIME is 2026-12-11 or 2026-12-11T10:34',
  values: NONE,
  options: ['case-ref', 'username', 'transaction', 'from', 'to'],
  flags: ['include-tests'],
  async run({ withDb, print }, { options, flags }) {
    const lookUp: SearchLookUp = {
      caseText: options['case-ref'] ?? null,
      username: options['username'] ?? null,
      transactionId: options['transaction'] ?? null,
      from: options['from'] === undefined ? null : startOf('from', options['from']),
      until: options['to'] === undefined ? null : endOf('to', options['to']),
      withTests: flags.has('include-tests'),
    }
    await withDb(async (db) => {
      print(SEARCH_COLUMNS.join(','))
      for await (const search of allSearches(db.pool, lookUp)) print(csvLine(cellsOf(search)).trimEnd())
    })
    return 0
  },
}

/** Near misses, for commissioners. */
export const gapsCommand: Command = {
  name: 'gaps',
  usage: '--from DAY --to DAY',
  description: 'services that live searches missed by one test alone, as CSV; DAY is 2026-12-11, both days included',
  values: NONE,
  options: ['from', 'to'],
  async run({ withDb, print }, { options: { from, to } }) {
    if (from === undefined || to === undefined) throw new UsageProblem('gaps needs --from DAY and --to DAY')
    const [first, last] = [dateIn('from', from), dateIn('to', to)]
    await withDb(async (db) => {
      print('day,uid,name,test,symptom_group,searches')
      for await (const gaps of gapsBetween(db, first, last)) {
        for (const { day, uid, name, test, symptomGroup, searches } of gaps) {
          print(csvLine([day, String(uid), name ?? '', test, String(symptomGroup), String(searches)]).trimEnd())
        }
      }
    })
    return 0
  },
}

const SEARCH_COLUMNS = [
  ...['at', 'username', 'api', 'version', 'operation', 'transaction_id', 'case_ref', 'case_id', 'kind'],
  ...['postcode_sector', 'parameters', 'outcome', 'uids', 'duration_micros'],
]

async function* allSearches(db: Queryable, lookUp: SearchLookUp): AsyncGenerator<FoundSearch> {
  let before: number | undefined
  do {
    const found = await findSearches(db, lookUp, { limit: SEARCHES_AT_A_TIME, before })
    yield* found
    before = found.length === SEARCHES_AT_A_TIME ? found.at(-1)?.id : undefined
  } while (before !== undefined)
}

const cellsOf = (search: FoundSearch): readonly string[] => [
  ...[search.at, search.username, search.api, search.version, search.operation, search.transactionId ?? ''],
  ...[search.caseRef ?? '', search.caseId ?? '', search.kind, search.postcodeSector ?? ''],
  ...[JSON.stringify(search.parameters), search.outcome, search.uids.join(' '), String(search.durationMicros)],
]

function startOf(option: string, text: string): Date {
  const minute = parseLondonMinute(text)
  return instantOf(minute ?? { day: dayOf(dateIn(option, text)), minute: 0 })
}

/** The end of what is named: of the minute, or of the day. */
function endOf(option: string, text: string): Date {
  const minute = parseLondonMinute(text)
  if (minute) return new Date(instantOf(minute).getTime() + MINUTE_MS)
  return instantOf({ day: dayOf(dateIn(option, text)) + 1, minute: 0 })
}

function dateIn(option: string, text: string): LocalDate {
  const date = parseLocalDate(text)
  if (!date) throw new UsageProblem(`--${option} "${text}" is not a day, such as 2026-12-11`)
  return date
}
