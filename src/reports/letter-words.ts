/**
 * Letters about checks that are missing, drafted for whoever answers for an area: a reminder, and the draft of a remedial
 * notice. Nothing sends them: people read, change, sign and send. Pure.
 */
import { areaInWords } from '#src/rules/area-names.ts'
import { formatDate, formatDateShort } from '#src/rules/clock-time.ts'
import type { FinancialQuarter } from '#src/rules/financial-quarter.ts'
import type { LocalDate } from '#src/rules/london-time.ts'

export const LETTER_KINDS = ['reminder', 'remedial'] as const
export type LetterKind = (typeof LETTER_KINDS)[number]

export type LetterFacts = {
  readonly quarter: FinancialQuarter
  readonly today: LocalDate
  readonly odsCode: string
  readonly name: string
  /** Lines of its address, the postcode last. */
  readonly address: readonly string[]
  readonly icb: string | null
  /** Titles of the sections that were not checked. */
  readonly missing: readonly string[]
  /** Days and instants in words; null: never, none. */
  readonly heardOn: string | null
  readonly remindedOn: string | null
  /** When everything was checked after all, in words; null when it was not. */
  readonly lateOn: string | null
  readonly frozenOn: string | null
  readonly rootHash: string | null
  readonly checkAddress: string
}

const YOU = ['[Your name and role]', '[Your team]', '[Your telephone and email]']

/** The letter, line by line; what stands in square brackets is for the sender to fill in. */
export const letterText = (kind: LetterKind, facts: LetterFacts): string =>
  `${(kind === 'reminder' ? reminder(facts) : remedial(facts)).join('\n')}\n`

function reminder(facts: LetterFacts): readonly string[] {
  const { quarter, today, name, odsCode, checkAddress } = facts
  const isOver = quarter.ends < today
  const by = formatDateShort(quarter.ends)
  return [
    ...head(facts),
    `NHS profile checks, ${quarter.name}: ${name} (${odsCode})`,
    '',
    'Dear colleague',
    '',
    'Patients, NHS 111 and GPs rely on what the profile of your pharmacy says. The terms of service ask every pharmacy to check its profile at least once in each quarter of the financial year.',
    '',
    isOver
      ? `The quarter ended on ${by}. In it these parts were not checked:`
      : `On ${formatDateShort(today)} these parts were not checked in this quarter, which ends on ${by}:`,
    ...facts.missing.map((part) => `- ${part}`),
    '',
    ...contacts(facts),
    isOver ? 'Please check them now. It takes a few minutes:' : `Please check them by ${by}. It takes a few minutes:`,
    checkAddress,
    '',
    'If nobody at the pharmacy can sign in, or you think that this letter is wrong, please tell us.',
    '',
    ...YOU,
  ]
}

/**
 * Source: the National Health Service (Pharmaceutical and Local Pharmaceutical Services) Regulations 2013, Part 10. What it
 * asks of a notice is for the sender to confirm: this is a draft, and says so.
 */
function remedial(facts: LetterFacts): readonly string[] {
  const { quarter, name, odsCode, frozenOn, rootHash, lateOn } = facts
  return [
    'DRAFT. This is no notice until somebody who may give one has checked it, completed it and signed it.',
    'Before you give it: has local dispute resolution been tried? Is there good cause for the delay? Does the regulation still read as this draft assumes?',
    '',
    ...head(facts),
    `Remedial notice: ${name} (${odsCode})`,
    'NHS (Pharmaceutical and Local Pharmaceutical Services) Regulations 2013, [regulation 70: confirm]',
    '',
    '1. What was not done',
    `The terms of service ask every pharmacy to check its NHS profile at least once in each quarter of the financial year [paragraph of Schedule 4: confirm]. The quarter ${quarter.name} ended on ${formatDateShort(quarter.ends)}. In it these parts were not checked:`,
    ...facts.missing.map((part) => `- ${part}`),
    ...(frozenOn === null
      ? ['This is from the report of the quarter, which is not frozen yet.']
      : [`This is from the report of the quarter as it was frozen on ${frozenOn}, root hash ${rootHash}.`]),
    ...(lateOn === null ? [] : [`They were checked after the quarter had ended, on ${lateOn}.`]),
    '',
    ...contacts(facts),
    '2. What you must do',
    lateOn === null
      ? `Check these parts of the profile, and put right what is wrong: ${facts.checkAddress}`
      : '[Nothing is left to check. Is a notice still right?]',
    '',
    '3. By when',
    '[A date at least 30 days after the day of this notice]',
    '',
    '4. What may happen otherwise',
    '[What you may do if it is not put right in that time]',
    '',
    '5. Your right of appeal',
    '[To whom, how, and within how many days of this notice]',
    '',
    ...YOU,
  ]
}

const head = ({ today, icb, name, odsCode, address }: LetterFacts): readonly string[] => [
  `[Your address]${icb === null ? '' : `, for the integrated care board ${areaInWords(icb)}`}`,
  formatDate(today),
  '',
  `The owner and the superintendent pharmacist of ${name} (${odsCode})`,
  ...address,
  '',
]

const contacts = ({ heardOn, remindedOn }: LetterFacts): readonly string[] => [
  `Somebody at the pharmacy last checked or changed something on: ${heardOn ?? 'no day that we know of'}.`,
  `The last reminder by email in this quarter was sent on: ${remindedOn ?? 'none was sent'}.`,
  '',
]
