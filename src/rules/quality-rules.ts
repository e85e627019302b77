/**
 * The quality rules: what is checked every night, why it matters and who puts it right. Pure.
 *
 * A key is for ever: findings, exemptions and trends are kept by it. Whoever changes what a rule finds raises its
 * version, so that a jump of its trend explains itself.
 */
import { absentFromList, closedInOds, differsFromList, differsFromOds, successors, unknownHere } from './drift-rules.ts'
import {
  activeThoughClosed,
  blankHolidays,
  couldNotHelp,
  missingTypes,
  staleVerification,
  unknownHours,
  withoutMainService,
  withoutPhone,
  withoutWebsite,
} from './quality-of-pharmacies.ts'
import {
  blankHours,
  duplicateServices,
  farPins,
  impossibleHours,
  misplacedZCodes,
  missingZCodes,
  notPlaced,
  ownValues,
  servicesWithoutPhone,
  unknownPostcodes,
  unmatchedServices,
  untidyCodes,
} from './quality-of-services.ts'
import type { CheckedPlace, Checking, Found } from './quality-subject.ts'

export type Severity = 'high' | 'medium' | 'low'
/** `quality`: something is wrong in itself. `drift`: we and a file of the NHS disagree, and either may be right. */
export type RuleKind = 'quality' | 'drift'

export type DriftSource = 'ods' | 'list'

export type QualityRule = {
  readonly key: string
  readonly version: number
  readonly kind: RuleKind
  /** The file that drift is compared with; null for everything else. */
  readonly source: DriftSource | null
  readonly severity: Severity
  /** The name in words. */
  readonly name: string
  /** Why it matters, in a sentence. */
  readonly why: string
  /** How it is put right, in a sentence. */
  readonly fix: string
  /** Who can put it right: the pharmacy itself, or the directory team. */
  readonly by: 'pharmacy' | 'directory-team'
  /** Where the pharmacy does so, below its own address; null: nowhere. */
  readonly page: string | null
  readonly find: (place: CheckedPlace, checking: Checking) => readonly Found[]
}

/** What a broken rule takes off the score of 100. */
export const POINTS: Readonly<Record<Severity, number>> = { high: 20, medium: 10, low: 4 }

const TEAM = { by: 'directory-team', page: null } as const
const pharmacyAt = (page: string) => ({ by: 'pharmacy', page }) as const

/** The order in which they are shown, and in which equal ones are put right. */
export const QUALITY_RULES: readonly QualityRule[] = [
  {
    ...{ key: 'closed-still-active', version: 1, kind: 'quality', source: null, severity: 'high', ...TEAM },
    name: 'Active service of a closed or hidden pharmacy',
    why: 'Urgent care sends people to a door that is shut.',
    fix: 'Close the service, or open the pharmacy’s profile again.',
    find: activeThoughClosed,
  },
  {
    ...{ key: 'duplicate-service', version: 1, kind: 'quality', source: null, severity: 'high', ...TEAM },
    name: 'Service that is there twice',
    why: 'Searches return the same pharmacy twice and push another off the list; changes reach only one of them.',
    fix: 'Keep one of the two and retire the other.',
    find: duplicateServices,
  },
  {
    ...{ key: 'no-main-service', version: 1, kind: 'quality', source: null, severity: 'high', ...TEAM },
    name: 'Open pharmacy without its main service',
    why: 'NHS 111 and other urgent care services cannot find it.',
    fix: 'Add an active service of type 13, or of type 134 for one that sells at a distance.',
    find: withoutMainService,
  },
  {
    ...{ key: 'unmatched-service', version: 1, kind: 'quality', source: null, severity: 'high', ...TEAM },
    name: 'Pharmacy service without a profile',
    why: 'Nobody at a pharmacy keeps it right, and it is not verified.',
    fix: 'Correct its ODS code, or retire it when there is no such pharmacy any more.',
    find: unmatchedServices,
  },
  {
    ...{ key: 'untidy-code', version: 1, kind: 'quality', source: null, severity: 'high', ...TEAM },
    name: 'ODS code written in another way',
    why: 'Whoever compares codes as they stand does not see that the service belongs to its pharmacy.',
    fix: 'Write the code in capitals and without spaces.',
    find: untidyCodes,
  },
  {
    ...{ key: 'misplaced-z-code', version: 1, kind: 'quality', source: null, severity: 'high', ...TEAM },
    name: 'Z code where it does not belong',
    why: 'A Z code tells NHS 111 what a service offers. This service does not offer it, so searches for it return the wrong one.',
    fix: 'Take the code off this service; the service that offers it carries it.',
    find: misplacedZCodes,
  },
  {
    ...{ key: 'missing-z-code', version: 1, kind: 'quality', source: null, severity: 'medium', ...TEAM },
    name: 'Active service without its Z code',
    why: 'A Z code tells NHS 111 what a service offers. Without it, no search for that finds the service.',
    fix: 'Add the code, or close the service when it is not offered.',
    find: missingZCodes,
  },
  {
    ...{ key: 'impossible-hours', version: 1, kind: 'quality', source: null, severity: 'high', ...TEAM },
    name: 'Impossible opening times',
    why: 'Nobody can tell when the service is open, so searches may leave it out or return it when it is shut.',
    fix: 'Correct the times of the day that is named.',
    find: impossibleHours,
  },
  {
    ...{
      key: 'not-placed',
      version: 1,
      kind: 'quality',
      source: null,
      severity: 'high',
      ...pharmacyAt('address-and-name'),
    },
    name: 'Not on the map',
    why: 'It is never found by distance.',
    fix: 'Correct the postcode, or set the map pin. A postcode that is new comes with the next postcode file.',
    find: notPlaced,
  },
  {
    ...{
      key: 'blank-holidays',
      version: 1,
      kind: 'quality',
      source: null,
      severity: 'high',
      ...pharmacyAt('bank-holidays'),
    },
    name: 'Bank holidays without an answer',
    why: 'On such a day people are told to check before they travel, and searches leave the pharmacy out.',
    fix: 'Say for each day whether the pharmacy is open, and when.',
    find: blankHolidays,
  },
  {
    ...{ key: 'missing-type', version: 1, kind: 'quality', source: null, severity: 'medium', ...TEAM },
    name: 'Offered, and no service for it',
    why: 'The pharmacy offers it, and no search can find that.',
    fix: 'Add the DoS service of the type that is named.',
    find: missingTypes,
  },
  {
    ...{ key: 'blank-hours', version: 1, kind: 'quality', source: null, severity: 'medium', ...TEAM },
    name: 'Active service that is never open',
    why: 'It is active and no search can return it.',
    fix: 'Enter its opening times, or close it.',
    find: blankHours,
  },
  {
    ...{
      key: 'unknown-hours',
      version: 1,
      kind: 'quality',
      source: null,
      severity: 'medium',
      ...pharmacyAt('opening-times'),
    },
    name: 'Opening times that are unknown or look wrong',
    why: 'People are told to check before they travel, or to come when it is shut.',
    fix: 'Enter the opening times of each day.',
    find: unknownHours,
  },
  {
    ...{
      key: 'missing-phone',
      version: 1,
      kind: 'quality',
      source: null,
      severity: 'medium',
      ...pharmacyAt('contact-details'),
    },
    name: 'Pharmacy without a phone number',
    why: 'People cannot ask before they travel.',
    fix: 'Enter the phone number for the public.',
    find: withoutPhone,
  },
  {
    ...{ key: 'service-phone', version: 1, kind: 'quality', source: null, severity: 'medium', ...TEAM },
    name: 'Pharmacy service without a phone number',
    why: 'Nobody can ring before a referral, and no profile fills the number in.',
    fix: 'Enter a number, or match the service with its pharmacy.',
    find: servicesWithoutPhone,
  },
  {
    ...{
      key: 'pin-far',
      version: 1,
      kind: 'quality',
      source: null,
      severity: 'medium',
      ...pharmacyAt('address-and-name'),
    },
    name: 'Pin far from its postcode',
    why: 'Distances are wrong, so people are sent farther than they need to go.',
    fix: 'Set the map pin where the door is, or correct the postcode.',
    find: farPins,
  },
  {
    ...{
      key: 'stale-verification',
      version: 1,
      kind: 'quality',
      source: null,
      severity: 'medium',
      ...pharmacyAt('check-everything'),
    },
    name: 'Not checked since the quarter before last',
    why: 'Nobody has said for a long time that it is right, and the terms of service ask for it every quarter.',
    fix: 'Check every section of the profile and confirm it.',
    find: staleVerification,
  },
  {
    ...{ key: 'could-not-help', version: 1, kind: 'quality', source: null, severity: 'medium' },
    ...pharmacyAt('referral-problems'),
    name: 'Patients were sent whom it could not help',
    why: 'Its hours, number, capacity or services say something else than what patients meet.',
    fix: 'Look at what was told, and correct what sends patients to you in vain.',
    find: couldNotHelp,
  },
  {
    ...{ key: 'unknown-postcode', version: 1, kind: 'quality', source: null, severity: 'low' },
    ...pharmacyAt('address-and-name'),
    name: 'Postcode that nobody knows',
    why: 'Whoever types it, or drives by it, arrives somewhere else or nowhere.',
    fix: 'Correct the postcode. One that is new comes with the next postcode file.',
    find: unknownPostcodes,
  },
  {
    ...{
      key: 'own-values',
      version: 1,
      kind: 'quality',
      source: null,
      severity: 'low',
      ...pharmacyAt('urgent-care-services'),
    },
    name: 'Service that differs from its pharmacy',
    why: 'Two places say different things of one pharmacy until somebody decides.',
    fix: 'Save the section: then its services say the same, or are told to keep what they have.',
    find: ownValues,
  },
  {
    ...{
      key: 'missing-website',
      version: 1,
      kind: 'quality',
      source: null,
      severity: 'low',
      ...pharmacyAt('contact-details'),
    },
    name: 'Pharmacy without a website',
    why: 'People cannot look up more, or order.',
    fix: 'Enter the website, if there is one.',
    find: withoutWebsite,
  },
  {
    ...{ key: 'closed-in-ods', version: 1, kind: 'drift', source: 'ods', severity: 'high', ...TEAM },
    name: 'Open here, closed or missing in ODS',
    why: 'It may have closed, and people are still sent there.',
    fix: 'Ask the pharmacy or its commissioner; a closure comes with the next ODS file.',
    find: closedInOds,
  },
  {
    ...{ key: 'absent-from-list', version: 1, kind: 'drift', source: 'list', severity: 'high', ...TEAM },
    name: 'Open here, no longer on the pharmaceutical list',
    why: 'It may have lost its contract or changed hands.',
    fix: 'Ask the commissioner whether it is still under contract.',
    find: absentFromList,
  },
  {
    ...{ key: 'successor', version: 1, kind: 'drift', source: 'ods', severity: 'medium', ...TEAM },
    name: 'Another pharmacy opened where it closed',
    why: 'After a change of ownership the services may still carry the old code.',
    fix: 'Check that the new code has a profile and services, and close those of the old one.',
    find: successors,
  },
  {
    ...{ key: 'unknown-here', version: 1, kind: 'drift', source: 'ods', severity: 'medium', ...TEAM },
    name: 'In ODS, and without a profile here',
    why: 'A pharmacy that opened is not found until it has a profile.',
    fix: 'It comes with the next pharmaceutical list; look whether it trades already.',
    find: unknownHere,
  },
  {
    ...{ key: 'differs-from-list', version: 1, kind: 'drift', source: 'list', severity: 'medium', ...TEAM },
    name: 'Differs from the pharmaceutical list',
    why: 'The list is what the pharmacy is contracted for: one of the two is out of date.',
    fix: 'Ask the pharmacy, or keep ours with a reason.',
    find: differsFromList,
  },
  {
    ...{ key: 'differs-from-ods', version: 1, kind: 'drift', source: 'ods', severity: 'low', ...TEAM },
    name: 'Differs from the ODS file',
    why: 'Other systems take names and numbers from ODS.',
    fix: 'Ask the pharmacy, or keep ours with a reason.',
    find: differsFromOds,
  },
]

const BY_KEY: ReadonlyMap<string, QualityRule> = new Map(QUALITY_RULES.map((rule) => [rule.key, rule]))

/** The rule of this key; undefined when there is none. */
export const qualityRule = (key: string): QualityRule | undefined => BY_KEY.get(key)

/** A finding with the rule that found it. */
export type RuleFound = Found & { readonly rule: string }

/** Everything that the rules find wrong at one place, in the order of the rules. */
export const checkPlace = (place: CheckedPlace, checking: Checking): readonly RuleFound[] =>
  QUALITY_RULES.flatMap(({ key, find }) => find(place, checking).map((found) => ({ ...found, rule: key })))
