/**
 * `/closure-emails/LISTENER/KEY`: where the links of emails about closures lead: say yes to them, or stop them. Nobody need
 * be signed in: who has the link reads the mailbox. Looking changes nothing. View: closure-emails.njk
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'
import { fieldsOf, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import { milesInWords } from '#src/rules/distance.ts'
import { confirmListener, endListener, isListenerKey, type Listener, loadListener } from './listeners.ts'

export type ClosureEmailsDeps = {
  readonly db: Db
  readonly clock: Clock
  /** As in the emails (`EmailSecrets`). */
  readonly linkKeyOf: (keyId: string) => string
}

type View = {
  readonly title: string
  readonly paragraphs: readonly string[]
  readonly buttons: readonly { readonly act: string; readonly text: string; readonly isMain: boolean }[]
  readonly action: string
}

const PATH = '/closure-emails/:listenerId/:key'
const render = template<View>('closures/notices/closure-emails.njk')

/** Mounts the page, in a scope that needs no sign-in. */
export function closureEmailsPages(app: FastifyInstance, deps: ClosureEmailsDeps): void {
  app.get(PATH, async (request, reply) => {
    const found = await listenerOf(deps, request)
    return found ? await show(reply, deps, found) : lost(reply)
  })
  app.post(PATH, async (request, reply) => {
    const found = await listenerOf(deps, request)
    if (!found) return lost(reply)
    const act = rawIn(fieldsOf(request.body), 'act')
    const { id } = found.listener
    if (act === 'yes') await confirmListener(deps.db.pool, id, deps.clock.now())
    if (act === 'stop') await endListener(deps.db.pool, id, { how: 'stopped', now: deps.clock.now() })
    return reply.redirect(found.action, 303)
  })
}

type FoundListener = { readonly listener: Listener; readonly action: string }

async function listenerOf(deps: ClosureEmailsDeps, request: FastifyRequest): Promise<FoundListener | undefined> {
  const { listenerId, key } = request.params as { listenerId: string; key: string }
  const id = /^[1-9]\d{0,9}$/.test(listenerId) ? Number(listenerId) : 0
  if (!isListenerKey(key, id, deps.linkKeyOf)) return undefined
  const listener = await loadListener(deps.db.pool, id)
  return listener && { listener, action: `/closure-emails/${id}/${key}` }
}

async function show(
  reply: FastifyReply,
  { db }: ClosureEmailsDeps,
  { listener, action }: FoundListener,
): Promise<FastifyReply> {
  const what = await whatOf(db, listener)
  reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer')
  if (listener.endedAt) {
    return render(reply, {
      title: 'You get none of these emails',
      paragraphs: [`We do not send ${listener.email} an email ${what}.`],
      buttons: listener.stopped ? [{ act: 'yes', text: 'Send these emails', isMain: false }] : [],
      action,
    })
  }
  if (listener.confirmedAt) {
    return render(reply, {
      title: 'You get these emails',
      paragraphs: [`We send ${listener.email} an email ${what}.`],
      buttons: [{ act: 'stop', text: 'Stop these emails', isMain: false }],
      action,
    })
  }
  return render(reply, {
    title: 'Do you want these emails?',
    paragraphs: [`Somebody asked that ${listener.email} gets an email ${what}.`, 'You can stop them at any time.'],
    buttons: [
      { act: 'yes', text: 'Yes, send these emails', isMain: true },
      { act: 'stop', text: 'No, do not ask again', isMain: false },
    ],
    action,
  })
}

async function whatOf(db: Db, { kind, odsCode, withinMetres }: Listener): Promise<string> {
  const name = (await loadProfile(db.pool, odsCode))?.profile.name ?? odsCode
  return kind === 'surgery'
    ? `when ${name} (${odsCode}) closes or reopens`
    : `when a pharmacy within ${milesInWords(withinMetres ?? 0)} of ${name} (${odsCode}) closes or reopens`
}

const lost = (reply: FastifyReply): FastifyReply =>
  render(reply.code(404), {
    title: 'This link does not work',
    paragraphs: ['It may be cut off. Copy the whole link from the email, or use the link in a newer email.'],
    buttons: [],
    action: '',
  })
