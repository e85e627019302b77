/** Answers a report: under its row lock, by the table of `rules/wrong-reports.ts`, in the audit. */
import { sql } from 'kysely'
import type { Scope } from '#src/accounts/can.ts'
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { Db } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { inScope } from '#src/profiles/match-pharmacies.ts'
import { accepted, type Result } from '#src/rules/problems.ts'
import { decideWrongAct, type WrongAct, type WrongState, wrongTurn } from '#src/rules/wrong-reports.ts'

export type Answering = {
  readonly id: number
  readonly act: WrongAct
  /** What was done; null where one press says it. */
  readonly answer: string | null
  /** As in `audit.actor`. */
  readonly actor: string
  readonly scope: Scope
  readonly now: Date
}

type Row = {
  readonly odsCode: string
  readonly pharmacyName: string
  readonly state: WrongState
  readonly dueAt: string
  readonly email: string | null
}

/**
 * Takes the act, and tells whoever told us what became of it. Undefined: there is no such report within the scope. The
 * address stays until the sweep, because the email is still to be sent.
 */
export function answerReport(db: Db, answering: Answering): Promise<Result<WrongState> | undefined> {
  const { id, act, answer, actor, scope, now } = answering
  const at = now.toISOString()
  return db.transact(async (tx) => {
    const { rows } = await sql<Row>`
      select report.ods_code as "odsCode", profile.name as "pharmacyName", report.state, report.due_at as "dueAt",
        report.reporter_email as email
      from wrong_report report join profile using (ods_code)
      where report.id = ${id} and ods_code in (select ods_code from profile where ${inScope(scope)})
      for update of report`.execute(tx)
    const [row] = rows
    if (!row) return undefined
    const decided = decideWrongAct(act, wrongTurn(row, now))
    if (!decided.ok) return decided
    const state = decided.value
    await tx
      .updateTable('wrong_report')
      .set({ state, answer, answered_at: at, answered_by: actor })
      .where('id', '=', id)
      .execute()
    if (row.email !== null && state !== 'spam') {
      const { odsCode, pharmacyName } = row
      await queueEmail(tx, {
        ...{ kind: 'wrong-answered', recipient: row.email, reportId: id },
        ...{ odsCode, pharmacyName, outcome: state },
      })
    }
    const detail = { odsCode: row.odsCode, state }
    await appendToLedger(tx, at, [
      { actor, action: 'answer-wrong-report', target: `wrong-report:${id}`, detail, changes: [] },
    ])
    return accepted(state)
  })
}
