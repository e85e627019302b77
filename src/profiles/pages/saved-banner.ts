/** What was just saved, in words, above the page that saving leads to. */
import type { Queryable } from '#src/platform/db/db.ts'
import { fieldLabel } from '#src/profiles/held-field-words.ts'
import { hoursTitle } from '#src/profiles/kind-words.ts'
import type { ProfileKind } from '#src/profiles/profile.ts'
import type { Visit } from '#src/profiles/visit.ts'
import { parseHeldField } from '#src/rules/asked-fields.ts'
import { type DraftKind, savedDraft } from './draft-store.ts'
import { fieldsOf, rawIn } from './fields.ts'

const SAVED: Readonly<Partial<Record<DraftKind, string>>> = {
  contact: 'Your contact details are saved',
  delivery: 'How you deliver is saved',
  holidays: 'Your bank holiday answers are saved',
  'add-change': 'Your closure or change is saved',
  'edit-change': 'Your closure or change is saved',
  services: 'Your services are saved',
  'one-service': 'What you say about this service is saved',
  'urgent-care': 'Your urgent care services are saved',
  'core-hours': 'Your core hours are saved',
  facilities: 'Your facilities are saved',
}

/** What the public page never shows. */
const NOT_PUBLIC: readonly DraftKind[] = ['core-hours']

/** Null when the address names no draft that this person saved here. */
export async function savedBanner(
  db: Queryable,
  { actor, odsCode, stored }: Pick<Visit, 'actor' | 'odsCode' | 'stored'>,
  query: unknown,
): Promise<string | null> {
  const saved = await savedDraft(db, { personId: actor.personId, odsCode }, rawIn(fieldsOf(query), 'saved'))
  if (!saved) return null
  const form = saved.kind as DraftKind
  if (saved.waiting.length > 0) return waitingWords(saved.waiting, saved.services, stored.profile.kind)
  const shown = NOT_PUBLIC.includes(form) ? [] : [servicesWords(saved.services)]
  return [`${savedWords(form, stored.profile.kind)}.`, ...shown].join(' ')
}

/** What is held is not saved, and must not be taken for it. */
function waitingWords(waiting: readonly string[], services: number, kind: ProfileKind): string {
  const fields = waiting.flatMap((field) => parseHeldField(field) ?? []).map((field) => fieldLabel(field, kind))
  const rest = services > 0 ? ' Everything else is saved.' : ''
  return `We have what you sent. It waits, because the directory team holds: ${fields.join(', ').toLowerCase()}.${rest}`
}

const savedWords = (form: DraftKind, kind: ProfileKind): string =>
  form === 'hours' ? `Your ${hoursTitle(kind).toLowerCase()} are saved` : (SAVED[form] ?? 'Saved')

function servicesWords(count: number): string {
  if (count === 0) return 'The public page shows it now.'
  return `The public page and ${count} DoS service${count === 1 ? '' : 's'} show it now.`
}
