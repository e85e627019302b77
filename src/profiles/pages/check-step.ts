/** The page that shows what will change, and the saving. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { auditNameOf } from '#src/accounts/actor.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { template } from '#src/platform/views.ts'
import { keepFields } from '#src/profiles/held-fields.ts'
import { loadServicesOf } from '#src/profiles/load-profiles.ts'
import type { ServicePlan } from '#src/profiles/plan-projection.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { previewProfileChange, saveProfileChange } from '#src/profiles/save-profile-change.ts'
import type { ManageDeps } from '#src/profiles/visit.ts'
import type { HeldField } from '#src/rules/asked-fields.ts'
import { accepted } from '#src/rules/problems.ts'
import { type Draft, saveDraft } from './draft-store.ts'
import { editOf, openDraft, type StepPage, showProblems, stepPage } from './drafted-edit.ts'
import { addressesOf, type Edit, type Editor, type Effect, outOfDate, ownerOf, type PublicLine } from './editing.ts'
import { type Fields, fieldsOf, rawIn, tickIn } from './fields.ts'
import { type OwnValues, type ReachedService, reachedServices, servicesWithOwnValues } from './service-words.ts'
import type { Difference } from './stated.ts'

type CheckView = StepPage & {
  readonly differences: readonly Difference[]
  readonly notes: readonly string[]
  readonly publicView: readonly PublicLine[]
  readonly effects: readonly Effect[]
  readonly letter: string | null
  readonly services: readonly ReachedService[]
  readonly ownValues: readonly OwnValues[]
}

const render = template<CheckView>('profiles/pages/check.njk')

/** Mounts the check page of an edit. */
export function checkStep<Command>(app: FastifyInstance, deps: ManageDeps, editor: Editor<Command>): void {
  const path = `/manage/:odsCode/${editor.path}/check`
  app.get(path, async (request, reply) => show(deps, editor, request, reply))
  app.post(path, async (request, reply) => save(deps, editor, request, reply))
}

async function show<Command>(deps: ManageDeps, editor: Editor<Command>, request: FastifyRequest, reply: FastifyReply) {
  const asked = await editOf(deps, editor, request)
  const addresses = addressesOf(editor, asked)
  const open = await openDraft({ deps, editor, reply, edit: asked }, (request.query as { draft?: unknown }).draft)
  if (!open) return reply
  const { edit, draft, reading } = open
  if (reading.disputes.length > 0) return reply.redirect(`${addresses.conflict}?draft=${draft.id}`, 303)
  const preview = await previewProfileChange(deps.db.pool, {
    odsCode: edit.odsCode,
    decide: (profile) => editor.decide(profile, reading.command, edit),
    today: edit.today,
  })
  if (!preview?.ok) return showProblems(editor, reply, asked, draft, preview?.problems ?? [outOfDate])
  const { after } = preview.value
  const before = preview.value.before.profile
  const services = await servicesNow(deps, edit, preview.value)
  return render(reply, {
    ...stepPage(edit, draft, addresses, titleOf(editor, edit)),
    differences: editor.differences(before, after, edit),
    notes: editor.notes(before, after, reading.command, edit),
    publicView: editor.publicView(after, reading.command, edit),
    effects: editor.effects?.(after, services, edit) ?? [],
    letter: editor.letter?.(before, after, edit) ?? null,
    services: reachedServices(services),
    ownValues: servicesWithOwnValues(before, after, await loadServicesOf(deps.db.pool, edit.odsCode), edit.today),
  })
}

/** What changes in each service at once: not what is held. */
async function servicesNow(
  { db }: ManageDeps,
  { odsCode, today, holds = [] }: Edit,
  { after, services }: { readonly after: Profile; readonly services: readonly ServicePlan[] },
): Promise<readonly ServicePlan[]> {
  const fields = holds.flatMap(({ held }) => held ?? [])
  if (fields.length === 0) return services
  const decide = (profile: Profile) => accepted(keepFields(profile, after, fields))
  const preview = await previewProfileChange(db.pool, { odsCode, decide, today })
  return preview?.ok ? preview.value.services : services
}

const titleOf = <Command>({ checkTitle }: Editor<Command>, edit: Edit): string =>
  typeof checkTitle === 'string' ? checkTitle : checkTitle(edit)

async function save<Command>(deps: ManageDeps, editor: Editor<Command>, request: FastifyRequest, reply: FastifyReply) {
  const asked = await editOf(deps, editor, request)
  const addresses = addressesOf(editor, asked)
  const fields = fieldsOf(request.body)
  const page = editor.afterwards?.(asked) ?? `/manage/${asked.odsCode}`
  const afterwards = ({ id }: Draft) => `${page}?saved=${id}`
  const open = await openDraft({ deps, editor, reply, edit: asked }, rawIn(fields, 'draft'), afterwards)
  if (!open) return reply
  const { edit, draft, reading } = open
  if (reading.disputes.length > 0) return reply.redirect(`${addresses.conflict}?draft=${draft.id}`, 303)
  const outcome = await saveProfileChange(deps, {
    odsCode: edit.odsCode,
    section: editor.section,
    expectedVersion: edit.stored.version,
    actor: auditNameOf(edit.actor),
    action: editor.historyName,
    decide: (profile) => editor.decide(profile, reading.command, edit),
    keepServices: keptServices(fields),
    alongside: (tx, services, waiting) => settleDraft(tx, editor, edit, draft, services, waiting),
  })
  if (outcome.outcome === 'conflict') return reply.redirect(`${addresses.conflict}?draft=${draft.id}`, 303)
  if (outcome.outcome === 'refused') return showProblems(editor, reply, asked, draft, outcome.problems)
  if (outcome.outcome === 'saved') await deps.follower.reached(outcome.seq)
  else await settleDraft(deps.db.pool, editor, edit, draft, [])
  return reply.redirect(afterwards(draft), 303)
}

/** Marks the draft as saved, so that saving it again does nothing more. */
const settleDraft = <Command>(
  db: Queryable,
  editor: Editor<Command>,
  edit: Edit,
  { id, savedAt: _, ...content }: Draft,
  services: readonly ServicePlan[],
  waiting: readonly HeldField[] = [],
): Promise<void> =>
  saveDraft(
    db,
    ownerOf(editor, edit),
    id,
    { ...content, saved: true, services: reachedServices(services).length, waiting },
    edit.now,
  )

/** The services ticked "leave as it is" on the check page. */
const keptServices = (fields: Fields): ReadonlySet<number> =>
  new Set(
    Object.keys(fields)
      .filter((name) => /^keep-\d{1,15}$/.test(name) && tickIn(fields, name) === true)
      .map((name) => Number(name.slice('keep-'.length))),
  )
