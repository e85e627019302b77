/** What the page of a closure says of what was just done to it. Pure. */
import { closuresAt, momentInWords } from '#src/profiles/closure-words.ts'
import type { Profile } from '#src/profiles/profile.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { closureStateAt } from '#src/rules/closure-states.ts'
import { formatLondon, toLondon } from '#src/rules/london-time.ts'
import { TRAINING_PHARMACY } from '#src/rules/ods-code.ts'
import type { StoredClosure } from '../closure-records.ts'
import { nextOpeningOf } from '../due-open.ts'
import { servicesWords } from './closure-view.ts'

export type JustDone = {
  readonly closure: StoredClosure
  readonly profile: Profile
  readonly holidays: HolidayCalendar
  readonly now: Date
}

/** What was done, as far as it is so now; null when the address claims something that is not. */
export function doneBanner(done: string, facts: JustDone): string | null {
  const { closure, now } = facts
  const state = closureStateAt(closure, now.getTime())
  const isComing = state === 'planned' || state === 'closed'
  switch (done) {
    case 'closed':
      return isComing ? closedWords(facts, state) : null
    case 'reopened':
      return state === 'reopened' ? reopenedWords(facts) : null
    case 'changed':
      return isComing ? 'The expected time of reopening is changed.' : null
    case 'confirmed':
      return state === 'closed' ? 'Thank you. We know that you are still closed.' : null
    case 'cancelled':
      return state === 'cancelled' ? 'The closure is cancelled.' : null
    default:
      return null
  }
}

/** A pharmacy that is hidden has no public page. */
const hasPage = ({ status }: Profile): boolean => status === 'open' || status === 'temporarily-closed'
function shownWords(profile: Profile): string {
  if (profile.odsCode === TRAINING_PHARMACY) return 'At a real pharmacy NHS 111 and the public page show it at once.'
  return hasPage(profile) ? 'NHS 111 and the public page show it now.' : 'NHS 111 knows it now.'
}

function closedWords({ closure: { services }, profile }: JustDone, state: 'planned' | 'closed'): string {
  if (state === 'planned') return `Your closure is planned.${hasPage(profile) ? ' The public page shows it now.' : ''}`
  const shown = shownWords(profile)
  if (services === null) return `You are closed. ${shown}`
  return `${servicesWords(services, services.length === 1 ? 'is closed' : 'are closed')}. ${shown}`
}

/** Over is not open: another closure may be in force, or it is evening. */
function reopenedWords({ closure, profile, holidays, now }: JustDone): string {
  const at = toLondon(now)
  const shown = shownWords(profile)
  const others = closuresAt(profile.closures, at).filter(({ id }) => id !== closure.id)
  if (others.some(({ services }) => services === null)) {
    return 'This closure is over, but you are still closed: another closure is in force.'
  }
  if (closure.services !== null) return `The closure of ${servicesWords(closure.services)} is over. ${shown}`
  const opens = nextOpeningOf(profile, holidays, at)
  if (opens) return `This closure is over. You open next at ${momentInWords(formatLondon(opens), at)}. ${shown}`
  return others.length > 0 ? 'You are open again. Some services are still closed.' : `You are open again. ${shown}`
}
