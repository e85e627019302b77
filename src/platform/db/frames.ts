/**
 * The messages in which a session with the embedded engine travels, to its worker thread or, over the admin channel,
 * from another process. Each question has a number; answers come in any order and carry it.
 */
import { Unavailable } from '../errors.ts'
import { DatabaseError, type DatabaseErrorFacts, factsOf, translateError } from './database-error.ts'
import type { Session, WireResult } from './session.ts'
import type { WireText } from './wire-text.ts'

/** `tx` is the number that `begin` answered with; without it a query is its own transaction. */
export type DbQuestion =
  | { readonly op: 'query'; readonly sql: string; readonly parameters: readonly WireText[]; readonly tx?: number }
  | { readonly op: 'begin' }
  | { readonly op: 'end'; readonly tx: number; readonly commit: boolean }

export type Answer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: DatabaseErrorFacts; readonly unavailable: boolean }

export type Asker<Question> = {
  ask(question: Question): Promise<unknown>
  /** An answer has arrived. Answers nobody waits for are ignored. */
  receive(answer: Answer): void
  /** The other side is gone: whoever waits, and whoever asks from now on, gets `Unavailable`. */
  lose(cause: Error): void
}

/** Pairs questions with their answers over `send`. */
export function createAsker<Question extends object>(
  send: (numbered: Question & { id: number }) => void,
): Asker<Question> {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let lastId = 0
  let lost: Unavailable | undefined
  return {
    ask(question) {
      if (lost) return Promise.reject(lost)
      const id = ++lastId
      const answer = Promise.withResolvers<unknown>()
      waiting.set(id, answer)
      send({ ...question, id })
      return answer.promise
    },
    receive(answer) {
      const waiter = waiting.get(answer.id)
      waiting.delete(answer.id)
      if (answer.ok) waiter?.resolve(answer.value)
      else waiter?.reject(errorOf(answer))
    },
    lose(cause) {
      lost ??= new Unavailable(`The database cannot answer now: ${cause.message}`, { cause })
      for (const waiter of waiting.values()) waiter.reject(lost)
      waiting.clear()
    },
  }
}

/** An error as an answer. */
export function refusal(id: number, error: unknown): Answer {
  const translated = translateError(error)
  const source = translated instanceof Unavailable ? translated.cause : translated
  return { id, ok: false, error: factsOf(source), unavailable: translated instanceof Unavailable }
}

function errorOf({ error, unavailable }: Extract<Answer, { ok: false }>): Error {
  const failed = new DatabaseError(error)
  if (!unavailable) return failed
  return new Unavailable(`The database cannot answer now: ${error.message}`, { cause: failed })
}

/** A session over questions and answers. */
export function sessionOver(asker: Pick<Asker<DbQuestion>, 'ask'>): Session {
  let tx: number | undefined
  const end = async (commit: boolean): Promise<void> => {
    const ending = tx
    tx = undefined
    if (ending !== undefined) await asker.ask({ op: 'end', tx: ending, commit })
  }
  return {
    async query(sql, parameters) {
      const answer = await asker.ask({ op: 'query', sql, parameters, ...(tx === undefined ? {} : { tx }) })
      return answer as WireResult
    },
    async begin() {
      tx = (await asker.ask({ op: 'begin' })) as number
    },
    commit: () => end(true),
    rollback: () => end(false).catch(() => {}),
    release() {},
  }
}
