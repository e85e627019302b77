/** Change a contact, or add the one that an area lacks. View: change-contact.njk */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Fields, fieldsOf, lineIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import type { Problem } from '#src/rules/problems.ts'
import { contactFields, parseContactForm } from '../contact.form.ts'
import { loadContact, saveContact } from '../contact-records.ts'
import { areaCodeIn, CONTACTS, type ContactsDeps, keeperOf, refuseOtherAreas, writingOf } from './who-keeps.ts'

type View = {
  readonly title: string
  readonly areaCode: string
  readonly isNew: boolean
  /** Of the row that the form was filled from; 0 for none. */
  readonly version: number
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const render = template<View>('contacts-register/pages/change-contact.njk')
const MEANWHILE = {
  field: 'name',
  code: 'changed-meanwhile',
  message: 'Somebody else changed this contact. Check what it says now, and make your change again',
}

/** Mounts the form. */
export function changeContactPages(app: FastifyInstance, deps: ContactsDeps): void {
  const { db } = deps
  const path = `${CONTACTS}/:areaCode/change`
  const show = async (reply: FastifyReply, areaCode: string, problems: readonly Problem[] = [], typed?: Fields) => {
    const stored = await loadContact(db.pool, areaCode)
    return render(reply, {
      title: stored ? `Change ${stored.name}` : `Add a contact for ${areaCode}`,
      areaCode,
      isNew: !stored,
      version: typed ? versionIn(typed) : (stored?.version ?? 0),
      fields: typed ?? (stored ? contactFields(stored) : { level: 'local' }),
      problems,
    })
  }

  app.get(path, async (request, reply) => {
    const actor = keeperOf(request)
    const areaCode = areaCodeIn(request)
    refuseOtherAreas(actor, areaCode)
    return show(reply, areaCode)
  })
  app.post(path, async (request, reply) => {
    const actor = keeperOf(request)
    const areaCode = areaCodeIn(request)
    refuseOtherAreas(actor, areaCode)
    const fields = fieldsOf(request.body)
    const parsed = parseContactForm(fields)
    if (!parsed.ok) return show(reply.code(422), areaCode, parsed.problems, fields)
    const saving = { areaCode, expectedVersion: versionIn(fields), contact: parsed.value }
    const saved = await saveContact(db, saving, writingOf(actor, deps))
    if (saved === 'conflict') return show(reply.code(409), areaCode, [MEANWHILE])
    return reply.redirect(`${CONTACTS}/${areaCode}?done=saved`, 303)
  })
}

/** A version that is none is one that no row has. */
function versionIn(fields: Fields): number {
  const text = lineIn(fields, 'version')
  return /^\d{1,9}$/.test(text) ? Number(text) : -1
}
