/** What a pharmacy's hub says of questions, holds and proposals: a line each, with the page where it is settled. */
import type { Queryable } from '#src/platform/db/db.ts'
import { loadUndecided } from '#src/profiles/asked-values.ts'
import { loadHoldsInForce } from '#src/profiles/field-holds.ts'
import { fieldLabel } from '#src/profiles/held-field-words.ts'
import { formatEndIn } from '#src/profiles/names-and-moments.ts'
import { queryStateOf } from '#src/rules/asked-fields.ts'
import { formatDateShort } from '#src/rules/clock-time.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { loadQueriesOf } from './queries.ts'

export type NewsLine = { readonly text: string; readonly address: string }

/** The lines, what waits for the pharmacy first. */
export async function loadPharmacyNews(db: Queryable, odsCode: string, now: Date): Promise<readonly NewsLine[]> {
  const today = londonDateOf(now)
  const queries = await loadQueriesOf(db, odsCode)
  const values = await loadUndecided(db, [odsCode])
  const holds = await loadHoldsInForce(db, [odsCode], now.toISOString())
  const list = `/manage/${odsCode}/queries`
  const nameOf = (field: Parameters<typeof fieldLabel>[0]) => fieldLabel(field, 'community').toLowerCase()
  return [
    ...queries
      .filter(({ turn }) => turn === 'pharmacy')
      .map((query) => ({
        text:
          queryStateOf(query, today) === 'overdue'
            ? `Overdue: a question about ${nameOf(query.field)} was to be answered by ${formatDateShort(query.replyBy)}`
            : `Answer a question about ${nameOf(query.field)} by ${formatDateShort(query.replyBy)}`,
        address: `${list}/${query.id}`,
      })),
    ...values.map((value) => ({
      text: VALUE_TEXTS[value.state === 'conflict' ? 'conflict' : value.kind](nameOf(value.field)),
      address: `${list}/values/${value.id}`,
    })),
    ...holds.map(({ field, endsAt }) => ({
      text: `Held until ${formatEndIn(endsAt)}: ${nameOf(field)}`,
      address: list,
    })),
  ]
}

const VALUE_TEXTS = {
  conflict: (field: string) => `Choose between two values for ${field}`,
  proposal: (field: string) => `A value is proposed for ${field}`,
  waiting: (field: string) => `Your change of ${field} waits`,
}
