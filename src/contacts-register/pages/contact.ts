/** One contact: read it, confirm it, or say that it is wrong. Views: contact.njk, contact-wrong.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import { NotFound } from '#src/platform/errors.ts'
import { type Fields, fieldsOf, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { formatMomentIn, loadNames } from '#src/profiles/names-and-moments.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import type { Problem } from '#src/rules/problems.ts'
import { parseWordsForm } from '../contact.form.ts'
import { confirmContact, loadContact, type StoredContact } from '../contact-records.ts'
import { loadOwnCorrections, MOST_OPEN, saveCorrection } from '../corrections.ts'
import { type ContactView, viewOf } from './contact-view.ts'
import {
  areaCodeIn,
  CONTACTS,
  type ContactsDeps,
  keeperOf,
  keeps,
  readerOf,
  refuseOtherAreas,
  writingOf,
} from './who-keeps.ts'

type Said = {
  readonly asked: string
  readonly words: string
  readonly answered: string | null
  readonly answer: string
}
type View = {
  readonly title: string
  readonly banner: string | null
  readonly contact: ContactView
  readonly mayEdit: boolean
  readonly said: readonly Said[]
}
type WrongView = {
  readonly title: string
  readonly areaCode: string
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const BANNERS: Readonly<Record<string, string>> = {
  saved: 'The contact is saved and confirmed.',
  confirmed: 'You confirmed that the contact is right.',
  told: 'We have told those who keep this contact right. You get an email when they answer.',
}
const render = template<View>('contacts-register/pages/contact.njk')
const renderWrong = template<WrongView>('contacts-register/pages/contact-wrong.njk')

/** Mounts the pages. */
export function contactPages(app: FastifyInstance, deps: ContactsDeps): void {
  const { db, clock } = deps
  const path = `${CONTACTS}/:areaCode`
  app.get(path, async (request, reply) => {
    const actor = readerOf(request)
    const contact = await contactIn(deps, request)
    const own = await loadOwnCorrections(db.pool, contact.areaCode, auditNameOf(actor))
    const nameOf = await loadNames(db.pool, [contact.confirmedBy, ...own.map(({ answeredBy }) => answeredBy)])
    return render(reply, {
      title: contact.name,
      banner: BANNERS[rawIn(fieldsOf(request.query), 'done')] ?? null,
      contact: viewOf(contact, londonDateOf(clock.now()), nameOf),
      mayEdit: keeps(actor, contact.areaCode),
      said: own.map(({ askedAt, words, answeredAt, answeredBy, answer }) => ({
        asked: formatMomentIn(askedAt),
        words,
        answered: answeredAt === null ? null : `${nameOf(answeredBy ?? '')}, ${formatMomentIn(answeredAt)}`,
        answer: answer ?? '',
      })),
    })
  })

  app.post(`${path}/confirm`, async (request, reply) => {
    const actor = keeperOf(request)
    const { areaCode } = await ownContactIn(deps, request, actor)
    await confirmContact(db, areaCode, writingOf(actor, deps))
    return reply.redirect(`${CONTACTS}/${areaCode}?done=confirmed`, 303)
  })

  const showWrong = (reply: FastifyReply, contact: StoredContact, fields: Fields, problems: readonly Problem[]) =>
    renderWrong(reply, { title: `What is wrong with ${contact.name}?`, areaCode: contact.areaCode, fields, problems })
  app.get(`${path}/wrong`, async (request, reply) => {
    readerOf(request)
    return showWrong(reply, await contactIn(deps, request), {}, [])
  })
  app.post(`${path}/wrong`, async (request, reply) => {
    const actor = readerOf(request)
    const contact = await contactIn(deps, request)
    const fields = fieldsOf(request.body)
    const words = parseWordsForm(fields, 'words', 'Enter what is wrong')
    if (!words.ok) return showWrong(reply.code(422), contact, fields, words.problems)
    if (await saveCorrection(db, contact, words.value, writingOf(actor, deps))) {
      return reply.redirect(`${CONTACTS}/${contact.areaCode}?done=told`, 303)
    }
    const message = `${MOST_OPEN} of your requests wait for an answer. Send this one when one of them is answered`
    return showWrong(reply.code(422), contact, fields, [{ field: 'words', code: 'too-many', message }])
  })
}

/** The contact of the address. Throws `NotFound` when the area has none. */
async function contactIn({ db }: ContactsDeps, request: FastifyRequest): Promise<StoredContact> {
  const contact = await loadContact(db.pool, areaCodeIn(request))
  if (!contact) throw new NotFound('There is no contact for this area')
  return contact
}

/** As `contactIn`, for whoever keeps it right. Throws `Forbidden` for those who do not. */
async function ownContactIn(deps: ContactsDeps, request: FastifyRequest, actor: Actor): Promise<StoredContact> {
  refuseOtherAreas(actor, areaCodeIn(request))
  return await contactIn(deps, request)
}
