/** What a distance selling pharmacy may say of how people get their medicines. Pure: a profile in, a profile out. */
import { parsePremisesNumber } from '#src/rules/premises-number.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { invitationIn } from '#src/rules/visit-invitations.ts'
import { isRemoteOnly } from './kind-words.ts'
import type { Delivery, Profile } from './profile.ts'

export const LONGEST_DELIVERY_WORDS = 200
/** Longer than this is a slip of the hand: people who need medicines cannot wait two weeks. */
export const MOST_WORKING_DAYS = 10

/**
 * Sets how a distance selling pharmacy delivers. That it delivers to all of England is the rule and no choice. Problems
 * name the fields `how`, `order-by`, `working-days` and `premises-number`.
 */
export function decideSetDelivery(profile: Profile, delivery: Delivery): Result<Profile> {
  if (!isRemoteOnly(profile.kind)) {
    const message = 'Only a distance selling pharmacy says here how it delivers'
    return refused({ field: 'how', code: 'not-remote', message })
  }
  const problems = [...howProblems(delivery), ...numberProblems(delivery)]
  return problems.length > 0 ? refused(...problems) : accepted({ ...profile, delivery })
}

function howProblems({ how }: Delivery): readonly Problem[] {
  if (how === null) return []
  const tooLong = [...how].length > LONGEST_DELIVERY_WORDS
  return [
    ...(tooLong
      ? [
          {
            field: 'how',
            code: 'too-long',
            message: `How you deliver must be ${LONGEST_DELIVERY_WORDS} characters or fewer`,
          },
        ]
      : []),
    ...invitationProblems('how', 'how you deliver', how),
  ]
}

function numberProblems({ orderBy, workingDays, premisesNumber }: Delivery): readonly Problem[] {
  const problems: Problem[] = []
  if (orderBy !== null && !(Number.isInteger(orderBy) && orderBy > 0 && orderBy < 1440)) {
    problems.push({ field: 'order-by', code: 'invalid', message: 'Enter the order-by time, like 2pm or 14:00' })
  }
  if (
    workingDays !== null &&
    !(Number.isInteger(workingDays) && workingDays >= 1 && workingDays <= MOST_WORKING_DAYS)
  ) {
    problems.push({
      field: 'working-days',
      code: 'range',
      message: `The usual delivery time must be a whole number of working days from 1 to ${MOST_WORKING_DAYS}`,
    })
  }
  const number = premisesNumber === null ? accepted('') : parsePremisesNumber(premisesNumber)
  return number.ok ? problems : [...problems, ...number.problems]
}

/** What is wrong with public words of a pharmacy that has no visitors, if they ask people to come. */
export function invitationProblems(field: string, label: string, text: string | null): readonly Problem[] {
  const found = text === null ? undefined : invitationIn(text)
  if (!found) return []
  const what = found.kind === 'address' ? `the address “${found.words}”` : `“${found.words}”`
  const message = `Take out ${what}: ${label} must not ask people to come to you`
  return [{ field, code: found.kind, message }]
}
