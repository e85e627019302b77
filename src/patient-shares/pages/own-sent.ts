/** `/finder/sent`: what one sent to patients within the last day, and what became of it. View: own-sent.njk */
import type { FastifyInstance } from 'fastify'
import { shareReference } from '#src/emails/patient-share.ts'
import { template } from '#src/platform/views.ts'
import { toLondon } from '#src/rules/london-time.ts'
import { momentWords } from '#src/rules/opening-words.ts'
import { SENT_WITHIN_MS } from '../deliver-share.ts'
import { loadOwnShares, type OwnShare } from '../own-shares.ts'
import { type ShareDeps, sharingActor } from './share-deps.ts'

type Row = {
  readonly name: string
  readonly to: string
  readonly when: string
  readonly reference: string
  readonly state: { readonly text: string; readonly colour: string; readonly next: string | null }
  readonly again: string
}
type View = {
  readonly title: string
  readonly done: boolean
  readonly rows: readonly Row[]
  /** Where messages are read that do not leave this machine. */
  readonly read: readonly { readonly text: string; readonly href: string }[]
}

const render = template<View>('patient-shares/pages/own-sent.njk')

/** Mounts the page. */
export function ownSentPage(app: FastifyInstance, deps: ShareDeps): void {
  app.get('/finder/sent', async (request, reply) => {
    const actor = sharingActor(request)
    const now = deps.clock.now()
    const shares = await loadOwnShares(deps.db.pool, actor.personId, now)
    const { mailboxHref, phoneHref } = deps
    return render(reply.header('cache-control', 'no-store'), {
      title: 'What you sent to patients',
      done: (request.query as Readonly<Record<string, unknown>>)['done'] === 'yes',
      rows: shares.map((share) => rowOf(share, now)),
      read: [
        ...(mailboxHref === null ? [] : [{ text: 'Emails that did not leave this machine', href: mailboxHref }]),
        ...(phoneHref === null ? [] : [{ text: 'Text messages that did not leave it', href: phoneHref }]),
      ],
    })
  })
}

const rowOf = (share: OwnShare, now: Date): Row => ({
  name: share.name,
  to: share.means === 'email' ? `Email to ${share.shownAs}` : `Text message to ${share.shownAs}`,
  when: whenWords(share.askedAt, now),
  reference: shareReference(share.id),
  state: stateOf(share, now),
  again: `/finder/services/${share.uid}/send`,
})

function whenWords(instant: string, now: Date): string {
  const [at, today] = [toLondon(new Date(instant)), toLondon(now)]
  return at.day === today.day - 1 ? momentWords(at, at).replace(/today$/, 'yesterday') : momentWords(at, today)
}

function stateOf({ outcome, tries, askedAt, means }: OwnShare, now: Date): Row['state'] {
  if (outcome === 'sent') return { text: 'Sent', colour: 'green', next: null }
  if (outcome === 'refused') {
    const what =
      means === 'email' ? 'The mail server refused the address.' : 'The number cannot be sent a text message.'
    return { text: 'Not sent', colour: 'red', next: `${what} Check it with the patient.` }
  }
  if (outcome === 'gave-up' || now.getTime() - Date.parse(askedAt) >= SENT_WITHIN_MS) {
    return {
      text: 'Not sent',
      colour: 'red',
      next: 'It could not be sent in 5 hours. Send it again, or ring the patient.',
    }
  }
  if (tries > 0)
    return { text: 'Trying again', colour: 'orange', next: 'It could not be sent yet. We keep trying for 5 hours.' }
  return { text: 'On its way', colour: 'blue', next: null }
}
