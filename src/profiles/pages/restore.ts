/** `/manage/:odsCode/history/:version/restore`: what going back would change, and doing it. View: restore.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { auditNameOf } from '#src/accounts/actor.ts'
import { NotFound } from '#src/platform/errors.ts'
import { template } from '#src/platform/views.ts'
import { decideRestore, type EarlierVersion, RESTORABLE_SECTIONS, type Restored } from '#src/profiles/decide-restore.ts'
import { keylessWords } from '#src/profiles/keyless-actors.ts'
import type { Profile, ProfileSection } from '#src/profiles/profile.ts'
import { previewProfileChange, saveProfileChange } from '#src/profiles/save-profile-change.ts'
import { partDifferences, partTitle } from '#src/profiles/section-words.ts'
import { type ManageDeps, type Visit, visit } from '#src/profiles/visit.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { accepted } from '#src/rules/problems.ts'
import { fieldsOf, rawIn } from './fields.ts'
import { versionIn } from './history.ts'
import type { PartWords } from './history-words.ts'
import { type ReachedService, reachedServices } from './service-words.ts'
import { formatMomentIn, loadNames } from './time-words.ts'

type RestoreView = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly back: string
  readonly action: string
  readonly section: string
  readonly earlierVersion: number
  readonly version: number
  /** When the version was saved, and by whom. */
  readonly savedWhen: string
  readonly savedBy: string
  readonly parts: readonly PartWords[]
  readonly refused: readonly string[]
  readonly services: readonly ReachedService[]
  /** A coming holiday would be without an answer again. */
  readonly losesAnswers: boolean
  readonly notice: string | null
}

const render = template<RestoreView>('profiles/pages/restore.njk')

const PATH = '/manage/:odsCode/history/:version/restore'

/** Mounts the page. */
export function restorePages(app: FastifyInstance, deps: ManageDeps): void {
  app.get(PATH, async (request, reply) => show(deps, reply, await restoreOf(deps, request, request.query), null))

  app.post(PATH, async (request, reply) => {
    const restore = await restoreOf(deps, request, request.body)
    const { seen, sections, earlier, earlierVersion } = restore
    const [section = 'contact', ...others] = sections
    const version = rawIn(fieldsOf(request.body), 'version')
    const outcome = await saveProfileChange(deps, {
      odsCode: seen.odsCode,
      section,
      alsoSections: others,
      expectedVersion: /^[1-9]\d{0,8}$/.test(version) ? Number(version) : earlierVersion,
      actor: auditNameOf(seen.actor),
      action: 'restore-version',
      about: { restored: earlierVersion },
      decide: (profile) => accepted(decideRestore(profile, earlier, sections, seen).profile),
    })
    if (outcome.outcome === 'conflict') {
      const nameOf = await loadNames(deps.db.pool, [outcome.changedBy])
      const notice = `${nameOf(outcome.changedBy)} changed this while you were reading. What you see now is up to date.`
      return show(deps, reply.code(409), await restoreOf(deps, request, request.body), notice)
    }
    const waits = outcome.outcome === 'saved' && outcome.waiting.length > 0
    if (outcome.outcome === 'saved') await deps.follower.reached(outcome.seq)
    return reply.redirect(`/manage/${seen.odsCode}/history?restored=${waits ? 'waits' : 'yes'}`, 303)
  })
}

type Restore = {
  readonly seen: Visit
  /** What was asked for: a section, or `all`. */
  readonly asked: string
  readonly sections: readonly ProfileSection[]
  readonly earlier: EarlierVersion
  readonly earlierVersion: number
  readonly savedAt: string
  readonly savedBy: string
}

async function restoreOf(deps: ManageDeps, request: FastifyRequest, given: unknown): Promise<Restore> {
  const seen = await visit(deps, request, 'restore-version')
  const event = await versionIn(deps.db.pool, seen, request.params)
  const asked = rawIn(fieldsOf(given), 'section')
  const sections = asked === 'all' ? RESTORABLE_SECTIONS : RESTORABLE_SECTIONS.filter((section) => section === asked)
  if (sections.length === 0) throw new NotFound('There is nothing to restore under this address')
  return {
    seen,
    asked,
    sections,
    earlier: { profile: event.after, savedOn: londonDateOf(event.at) },
    earlierVersion: event.version,
    savedAt: event.at,
    savedBy: event.actor,
  }
}

async function show(deps: ManageDeps, reply: FastifyReply, restore: Restore, notice: string | null) {
  const { seen, asked, sections, earlier, earlierVersion } = restore
  const { pool } = deps.db
  let restored: Restored = { profile: seen.stored.profile, refused: [] }
  const preview = await previewProfileChange(pool, {
    odsCode: seen.odsCode,
    today: seen.today,
    decide: (profile) => {
      restored = decideRestore(profile, earlier, sections, seen)
      return accepted(restored.profile)
    },
  })
  if (!preview?.ok) throw new NotFound(`No pharmacy has the ODS code ${seen.odsCode}`)
  const { before, after, services } = preview.value
  const nameOf = await loadNames(pool, [restore.savedBy])
  const back = `/manage/${seen.odsCode}/history/${earlierVersion}`
  return render(reply, {
    title:
      asked === 'all'
        ? `Restore version ${earlierVersion}`
        : `Restore ${partTitle(sections[0] ?? 'contact', seen.stored.profile.kind).toLowerCase()}`,
    odsCode: seen.odsCode,
    pharmacy: seen.stored.profile.name,
    back,
    action: `${back}/restore`,
    section: asked,
    earlierVersion,
    version: before.version,
    savedWhen: formatMomentIn(restore.savedAt),
    savedBy: restore.savedBy.startsWith('person:')
      ? nameOf(restore.savedBy)
      : (keylessWords(restore.savedBy) ?? 'the NHS list'),
    parts: sections
      .map((section) => ({
        title: partTitle(section, after.kind),
        differences: partDifferences(before.profile, after, section, seen.holidays),
      }))
      .filter(({ differences }) => differences.length > 0),
    refused: restored.refused.map(({ message }) => message),
    services: reachedServices(services),
    losesAnswers: losesAnswers(before.profile, after),
    notice,
  })
}

const losesAnswers = (before: Profile, after: Profile): boolean =>
  Object.keys(before.holidays).some((date) => !Object.hasOwn(after.holidays, date))
