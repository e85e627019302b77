/** Who can agree to an edit, in a sentence. */
import { loadNames } from '#src/profiles/names-and-moments.ts'
import type { ServiceEdit } from '../service-edit.ts'
import { type Approvers, loadApprovers } from '../who-approves.ts'
import type { EditorDeps } from './subject.ts'

const MOST_NAMED = 5

/** Whoever else looks after its area, by name; where nobody does, who decides instead. */
export async function whoAgrees({ db, clock }: EditorDeps, edit: ServiceEdit): Promise<string> {
  const { team, emails } = await loadApprovers(db.pool, edit, clock.now())
  const actors = emails.slice(0, MOST_NAMED).map((email) => `person:${email}`)
  const nameOf = await loadNames(db.pool, actors)
  const more = emails.length > MOST_NAMED ? ['others'] : []
  return WORDS[team](listOf.format([...actors.map(nameOf), ...more]))
}

const listOf = new Intl.ListFormat('en-GB', { type: 'conjunction' })

const WORDS: Readonly<Record<Approvers['team'], (names: string) => string>> = {
  leads: (names) => `Who can agree: ${names}, or the service desk.`,
  desk: (names) => `Nobody else leads this area, so the service desk can agree: ${names}.`,
  national: (names) => `Nobody else leads this area, so the national team can agree: ${names}.`,
  nobody: () => 'Nobody else can agree yet. Ask for a second lead of this area, or the service desk.',
}
