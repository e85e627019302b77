/**
 * Email to the service desk: the mail system of the installation hands each message over as it is (RFC 5322), with a
 * secret. A reply that carries its ticket's token goes into the thread; anything else a person wrote is a new ticket.
 */
import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { isSame, ticketNamedIn, withoutKeys } from '#src/emails/ticket-link.ts'
import { parseEmail } from '#src/rules/contact-details.ts'
import { actAsRequester, noteAutomatic } from './act-on-ticket.ts'
import { type HelpDeskDeps, keyOf } from './desk-deps.ts'
import { type ReadMail, readMail } from './mail-words.ts'
import { raiseTicket } from './raise-ticket.ts'
import { tidyMessage } from './typed-words.ts'

export const INTAKE = '/api/help-desk/email'
const LARGEST_BYTES = 10_485_760
const NAME_LENGTH = 100

/** What became of an email. `automatic` is never answered; `ignored` is our own, or names nobody to answer. */
type Outcome = 'raised' | 'added' | 'reopened' | 'repeat' | 'automatic' | 'ignored' | 'limited'
type Answer = { readonly outcome: Outcome; readonly ticket: number | null }

export type IntakeDeps = HelpDeskDeps & {
  /** What the mail system proves itself with; null: no email is taken. */
  readonly mailToken: string | null
  /** Who our own emails are from. */
  readonly mailFrom: string
}

/** Mounts the intake, in a scope without sessions; where it is off there is no such address. */
export function mailIntake(app: FastifyInstance, deps: IntakeDeps): void {
  const { mailToken } = deps
  if (mailToken === null) return
  app.register((scope, _options, done) => {
    scope.addContentTypeParser(
      'message/rfc822',
      { parseAs: 'buffer', bodyLimit: LARGEST_BYTES },
      (_request, body, parsed) => parsed(null, body),
    )
    scope.post(INTAKE, { bodyLimit: LARGEST_BYTES }, async (request, reply) => {
      const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
      if (!isSame(hash(given), hash(mailToken))) {
        return reply.code(401).header('www-authenticate', 'Bearer').send({ error: 'Send the secret of the intake' })
      }
      if (!(request.body instanceof Uint8Array)) {
        return reply.code(415).send({ error: 'Send the message as it is, as message/rfc822' })
      }
      const mail = await readMail(request.body)
      if (!mail) return reply.code(422).send({ error: 'This is not an email that can be read' })
      return takeMail(deps, mail, request.body)
    })
    done()
  })
}

/** Takes one email. The same one again changes nothing. */
export async function takeMail(deps: IntakeDeps, mail: ReadMail, raw: Uint8Array): Promise<Answer> {
  const sender = mail.from && parseEmail(mail.from.address)
  if (!sender?.ok || isOurs(deps, sender.value)) return { outcome: 'ignored', ticket: null }
  const mailId = mail.messageId ?? `content ${hash(raw)}`
  const number = ticketNamedIn(mail.mayName, (each) => keyOf(deps, each))
  const words = wordsOf(mail, number === undefined)
  if (number === undefined) {
    if (mail.isAutomatic) return { outcome: 'automatic', ticket: null }
    return await raiseByMail(deps, { mail, email: sender.value, words, mailId })
  }
  const now = deps.clock.now()
  if (mail.isAutomatic) {
    const isNoted = await noteAutomatic(deps, { number, words, mailId }, now)
    return { outcome: 'automatic', ticket: isNoted ? number : null }
  }
  // A ticket that takes no more words: whoever wrote gets another one.
  const follows = `This follows ticket ${number}.\n\n${words}`
  return (
    (await addToTicket(deps, { number, words, mailId }, now)) ??
    (await raiseByMail(deps, { mail, email: sender.value, words: follows, mailId }))
  )
}

type ByMail = { readonly mail: ReadMail; readonly email: string; readonly words: string; readonly mailId: string }

async function raiseByMail(deps: IntakeDeps, { mail, email, words, mailId }: ByMail): Promise<Answer> {
  const raised = await raiseTicket(deps, {
    channel: 'email',
    category: 'other',
    about: '',
    words,
    name: tidyMessage(mail.from?.name ?? '').slice(0, NAME_LENGTH) || email,
    email,
    requester: null,
    address: null,
    mailId,
  })
  if (raised === 'limit') return { outcome: 'limited', ticket: null }
  return raised === 'repeat' ? { outcome: 'repeat', ticket: null } : { outcome: 'raised', ticket: raised.number }
}

/** Undefined when the ticket takes it no more: closed for too long, or its requester is forgotten. */
async function addToTicket(
  deps: IntakeDeps,
  { number, words, mailId }: { readonly number: number; readonly words: string; readonly mailId: string },
  now: Date,
): Promise<Answer | undefined> {
  for (const act of ['write', 'reopen'] as const) {
    const acted = await actAsRequester(deps, { number, act: { act, words, mailId }, address: null }, now)
    if (acted === 'done') return { outcome: act === 'write' ? 'added' : 'reopened', ticket: number }
    if (acted === 'repeat') return { outcome: 'repeat', ticket: number }
    if (acted === 'not-found') return undefined
  }
  return undefined
}

function wordsOf({ subject, words, attachments }: ReadMail, isNew: boolean): string {
  const first = isNew && subject !== '' ? `${subject.slice(0, 200)}\n\n` : ''
  const last =
    attachments === 0
      ? ''
      : `\n\n[${attachments === 1 ? 'An attachment was' : `${attachments} attachments were`} not kept.]`
  return withoutKeys(`${first}${words || '[The email had no words.]'}${last}`)
}

const isOurs = ({ ticketAddress, mailFrom }: IntakeDeps, sender: string): boolean =>
  [ticketAddress ?? '', /<([^>]+)>/.exec(mailFrom)?.[1] ?? mailFrom].some(
    (address) => address.trim().toLowerCase() === sender.toLowerCase(),
  )

const hash = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex')
