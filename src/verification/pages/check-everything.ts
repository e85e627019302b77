/** `/manage/:odsCode/check-everything`: all sections on one page, one declaration. View: check-everything.njk */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { auditNameOf } from '#src/accounts/actor.ts'
import { template } from '#src/platform/views.ts'
import { formatDayOf, formatMoment, loadNames } from '#src/profiles/names-and-moments.ts'
import type { Profile, ProfileKind, ProfileSection, Sections } from '#src/profiles/profile.ts'
import { sectionPage, sectionTitle } from '#src/profiles/section-pages.ts'
import { type PartDifference, partDifferences, partValues } from '#src/profiles/section-words.ts'
import { isCheckedThisQuarter, QUARTERLY_SECTIONS } from '#src/profiles/sections-due.ts'
import { type ManageDeps, type Visit, visit } from '#src/profiles/visit.ts'
import { formatDateShort } from '#src/rules/clock-time.ts'
import { quarterOf } from '#src/rules/financial-quarter.ts'
import type { Problem } from '#src/rules/problems.ts'
import { type ConfirmOutcome, confirmProblems, confirmSections } from '../confirm-sections.ts'
import { loadSinceLastCheck, type SinceLastCheck } from '../since-last-check.ts'
import { changeAddress } from './change-address.ts'
import { type CheckForm, checkFormProblems, readCheckForm } from './check-everything.form.ts'

type SectionCard = {
  readonly section: ProfileSection
  readonly title: string
  /** In the middle of a sentence: `contact details`. */
  readonly name: string
  readonly isChecked: boolean
  readonly values: readonly { readonly label: string; readonly text: string | null; readonly isPublic: boolean }[]
  readonly since: string
  readonly differences: readonly PartDifference[]
  /** What another person changed while this one was reading. */
  readonly theirs: { readonly heading: string; readonly differences: readonly PartDifference[] } | null
  /** Why it cannot be confirmed; empty when it can. */
  readonly blocked: readonly string[]
  readonly mayChange: boolean
  readonly changeAddress: string
  readonly chosen: string
}

type CheckView = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly quarter: string
  readonly deadline: string
  readonly version: number
  readonly cards: readonly SectionCard[]
  readonly declared: boolean
  /** Whether one button may answer everything. */
  readonly shortcut: boolean
  readonly problems: readonly Problem[]
}

const render = template<CheckView>('verification/pages/check-everything.njk')
const PATH = '/manage/:odsCode/check-everything'
const NOTHING_SENT: CheckForm = { version: 0, answers: new Map(), declared: false, all: false }

/** Mounts the page. */
export function checkEverythingPage(app: FastifyInstance, deps: ManageDeps): void {
  app.get(PATH, async (request, reply) => {
    const seen = await visit(deps, request, 'confirm-section')
    return render(reply, await viewOf(deps, seen, NOTHING_SENT, []))
  })
  app.post(PATH, async (request, reply) => take(deps, request, reply))
}

async function take(deps: ManageDeps, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const seen = await visit(deps, request, 'confirm-section')
  const form = readCheckForm(request.body, QUARTERLY_SECTIONS)
  const asked = QUARTERLY_SECTIONS.filter((section) => blockedBy(seen, section).length === 0)
  const problems = checkFormProblems(
    form,
    asked.map((section) => ({ section, name: nameOf(section, seen.stored.profile.kind) })),
  )
  if (problems.length > 0) return render(backable(reply.code(422)), await viewOf(deps, seen, form, problems))

  const changes = form.all ? [] : QUARTERLY_SECTIONS.filter((section) => form.answers.get(section) === 'change')
  const correct = asked.filter((section) => !changes.includes(section))
  const [first] = changes
  if (correct.length === 0) {
    return reply.redirect(first ? changeAddress(seen.odsCode, first) : `/manage/${seen.odsCode}/check-everything`, 303)
  }
  const outcome = await confirmSections(deps, {
    odsCode: seen.odsCode,
    sections: correct,
    expectedVersion: form.version,
    actor: auditNameOf(seen.actor),
  })
  if (outcome.outcome === 'stale') return showStale(deps, request, reply, form, outcome)
  if (outcome.outcome === 'refused') {
    const again = await visit(deps, request, 'confirm-section')
    return render(backable(reply.code(422)), await viewOf(deps, again, form, outcome.problems.map(onItsCard)))
  }
  await deps.follower.reached(outcome.seq)
  return reply.redirect(nextAddress(seen.odsCode, outcome.reference, changes), 303)
}

/** The form of the one section to change, else the receipt, with links to the forms that wait. */
function nextAddress(odsCode: string, reference: string, changes: readonly ProfileSection[]): string {
  const [first] = changes
  if (first && changes.length === 1) return changeAddress(odsCode, first)
  const waiting = changes.length === 0 ? '' : `&change=${changes.map((section) => sectionPage(section).slug).join('.')}`
  return `/manage/${odsCode}/receipts/${reference}?done=check${waiting}`
}

/** Names what somebody else changed meanwhile. What the person answered for other sections stays. */
async function showStale(
  deps: ManageDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  form: CheckForm,
  { base, sections }: Extract<ConfirmOutcome, { outcome: 'stale' }>,
): Promise<FastifyReply> {
  const seen = await visit(deps, request, 'confirm-section')
  const standings = seen.stored.sections
  const names = await loadNames(
    deps.db.pool,
    sections.map((section) => standings[section].changedBy),
  )
  const problems = sections.map((section) => ({
    field: base ? `${section}-theirs` : section,
    code: 'stale',
    message: staleWords(seen, section, names, base !== undefined),
  }))
  const others = new Map([...form.answers].filter(([section]) => !sections.includes(section)))
  const kept = { ...form, answers: others, declared: false }
  const view = await viewOf(deps, seen, kept, problems)
  const cards = view.cards.map((card) =>
    base && sections.includes(card.section) ? { ...card, theirs: theirChange(seen, card.section, base, names) } : card,
  )
  return render(backable(reply.code(409)), { ...view, cards, shortcut: false })
}

function staleWords(
  { stored, today }: Visit,
  section: ProfileSection,
  names: (actor: string) => string,
  isKnown: boolean,
): string {
  const name = nameOf(section, stored.profile.kind)
  if (!isKnown) return `Read your ${name} again: the page that you sent was out of date`
  const { changedBy, changedAt } = stored.sections[section]
  return `${names(changedBy)} changed ${name} at ${formatMoment(changedAt, today)}. Read their change`
}

function theirChange(
  { stored, today, holidays }: Visit,
  section: ProfileSection,
  base: Profile,
  names: (actor: string) => string,
) {
  const { changedBy, changedAt } = stored.sections[section]
  return {
    heading: `Changed by ${names(changedBy)} at ${formatMoment(changedAt, today)}, while you were reading`,
    differences: partDifferences(base, stored.profile, section, holidays),
  }
}

async function viewOf(
  deps: ManageDeps,
  seen: Visit,
  form: CheckForm,
  problems: readonly Problem[],
): Promise<CheckView> {
  const { stored, odsCode, today, holidays } = seen
  const since = await loadSinceLastCheck(deps.db.pool, stored, QUARTERLY_SECTIONS, holidays)
  const names = await loadNames(
    deps.db.pool,
    QUARTERLY_SECTIONS.flatMap((section) => [stored.sections[section].checkedBy, stored.sections[section].changedBy]),
  )
  const quarter = quarterOf(today)
  const cards = QUARTERLY_SECTIONS.map((section) => cardOf(seen, section, form, since.get(section), names))
  return {
    title: 'Check everything',
    odsCode,
    pharmacy: stored.profile.name,
    quarter: quarter.name,
    deadline: formatDateShort(quarter.ends),
    version: stored.version,
    cards,
    declared: form.declared,
    shortcut: problems.length === 0 && cards.every(({ blocked }) => blocked.length === 0),
    problems,
  }
}

function cardOf(
  seen: Visit,
  section: ProfileSection,
  { answers }: CheckForm,
  since: SinceLastCheck | undefined,
  names: (actor: string) => string,
): SectionCard {
  const { stored, odsCode, today, holidays, may } = seen
  const { permission } = sectionPage(section)
  const differences = since?.differences ?? []
  return {
    section,
    title: sectionTitle(section, stored.profile.kind),
    name: nameOf(section, stored.profile.kind),
    isChecked: isCheckedThisQuarter(stored.sections, section, today),
    // A holiday that is over needs no check.
    values: partValues(stored.profile, section, holidays).filter(({ key }) => section !== 'holidays' || key >= today),
    since: sinceWords(since, stored.sections, section, names),
    differences,
    theirs: null,
    blocked: blockedBy(seen, section).map(({ message }) => message),
    mayChange: may(permission),
    changeAddress: changeAddress(odsCode, section),
    chosen: answers.get(section) ?? '',
  }
}

function sinceWords(
  since: SinceLastCheck | undefined,
  sections: Sections,
  section: ProfileSection,
  names: (actor: string) => string,
): string {
  if (!since?.checked) return 'Nobody has checked this yet.'
  const lastCheck = `${names(since.checked.by)} checked it on ${formatDayOf(since.checked.at)}`
  if (since.differences === undefined) {
    const { changedBy, changedAt } = sections[section]
    return `${names(changedBy)} changed this on ${formatDayOf(changedAt)}, after ${lastCheck}.`
  }
  if (since.differences.length === 0) return `Nothing has changed since ${lastCheck}.`
  return `Changed since ${lastCheck}:`
}

const blockedBy = ({ stored, today, holidays }: Visit, section: ProfileSection): readonly Problem[] =>
  confirmProblems(stored.profile, section, { today, holidays })

/** `contact details`, as it stands in a sentence. */
const nameOf = (section: ProfileSection, kind: ProfileKind): string => sectionTitle(section, kind).toLowerCase()

/** A section that could be confirmed when the page was sent, and cannot any more: the problem is shown on its card. */
const onItsCard = (problem: Problem): Problem => {
  const [section = ''] = problem.field.split('-')
  const isSection = QUARTERLY_SECTIONS.some((candidate) => candidate === section)
  return { ...problem, field: `${isSection ? section : section === 'phone' ? 'contact' : 'holidays'}-blocked` }
}

/** Lets the Back button return to the answer to a sent form. */
const backable = (reply: FastifyReply): FastifyReply => reply.header('cache-control', 'private, no-cache')
