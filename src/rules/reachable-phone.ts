/**
 * How a telephone number that a pharmacy gave can be reached by us: a text message to a mobile, a call to a number that
 * costs no more than a usual call. Never a premium or revenue-sharing number, a pager, a "follow me" number that may ring
 * anywhere, or an extension, which a machine cannot ask for.
 *
 * Source: Ofcom, National Telephone Numbering Plan: 01, 02 and 03 geographic and UK-wide; 0500 and 080 free to callers;
 * 055 corporate and 056 location-independent; 070 personal; 076 radiopaging, but 07624 mobile of the Isle of Man; 07
 * mobile; 084 and 087 service charge; 09 premium rate.
 */
import { parsePhone, phoneKey } from './contact-details.ts'

export type PhoneWay = 'text' | 'call'

/** The ways to reach a number, the quietest first; empty when there is none or it is not one that we ring. Never throws. */
export function waysToReach(phone: string | null | undefined): readonly PhoneWay[] {
  const parsed = parsePhone(phone ?? '')
  if (!parsed.ok) return []
  const key = phoneKey(parsed.value)
  if (MOBILE.test(key)) return ['text', 'call']
  return USUAL_CALL.test(key) ? ['call'] : []
}

const MOBILE = /^07(?:624|[1-57-9]\d\d)\d{6}$/
const USUAL_CALL = /^0(?:[123]\d{8,9}|80\d{7,8}|5[56]\d{8})$/

/** The last three digits, by which people know their number and nobody else learns it. */
export const lastDigits = (phone: string): string => phoneKey(phone).replaceAll(/\D/g, '').slice(-3)
