/**
 * The notice of suspension that the ICB gets: written in the transaction of the closure, sent by the outbox. Where
 * nobody knows whom to tell, it is kept and sent as soon as a contact is imported.
 */
import { queueEmail } from '#src/emails/email-jobs.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db, Queryable, Tx } from '#src/platform/db/db.ts'
import { NotFound } from '#src/platform/errors.ts'
import { isRemoteOnly } from '#src/profiles/kind-words.ts'
import { loadServicesOf, lockProfiles } from '#src/profiles/load-profiles.ts'
import { loadNames } from '#src/profiles/names-and-moments.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { editableUntil, USUAL_EDIT_DAYS } from '#src/rules/notice-policy.ts'
import { TRAINING_PHARMACY } from '#src/rules/ods-code.ts'
import { accepted, type Result, refused } from '#src/rules/problems.ts'
import {
  EDITABLE_FIELDS,
  type EditedWords,
  missingFields,
  momentOf,
  NOTICE_FIELDS,
  type NoticeFacts,
  type NoticeWords,
  saysTheSame,
  suspensionNotice,
} from '#src/rules/suspension-notice.ts'
import type { ClosureChanged } from '../after-closure-change.ts'
import { loadClosure, type StoredClosure } from '../closure-records.ts'
import {
  addNotice,
  addTold,
  loadNotices,
  loadPolicy,
  loadTold,
  type NoticeBecause,
  type NoticeVersion,
} from './notice-records.ts'

/** Writes the notice of a closure, or its next version, and queues it. What tells the ICB nothing new writes nothing. */
export async function noticeAfterChange(tx: Tx, changed: ClosureChanged): Promise<void> {
  const { closure, profile, event, actor, happenedAt } = changed
  const because = BECAUSE[event]
  if (!because || closure.odsCode === TRAINING_PHARMACY) return
  // Whoever closes waits for this: a closure that was just told has no notice yet.
  const versions = because === 'told' ? [] : await loadNotices(tx, closure.id)
  const latest = versions.at(-1)
  if (!latest && because !== 'told') return
  const edited = latest?.edited ?? {}
  const facts = await noticeFacts(tx, closure, profile, Date.parse(happenedAt))
  const words = suspensionNotice(facts, edited)
  if (latest && saysTheSame(latest.words, words)) return
  const notice = {
    closureId: closure.id,
    version: (latest?.version ?? 0) + 1,
    because,
    words,
    edited,
    writtenAt: happenedAt,
    writtenBy: actor,
  }
  await addNotice(tx, notice)
  await sendNotice(tx, { profile, closure, versions: [...versions, notice] }, happenedAt)
}

const BECAUSE: Readonly<Partial<Record<ClosureChanged['event'], NoticeBecause>>> = {
  told: 'told',
  changed: 'changed',
  reopened: 'reopened',
  expired: 'expired',
  cancelled: 'cancelled',
}

/** What the notice is written from, as it is now. */
export async function noticeFacts(
  db: Queryable,
  closure: StoredClosure,
  { name, kind, ownerName, address, contact }: Profile,
  writtenAt: number,
): Promise<NoticeFacts> {
  const { odsCode, toldBy } = closure
  const nameOf = await loadNames(db, [toldBy])
  const isPerson = toldBy.startsWith('person:')
  return {
    contractor: ownerName,
    pharmacy: name,
    odsCode,
    address: [...address.lines, address.postcode].join(', '),
    phone: contact.phone ?? null,
    isRemote: isRemoteOnly(kind),
    services: await serviceNames(db, odsCode, closure.services),
    startsAt: closure.startsAt,
    expectedAt: closure.expectedAt,
    endedAt: closure.endedAt,
    end: closure.end,
    reason: closure.reason,
    completedBy: closure.filledInBy ?? (toldBy.startsWith('system:') ? null : capital(nameOf(toldBy))),
    completedPhone: closure.phone ?? contact.professionalPhone ?? contact.phone ?? null,
    completedEmail: isPerson ? toldBy.slice('person:'.length) : (contact.professionalEmail ?? contact.email ?? null),
    writtenAt,
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Names of the services that are shut, as the public reads them; null: the whole pharmacy. */
export async function serviceNames(
  db: Queryable,
  odsCode: string,
  uids: readonly number[] | null,
): Promise<readonly string[] | null> {
  if (uids === null) return null
  const services = await loadServicesOf(db, odsCode)
  return uids.map((uid) => {
    const record = services.find((service) => service.record.uid === uid)?.record
    return record ? (record.publicName ?? record.name) : `Service ${uid}`
  })
}

type ToSend = {
  readonly profile: Profile
  readonly closure: StoredClosure
  /** All of them; the last is sent. */
  readonly versions: readonly NoticeVersion[]
}

/** Queues the latest version for whoever the area wants told; false when nobody is known or they were told before. */
export async function sendNotice(tx: Tx, { profile, closure, versions }: ToSend, at: string): Promise<boolean> {
  const latest = versions.at(-1)
  const policy = await loadPolicy(tx, profile.commissioning.icbCode)
  if (!latest || !policy) return false
  const recipient = policy.email
  const told = versions.length > 1 ? await loadTold(tx, closure.id) : []
  const earlier = told.filter((each) => each.recipient === recipient)
  if (!(await addTold(tx, closure.id, { version: latest.version, recipient, queuedAt: at }))) return false
  const before = earlier.at(-1)
  return await queueEmail(tx, {
    kind: 'closure-notice',
    recipient,
    name: policy.name,
    closureId: closure.id,
    odsCode: closure.odsCode,
    pharmacyName: versions[0]?.words.pharmacy ?? profile.name,
    version: latest.version,
    earlier: earlier.map(({ version }) => version),
    news: before
      ? newsOf(
          latest,
          versions.find(({ version }) => version === before.version),
        )
      : null,
    starts: momentOf(closure.startsAt),
    lines: NOTICE_FIELDS.map(({ key, label }) => ({ label, text: latest.words[key] })),
    missing: missingFields(latest.words),
  })
}

/** What a version says that the one before did not, in a sentence. */
export function newsOf({ because, words }: NoticeVersion, before: NoticeVersion | undefined): string {
  switch (because) {
    case 'reopened':
    case 'expired':
    case 'cancelled':
      return `${words.reopens}.`
    case 'changed':
      return `Reopening is now: ${words.reopens}.`
    default:
      return `The pharmacy changed: ${changedLabels(before?.words, words).join(', ')}.`
  }
}

/** The labels of the particulars that differ, but for the date of the notice. */
export const changedLabels = (before: NoticeWords | undefined, after: NoticeWords): readonly string[] =>
  NOTICE_FIELDS.filter(({ key }) => key !== 'date' && before?.[key] !== after[key]).map(({ label }) => label)

/** A change of words by a person: what each field they could change says now, and which version they had before them. */
export type NoticeEdit = {
  readonly odsCode: string
  readonly closureId: string
  /** As in `audit.actor`. */
  readonly actor: string
  readonly seenVersion: number
  readonly words: EditedWords
}

/**
 * Writes the notice in a person's own words and sends that as an update; false when they changed nothing. Fields that
 * they left alone keep what anybody else wrote meanwhile. Throws NotFound for a closure without a notice.
 */
export async function editNotice(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  { odsCode, closureId, actor, seenVersion, words }: NoticeEdit,
): Promise<Result<boolean>> {
  return db.transact(async (tx) => {
    const stored = (await lockProfiles(tx, [odsCode])).get(odsCode)
    const closure = await loadClosure(tx, closureId)
    const versions = closure?.odsCode === odsCode ? await loadNotices(tx, closureId) : []
    const latest = versions.at(-1)
    if (!stored || !closure || !latest) throw new NotFound('There is no such notice')
    const now = clock.now()
    const policy = await loadPolicy(tx, stored.profile.commissioning.icbCode)
    const until = editableUntil(closure, policy?.editDays ?? USUAL_EDIT_DAYS)
    if (until !== null && now.getTime() > until) return refused(tooLate(until))
    const facts = await noticeFacts(tx, closure, stored.profile, now.getTime())
    const seen = versions.find(({ version }) => version === seenVersion) ?? latest
    const edited = merged({ seen: seen.words, latest: latest.edited, plain: suspensionNotice(facts), words })
    const after = suspensionNotice(facts, edited)
    if (saysTheSame(latest.words, after)) return accepted(false)
    const notice = {
      closureId,
      version: latest.version + 1,
      because: 'edited' as const,
      words: after,
      edited,
      writtenAt: now.toISOString(),
      writtenBy: actor,
    }
    await addNotice(tx, notice)
    await sendNotice(tx, { profile: stored.profile, closure, versions: [...versions, notice] }, notice.writtenAt)
    return accepted(true)
  })
}

const tooLate = (until: number) => ({
  field: 'form',
  code: 'too-late',
  message: `This notice could be edited until ${momentOf(until)}. Contact your ICB about anything that is wrong`,
})

type Merge = {
  readonly seen: NoticeWords
  readonly latest: EditedWords
  /** What the facts say without anybody's words. */
  readonly plain: NoticeWords
  readonly words: EditedWords
}

/** Only what the person changed is theirs; a field set back to what the facts say follows the facts again. */
function merged({ seen, latest, plain, words }: Merge): EditedWords {
  const kept = EDITABLE_FIELDS.flatMap((key) => {
    const given = words[key]
    const value = given === undefined || given === seen[key] ? latest[key] : given
    return value === undefined || value === plain[key] ? [] : [[key, value] as const]
  })
  return Object.fromEntries(kept)
}
