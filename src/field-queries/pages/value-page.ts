/** The page of one value that was asked for: both values, and what this side may do. View: value.njk */
import type { FastifyReply } from 'fastify'
import type { Actor } from '#src/accounts/actor.ts'
import { valueReference } from '#src/emails/field-conflict.ts'
import { NotFound } from '#src/platform/errors.ts'
import { type Fields, lineIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { fieldLabel } from '#src/profiles/held-field-words.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import { loadNames } from '#src/profiles/names-and-moments.ts'
import { parseWords } from '#src/profiles/proposed-values.ts'
import { type Problem, refused } from '#src/rules/problems.ts'
import { type Choice, choicesFor, decideValue, type ListedValue, type Side } from '../values.ts'
import type { FieldPagesDeps } from './lead-pages.ts'
import { LONGEST_SHORT_WORDS } from './query.form.ts'
import type { Tag } from './query-words.ts'
import { endedWords, type ValueWords, valueAddress, valueTag, valueWords } from './value-words.ts'

type View = ValueWords & {
  readonly title: string
  readonly reference: string
  readonly pharmacy: string
  readonly ods: string
  readonly field: string
  readonly back: { readonly text: string; readonly href: string }
  readonly action: string
  readonly tag: Tag
  readonly reason: string | null
  readonly ended: string | null
  readonly state: string
  readonly version: number
  readonly isLead: boolean
  readonly longest: number
  readonly notice: string | null
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const render = template<View>('field-queries/pages/value.njk')

type Shown = Pick<View, 'fields' | 'problems' | 'notice'>
const FRESH: Shown = { fields: {}, problems: [], notice: null }

/** Shows a value to one side, with what may be done; nothing may, where `mayDecide` is false. */
export async function showValue(
  { db, holidays }: FieldPagesDeps,
  reply: FastifyReply,
  value: ListedValue,
  { side, back, mayDecide = true }: { readonly side: Side; readonly back: View['back']; readonly mayDecide?: boolean },
  more: Shown = FRESH,
) {
  const stored = await loadProfile(db.pool, value.odsCode)
  if (!stored) throw new NotFound(`No pharmacy has the ODS code ${value.odsCode}`)
  const nameOf = await loadNames(db.pool, [value.person, value.metBy, value.decidedBy])
  const choices = mayDecide ? choicesFor(value, side) : []
  return render(reply, {
    ...more,
    ...valueWords(value, stored.profile, { side, choices, holidays: holidays(), nameOf }),
    title: fieldLabel(value.field, stored.profile.kind),
    reference: valueReference(value.id),
    pharmacy: value.pharmacyName,
    ods: value.odsCode,
    field: value.field,
    back,
    action: valueAddress(value, side),
    tag: valueTag(value),
    reason: value.reason,
    ended: endedWords(value, nameOf),
    state: value.state,
    version: stored.version,
    isLead: side === 'lead',
    longest: LONGEST_SHORT_WORDS,
  })
}

/**
 * Decides what the form says. Undefined when it was not decided, and the reply then shows why: problems, or that somebody
 * was faster. `again` loads the value as it is now.
 */
export async function decideFrom(
  deps: FieldPagesDeps,
  reply: FastifyReply,
  given: {
    readonly actor: Actor
    readonly value: ListedValue
    readonly side: Side
    readonly back: View['back']
    readonly fields: Fields
    readonly again: () => Promise<ListedValue | undefined>
  },
): Promise<Choice | undefined> {
  const { actor, value, side, back, fields } = given
  const read = readDecision(fields, value, side)
  if (!read.ok) {
    await showValue(deps, reply.code(422), value, { side, back }, { fields, problems: read.problems, notice: null })
    return undefined
  }
  const { choice, words } = read.value
  const version = /^\d{1,9}$/.test(lineIn(fields, 'version')) ? Number(lineIn(fields, 'version')) : 0
  const state = lineIn(fields, 'state') === 'conflict' ? 'conflict' : 'open'
  const { id, odsCode } = value
  const outcome = await decideValue(deps, actor, { id, odsCode, side, choice, words, state, version })
  if (outcome.outcome === 'decided') {
    await deps.follower.reached(outcome.seq)
    return choice
  }
  const now = (await given.again()) ?? value
  if (outcome.outcome === 'changed') {
    const notice =
      'Somebody else was faster, or the field changed while you were reading. What you see now is up to date.'
    await showValue(deps, reply.code(409), now, { side, back }, { fields, problems: [], notice })
    return undefined
  }
  const problems = [{ field: 'do', code: 'refused', message: outcome.problem }]
  await showValue(deps, reply.code(422), now, { side, back }, { fields, problems, notice: null })
  return undefined
}

function readDecision(fields: Fields, value: ListedValue, side: Side) {
  const choice = (['take', 'leave'] as const).find((each) => each === lineIn(fields, 'do'))
  if (!choice) return refused({ field: 'do', code: 'missing', message: 'Choose what to do' })
  const mustSay = side === 'pharmacy' && choice === 'leave' && value.kind === 'proposal'
  const words = parseWords(fields, 'words', {
    label: 'Your words',
    longest: LONGEST_SHORT_WORDS,
    missing: mustSay ? 'Tell them why, so that they know what to do next' : null,
  })
  return words.ok ? ({ ok: true, value: { choice, words: words.value } } as const) : words
}
