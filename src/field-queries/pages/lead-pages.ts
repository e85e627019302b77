/** What the pages of those who ask, hold and propose share: who they are, and which pharmacy and field an address names. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sql } from 'kysely'
import { type Actor, requireActor } from '#src/accounts/actor.ts'
import { can, type Scope, scopeOf } from '#src/accounts/can.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { Forbidden, NotFound } from '#src/platform/errors.ts'
import { type Fields, fieldsOf, lineIn, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { fieldLabel, fieldWords } from '#src/profiles/held-field-words.ts'
import { inScope } from '#src/profiles/match-pharmacies.ts'
import type { Profile, Sections, StoredProfile } from '#src/profiles/profile.ts'
import { ASKED_FIELDS, type AskedField, HELD_FIELDS, type HeldField, parseHeldField } from '#src/rules/asked-fields.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { parsePharmacyCode } from '#src/rules/ods-code.ts'
import type { Problem } from '#src/rules/problems.ts'
import type { FieldDeps } from '../field-deps.ts'

export type FieldPagesDeps = FieldDeps & {
  /** Knows when this process shows a committed change. */
  readonly follower: { reached(seq: number): Promise<void> }
}

/** Whoever asks pharmacies, and where. Throws `Forbidden` for those who ask nowhere. */
export function leadOf(request: FastifyRequest): { readonly actor: Actor; readonly scope: Scope } {
  const actor = requireActor(request)
  const scope = scopeOf(actor, 'query-pharmacy')
  const anywhere = scope.everywhere || scope.icbCodes.length > 0 || scope.odsCodes.length > 0
  if (!can(actor, 'see-workspace') || !anywhere) {
    throw new Forbidden('Asking pharmacies is for the teams that look after the directory')
  }
  return { actor, scope }
}

/** As large as ids get in the database. */
const ID = /^[1-9]\d{0,14}$/

/** The number in an address. Throws `NotFound` for anything else. */
export function idIn(request: FastifyRequest, what: string): number {
  const { id } = request.params as { readonly id: string }
  if (!ID.test(id)) throw new NotFound(`There is no ${what} under this address`)
  return Number(id)
}

/** The page of a list that an address asks for, from 1. */
export const pageIn = (query: Fields): number =>
  /^[1-9]\d{0,3}$/.test(rawIn(query, 'page')) ? Number(rawIn(query, 'page')) : 1

/** The pharmacy of a scope with this code; undefined when there is none there. */
export async function loadReachable(db: Queryable, odsCode: string, scope: Scope): Promise<StoredProfile | undefined> {
  const { rows } = await sql<{ document: Profile; sections: Sections; version: number }>`
    select document, sections, version from profile where ods_code = ${odsCode} and ${inScope(scope)}`.execute(db)
  const [row] = rows
  return row && { profile: row.document, sections: row.sections, version: row.version }
}

/** The pharmacy and field that a new question, hold or proposal is about. */
export type About<Field extends AskedField> = { readonly stored: StoredProfile; readonly field: Field }

type ChooseView = {
  readonly title: string
  readonly action: string
  readonly back: string
  readonly ods: string
  readonly items: readonly { readonly value: string; readonly text: string; readonly selected: boolean }[]
  readonly problems: readonly Problem[]
}
const renderChoice = template<ChooseView>('field-queries/pages/choose-field.njk')

/** What a kind of new thing is called, where it is made, and which fields it may be about. */
export type NewThing<Field extends AskedField> = {
  readonly title: string
  readonly action: string
  readonly back: string
  readonly fields: readonly Field[]
}

/**
 * What `fields` name, within the scope; undefined when that is not clear yet, and the reply then asks for it. A pharmacy
 * out of reach is not found, as one that does not exist.
 */
export async function aboutIn<Field extends AskedField>(
  { db }: Pick<FieldPagesDeps, 'db'>,
  reply: FastifyReply,
  scope: Scope,
  fields: Fields,
  thing: NewThing<Field>,
): Promise<About<Field> | undefined> {
  const typed = lineIn(fields, 'ods')
  const odsCode = parsePharmacyCode(typed)
  const field = thing.fields.find((each) => each === lineIn(fields, 'field'))
  const stored = odsCode === undefined ? undefined : await loadReachable(db.pool, odsCode, scope)
  if (stored && field) return { stored, field }
  const wasSent = typed !== '' || fields['choose'] === 'yes'
  const noPharmacy = 'Enter the ODS code of a pharmacy in your areas, like FA002'
  const problems = [
    ...(stored || !wasSent ? [] : [{ field: 'ods', code: 'missing', message: noPharmacy }]),
    ...(field || fields['choose'] !== 'yes' ? [] : [{ field: 'field', code: 'missing', message: 'Select a field' }]),
  ]
  renderChoice(problems.length > 0 ? reply.code(422) : reply, {
    ...{ title: thing.title, action: thing.action, back: thing.back, ods: typed, problems },
    items: [
      { value: '', text: 'Choose one', selected: field === undefined },
      ...thing.fields.map((value) => ({
        ...{ value, text: fieldLabel(value, stored?.profile.kind ?? 'community'), selected: value === field },
      })),
    ],
  })
  return undefined
}

/** `Public phone number of Hill Pharmacy (FX123)`, and what the field says. */
export type AboutView = {
  readonly ods: string
  readonly field: string
  readonly pharmacy: string
  readonly label: string
  readonly says: readonly { readonly label: string; readonly text: string }[]
}

export const aboutView = ({ stored, field }: About<AskedField>, holidays: HolidayCalendar): AboutView => ({
  ods: stored.profile.odsCode,
  field,
  pharmacy: stored.profile.name,
  label: fieldLabel(field, stored.profile.kind),
  says: saysNow(stored.profile, field, holidays),
})

const saysNow = (profile: Profile, field: AskedField, holidays: HolidayCalendar) => {
  const held = parseHeldField(field)
  return held ? fieldWords(profile, held, holidays).map(({ label, text }) => ({ label, text: text ?? 'Nothing' })) : []
}

export const HELD: readonly HeldField[] = HELD_FIELDS
export const ASKED: readonly AskedField[] = ASKED_FIELDS

/** The fields of an address and of a form. */
export const fieldsIn = (request: FastifyRequest): Fields =>
  fieldsOf(request.method === 'POST' ? request.body : request.query)
