/** The form on how a distance selling pharmacy delivers: body to what it says, or field problems. No I/O. */
import type { Delivery } from '#src/profiles/profile.ts'
import { formatTime, parseClockTime } from '#src/rules/clock-time.ts'
import { parsePremisesNumber } from '#src/rules/premises-number.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { type Fields, isUnreadable, lineIn, proseIn } from './fields.ts'

/** What was said, as the form shows it. */
export const deliveryFields = (delivery: Delivery | undefined): Fields => ({
  how: delivery?.how ?? '',
  'order-by': delivery?.orderBy ? formatTime(delivery.orderBy) : '',
  'working-days': delivery?.workingDays ? String(delivery.workingDays) : '',
  'premises-number': delivery?.premisesNumber ?? '',
})

/** Reads the form; how long the words may be and what they may ask for is the decision's to say. */
export function parseDeliveryForm(fields: Fields): Result<Delivery> {
  const how = proseIn(fields, 'how')
  const time = lineIn(fields, 'order-by')
  const days = lineIn(fields, 'working-days')
  const number = lineIn(fields, 'premises-number')
  const orderBy = time === '' ? null : parseClockTime(time)
  const premisesNumber = number === '' ? accepted(null) : parsePremisesNumber(number)
  const problems: readonly Problem[] = [
    ...(how === '' ? [problem('how', 'missing', 'Enter how you deliver')] : []),
    ...(isUnreadable(how)
      ? [problem('how', 'invalid', 'How you deliver must use letters, numbers and punctuation only')]
      : []),
    ...((orderBy ?? time === '') ? [] : [problem('order-by', 'invalid', 'Enter the order-by time, like 2pm or 14:00')]),
    ...(premisesNumber.ok ? [] : premisesNumber.problems),
  ]
  if (problems.length > 0) return refused(...problems)
  return accepted({
    how,
    orderBy: orderBy ?? null,
    workingDays: days === '' ? null : daysIn(days),
    premisesNumber: premisesNumber.ok ? premisesNumber.value : null,
  })
}

/** `2`, `2 days`, `2 working days`; what is no number becomes NaN, which no limits allow. */
function daysIn(text: string): number {
  const [, digits] = /^(\d{1,3})(?: ?(?:working )?days?)?$/i.exec(text) ?? []
  return digits === undefined ? Number.NaN : Number(digits)
}

const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })
