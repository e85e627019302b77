/**
 * `/finder/services/:uid/send`: what to send to a patient and how, then exactly what will be sent, then it is sent.
 * Views: send.njk, preview.njk
 */
import { createHash, randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type SharedDetails, shareReference, writePatientShare } from '#src/emails/patient-share.ts'
import { type Fields, fieldsOf, lineIn, rawIn, tickIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { type OpenWords, openingWords } from '#src/rules/opening-words.ts'
import type { Problem } from '#src/rules/problems.ts'
import { type Sent, type ShareLimits, sendShare, writeDown } from '../send-share.ts'
import {
  type AskedShare,
  EMAIL_FIELD,
  MOBILE_FIELD,
  NO_CONSENT,
  parseShare,
  partField,
  type SendingMeans,
  type ShareMeans,
} from '../share.form.ts'
import { SHARE_PARTS, type SharePart, sharedDetails, textWords } from '../share-details.ts'
import { type OfService, type Shareable, type ShareDeps, shareableOf, sharingActor } from './share-deps.ts'

type Choice = { readonly value: string; readonly text: string; readonly hint: string | null }
type SendView = {
  readonly title: string
  readonly name: string
  readonly uid: number
  readonly state: OpenWords
  readonly warnings: readonly string[]
  readonly isActive: boolean
  readonly parts: readonly { readonly name: string; readonly text: string; readonly ticked: boolean }[]
  readonly means: readonly Choice[]
  readonly emailField: string
  readonly mobileField: string
  readonly fields: Fields
  readonly problems: readonly Problem[]
}
type PreviewView = {
  readonly title: string
  readonly name: string
  readonly uid: number
  readonly means: SendingMeans
  readonly recipient: string
  readonly subject: string
  readonly text: string
  /** What the next form says again. */
  readonly hidden: readonly { readonly name: string; readonly value: string }[]
  /** Back to the choice, as it was made. */
  readonly change: string
  readonly id: string
  readonly seen: string
  readonly problems: readonly Problem[]
}

const renderForm = template<SendView>('patient-shares/pages/send.njk')
const renderPreview = template<PreviewView>('patient-shares/pages/preview.njk')

const PART_WORDS: Readonly<Record<SharePart, string>> = {
  address: 'Address',
  phone: 'Public phone number',
  hours: 'Opening times today and the next 7 days',
  directions: 'How to get there',
  map: 'Link to a map',
}
const MEANS_WORDS: Readonly<Record<ShareMeans, readonly [text: string, hint: string | null]>> = {
  email: ['Email', null],
  text: ['Text message', null],
  print: ['Print on paper', null],
  copy: ['Copy the words', 'To paste into a message of your own system'],
  qr: ['Show a QR code', 'The patient scans it with a phone, and sees the public page'],
}

/** Mounts the two steps. */
export function sendPages(app: FastifyInstance, deps: ShareDeps): void {
  const address = '/finder/services/:uid/send'
  app.get<OfService>(address, (request, reply) => {
    sharingActor(request)
    return showForm(reply, shareableOf(request, deps), chosenBefore(fieldsOf(request.query)), [])
  })
  app.post<OfService>(address, async (request, reply) => {
    const actor = sharingActor(request)
    const shareable = shareableOf(request, deps)
    const fields = fieldsOf(request.body)
    const parsed = parseShare(fields, offeredBy(shareable))
    if (!parsed.ok) return showForm(reply.code(422), shareable, fields, parsed.problems)
    const { parts, to } = parsed.value
    if (to.means === 'email' || to.means === 'text') {
      return showPreview(reply, shareable, { parts, to, id: randomUUID() }, deps, [])
    }
    const taken = { uid: shareable.uid, parts, means: to.means, reference: null }
    await deps.db.transact((tx) => writeDown(tx, taken, { actor, now: deps.clock.now() }))
    const ticks = parts.map((part) => [partField(part), 'yes'])
    const asked = new URLSearchParams(Object.fromEntries([['means', to.means], ...ticks]))
    return reply.redirect(`/finder/services/${shareable.uid}/sheet?${asked}`, 303)
  })
  app.post<OfService>(`${address}/now`, (request, reply) => sendNow(request, reply, deps))
}

/** What was chosen, by the address that leads back from the preview: the patient's address is in no address of ours. */
const chosenBefore = (asked: Fields): Fields | null =>
  lineIn(asked, 'means') === '' ? null : { ...asked, [EMAIL_FIELD]: '', [MOBILE_FIELD]: '' }

/** Nothing is sent of a service to which nobody should be sent. */
const offeredBy = ({ isActive, parts, means }: Shareable): Pick<Shareable, 'parts' | 'means'> =>
  isActive ? { parts, means } : { parts, means: [] }

async function sendNow(request: FastifyRequest<OfService>, reply: FastifyReply, deps: ShareDeps) {
  const actor = sharingActor(request)
  const shareable = shareableOf(request, deps)
  const fields = fieldsOf(request.body)
  const parsed = parseShare(fields, offeredBy(shareable))
  if (!parsed.ok) return showForm(reply.code(422), shareable, fields, parsed.problems)
  const { parts, to } = parsed.value
  if (to.means !== 'email' && to.means !== 'text') return reply.redirect(`/finder/services/${shareable.uid}/send`, 303)
  const given = rawIn(fields, 'id')
  const asked = { parts, to, id: UUID.test(given) ? given : randomUUID() }
  const details = sharedDetails(shareable.from, parts)
  const again = (status: number, problem: Problem) => showPreview(reply.code(status), shareable, asked, deps, [problem])
  if (tickIn(fields, 'consent') !== true) return again(422, NO_CONSENT)
  if (rawIn(fields, 'seen') !== digestOf(details)) return again(409, CHANGED)
  const share = { id: asked.id, uid: shareable.uid, parts, means: to.means, recipient: to.recipient, details }
  const sent = await sendShare(deps, share, { actor, now: deps.clock.now() })
  if (sent !== 'sent')
    return again(429, { field: 'consent', code: sent, message: limitWords(sent, to.means, deps.limits) })
  return reply.redirect('/finder/sent?done=yes', 303)
}

const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/
const CHANGED: Problem = {
  field: 'consent',
  code: 'changed',
  message: 'The details have changed since you looked. Read them again before you send them',
}

const timesWords = (times: number): string => (times === 1 ? 'once' : `${times} times`)

/** Why nothing is sent, and what to do instead: every service can be printed and copied. */
function limitWords(sent: Exclude<Sent, 'sent'>, means: SendingMeans, limits: ShareLimits): string {
  const to = means === 'email' ? 'this email address' : 'this number'
  const words = {
    'recipient-day': `Details were sent to ${to} ${timesWords(limits.recipientDay)} in the last 24 hours, which is the most`,
    'person-hour': `You sent details ${timesWords(limits.personHour)} in the last hour, which is the most. Try again in an hour`,
    'person-day': `You sent details ${timesWords(limits.personDay)} in the last 24 hours, which is the most. Try again tomorrow`,
  }[sent]
  return `${words}. You can print the details or copy the words instead`
}

function showForm(reply: FastifyReply, shareable: Shareable, fields: Fields | null, problems: readonly Problem[]) {
  const { uid, from, isActive, parts, means } = shareable
  const { name, warnings } = sharedDetails(from, [])
  return renderForm(reply.header('cache-control', 'no-store'), {
    ...{ title: 'Send to a patient', name, uid, warnings, isActive, problems },
    state: openingWords(from.service.hours, from.now, true),
    parts: parts.map((part) => ({
      name: partField(part),
      text: PART_WORDS[part],
      ticked: fields === null || lineIn(fields, partField(part)) === 'yes',
    })),
    means: means.map((value) => ({ value, text: MEANS_WORDS[value][0], hint: MEANS_WORDS[value][1] })),
    emailField: EMAIL_FIELD,
    mobileField: MOBILE_FIELD,
    fields: fields ?? {},
  })
}

type Previewed = Pick<AskedShare, 'parts'> & {
  readonly to: { readonly means: SendingMeans; readonly recipient: string }
  readonly id: string
}

function showPreview(
  reply: FastifyReply,
  { uid, from }: Shareable,
  { parts, to, id }: Previewed,
  { baseUrl }: ShareDeps,
  problems: readonly Problem[],
) {
  const { means, recipient } = to
  const details = sharedDetails(from, parts)
  const email = writePatientShare({ shareId: id, recipient, keptAs: '', details }, baseUrl)
  const chosen = [
    ...SHARE_PARTS.filter((part) => parts.includes(part)).map((part) => ({ name: partField(part), value: 'yes' })),
    { name: 'means', value: means },
  ]
  const hidden = [...chosen, { name: means === 'email' ? EMAIL_FIELD : MOBILE_FIELD, value: recipient }]
  return renderPreview(reply.header('cache-control', 'no-store'), {
    ...{ title: 'Check before you send', name: details.name, uid, means, recipient, hidden, id, problems },
    change: `/finder/services/${uid}/send?${new URLSearchParams(Object.fromEntries(chosen.map(({ name, value }) => [name, value])))}`,
    subject: email.subject,
    text: means === 'email' ? email.text : textWords(details, shareReference(id)),
    seen: digestOf(details),
  })
}

const digestOf = (details: SharedDetails): string =>
  createHash('sha256').update(JSON.stringify(details)).digest('base64url').slice(0, 22)
