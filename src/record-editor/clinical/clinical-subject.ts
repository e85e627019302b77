/** What every page of a clinical profile knows: the service, its profile with the reader's edit, and whether they may write. */
import type { FastifyRequest } from 'fastify'
import type { ProfileFields } from '#src/rules/clinical-profile.ts'
import type { Problem } from '#src/rules/problems.ts'
import { amendEdit } from '../amend-edit.ts'
import { profileOfRecord } from '../clinical-check.ts'
import { addressOf, type EditorDeps, loadSubject, type Subject } from '../pages/subject.ts'
import type { ServicePatch } from '../service-edit.ts'

export type ClinicalSubject = Subject & { readonly profile: ProfileFields }

/** What a page shows of it. */
export type ClinicalFrame = {
  /** Of the service, with its number: the caption. */
  readonly service: string
  readonly address: string
  readonly clinical: string
  /** Why nothing can be changed now; null: it can. */
  readonly locked: string | null
}

/** The service in the address. Throws as `loadSubject`. */
export async function loadClinical(deps: EditorDeps, request: FastifyRequest): Promise<ClinicalSubject> {
  const subject = await loadSubject(deps, request)
  return { ...subject, profile: profileOfRecord(subject.shown) }
}

const LOCKED = {
  waiting: 'Your change waits for a second person. Take it back before you change anything',
  conflict: 'Somebody else changed the same fields. Choose what the record shall say before you change anything',
} as const

/** The parts of a view that all pages have. */
export function frameOf(subject: ClinicalSubject): ClinicalFrame {
  const { shown, held, edit } = subject
  const state = edit?.state
  const name = shown.name || 'New service'
  return {
    service: held.record.uid === 0 ? name : `${name}, UID ${held.record.uid}`,
    address: addressOf(subject),
    clinical: addressOf(subject, 'clinical'),
    locked: state === 'waiting' || state === 'conflict' ? LOCKED[state] : null,
  }
}

/**
 * Lays a patch over the reader's draft. Undefined: it is saved. What is refused is said at `field`, the part of the page
 * that it was sent from.
 */
export async function saveClinical(
  deps: EditorDeps,
  { actor, of, edit }: ClinicalSubject,
  patch: ServicePatch,
  field: string,
): Promise<readonly Problem[] | undefined> {
  const saved = await amendEdit(deps, actor, { of, patch })
  if (saved.outcome === 'saved') return undefined
  if (saved.outcome === 'refused') return saved.problems.map((problem) => ({ ...problem, field }))
  const message = saved.edit.state === 'conflict' ? LOCKED.conflict : LOCKED.waiting
  return [{ field, code: edit ? 'not-a-draft' : 'begun-elsewhere', message }]
}
