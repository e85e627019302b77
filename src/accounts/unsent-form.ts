/**
 * A form that was sent after its session had ended: kept for whoever's session it was, who finds it after signing in and
 * sends it, or throws it away. Nothing is done in the meantime. Forms of a profile have drafts of their own.
 * View: unsent-form.njk
 */
import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { NotFound } from '#src/platform/errors.ts'
import { template } from '#src/platform/views.ts'
import { requireActor } from './actor.ts'
import { parseReturnPath } from './return-path.ts'
import { personWhoLeft, type SessionDeps } from './session-cookie.ts'

const KIND = 'unsent-form'
/** Longer than any form of ours. */
const LONGEST_CONTENT = 60_000
/** Fields that are good for minutes only, or for the page they stand on. */
const NOT_KEPT = ['_csrf']
const NEVER_KEPT = ['code', 'file', 'patient-email', 'patient-mobile']

type Kept = {
  readonly action: string
  /** The page that the form stood on, or the nearest there is. */
  readonly page: string
  readonly fields: readonly (readonly [name: string, value: string])[]
}

const render = template<Kept & { readonly title: string; readonly id: string }>('accounts/unsent-form.njk')

/** Whether a request is a form that can be kept: text fields, sent by a browser that was signed in. */
export const isKeepableForm = (request: FastifyRequest): boolean =>
  request.method === 'POST' && (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')

/** Keeps the form of this request; the address where its person finds it again. Undefined when it cannot be kept. */
export async function keepUnsentForm(
  request: FastifyRequest,
  deps: SessionDeps,
  page: string,
): Promise<string | undefined> {
  const body = Object.entries((request.body ?? {}) as Record<string, unknown>)
  const fields = body.flatMap(([name, value]) =>
    [value].flat().flatMap((each) => (typeof each === 'string' ? [[name, each] as const] : [])),
  )
  const action = parseReturnPath(request.url)
  const personId = await personWhoLeft(request, deps)
  if (!action || personId === undefined || fields.some(([name]) => NEVER_KEPT.includes(name))) return undefined
  const content: Kept = { action, page, fields: fields.filter(([name]) => !NOT_KEPT.includes(name)) }
  const text = JSON.stringify(content).toWellFormed()
  if (text.length > LONGEST_CONTENT || text.includes('\\u0000')) return undefined
  const id = randomBytes(20).toString('hex')
  await deps.db.pool
    .insertInto('draft')
    .values({
      id,
      person_id: personId,
      ods_code: '',
      kind: KIND,
      content: text,
      saved_at: deps.clock.now().toISOString(),
    })
    .execute()
  return `/account/unsent/${id}`
}

/** Mounts the page of a kept form. */
export function unsentFormPages(signedIn: FastifyInstance, { db }: SessionDeps): void {
  const draftOf = (request: FastifyRequest) => {
    const { id } = request.params as { id: string }
    return { id, person_id: requireActor(request).personId, kind: KIND }
  }
  signedIn.get('/account/unsent/:id', async (request, reply) => {
    const { id, person_id, kind } = draftOf(request)
    const row = await db.pool
      .selectFrom('draft')
      .select('content')
      .where('id', '=', id)
      .where('person_id', '=', person_id)
      .where('kind', '=', kind)
      .executeTakeFirst()
    if (!row) throw new NotFound('This form was thrown away, or is kept for somebody else')
    return render(reply, { ...(row.content as Kept), title: 'You were signed out before this was sent', id })
  })
  signedIn.post('/account/unsent/:id/discard', async (request, reply) => {
    const { id, person_id, kind } = draftOf(request)
    const row = await db.pool
      .deleteFrom('draft')
      .where('id', '=', id)
      .where('person_id', '=', person_id)
      .where('kind', '=', kind)
      .returning('content')
      .executeTakeFirst()
    return reply.redirect(row ? (row.content as Kept).page : '/manage', 303)
  })
}
