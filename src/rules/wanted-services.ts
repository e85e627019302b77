/**
 * What patients look for in a pharmacy, in their own words, and which services of the list that is. A patient has a sore
 * throat and looks for no "Pharmacy First".
 */
import { offeredServiceKind, offeredServiceNamed } from './offered-services.ts'

export const WANTED_GROUPS = ['illness', 'checks', 'vaccinations', 'sexual-health', 'medicines', 'support'] as const
export type WantedGroup = (typeof WANTED_GROUPS)[number]

/** Headings of the groups, for pages. */
export const WANTED_GROUP_LABELS: Readonly<Record<WantedGroup, string>> = {
  illness: 'Treatment without seeing a GP',
  checks: 'Checks and tests',
  vaccinations: 'Vaccinations',
  'sexual-health': 'Contraception and sexual health',
  medicines: 'Prescriptions and medicines',
  support: 'Help to live well',
}

export type WantedService = {
  /** As addresses name it: `sore-throat`. */
  readonly slug: string
  readonly label: string
  readonly group: WantedGroup
  /** Codes of the list of services; a pharmacy that offers one of them will do. */
  readonly codes: readonly string[]
  /** Who it is for, in words; null: anybody who needs it. */
  readonly who: string | null
  /** Somebody has to look at it: not by phone, video or post, whatever the service allows otherwise. */
  readonly inPerson: boolean
}

const PHARMACY_FIRST = 'OWN-PHARMACY-FIRST'

/** `who` is the service's own where it is left out. */
const wanted = (
  group: WantedGroup,
  slug: string,
  label: string,
  codes: readonly string[],
  said: { readonly who?: string; readonly inPerson?: true } = {},
): WantedService => ({
  ...{ slug, label, group, codes },
  who: said.who ?? (codes.length === 1 ? (offeredServiceKind(codes[0] ?? '')?.who ?? null) : null),
  inPerson: said.inPerson ?? false,
})

const condition = (slug: string, label: string, who: string, inPerson?: true): WantedService =>
  wanted('illness', slug, label, [PHARMACY_FIRST], { who, ...(inPerson && { inPerson }) })

/**
 * The whole list, in the order in which pages show it.
 * Source: NHS England, Pharmacy First: the seven conditions and their ages; service specifications for the others.
 */
export const WANTED_SERVICES: readonly WantedService[] = [
  condition('earache', 'Earache', 'Aged 1 to 17.', true),
  condition('impetigo', 'Impetigo', 'Aged 1 and over.'),
  condition('insect-bite', 'Infected insect bite', 'Aged 1 and over.'),
  condition('shingles', 'Shingles', 'Aged 18 and over.'),
  condition('sinusitis', 'Sinusitis', 'Aged 12 and over.'),
  condition('sore-throat', 'Sore throat', 'Aged 5 and over.'),
  condition('urine-infection', 'Urinary tract infection (UTI)', 'Women aged 16 to 64.'),
  wanted('illness', 'minor-illness', 'Another minor illness', [PHARMACY_FIRST, 'SRV0198'], { who: 'Anyone.' }),
  wanted('illness', 'pharmacy-first', 'Pharmacy First', [PHARMACY_FIRST]),
  wanted('checks', 'blood-pressure', 'Blood pressure check', ['SRV0560']),
  wanted('checks', 'health-check', 'NHS Health Check', ['SRV0504']),
  wanted('checks', 'diabetes', 'Type 2 diabetes check', ['SRV0517']),
  wanted('checks', 'warfarin', 'Blood tests for warfarin', ['OWN-ANTICOAGULATION']),
  wanted('vaccinations', 'flu', 'Flu vaccination (free from the NHS)', ['SRV0277']),
  wanted('vaccinations', 'flu-paid', 'Flu vaccination (paid for)', ['SRV0514']),
  wanted('vaccinations', 'covid', 'COVID-19 vaccination', ['OWN-COVID-VACCINATION']),
  wanted('vaccinations', 'travel', 'Travel vaccinations (paid for)', ['SRV0516']),
  wanted('sexual-health', 'pill', 'Contraceptive pill', ['SRV2000'], {
    who: 'Up to age 49 or 54, depending on the kind of pill.',
  }),
  wanted('sexual-health', 'morning-after', 'Morning after pill', ['SRV2000', 'SRV0498', 'SRV0530'], {
    who: 'Any age at which you can become pregnant. Some pharmacies sell it, usually from the age of 16.',
  }),
  wanted('sexual-health', 'chlamydia', 'Chlamydia test and treatment', ['SRV0267', 'SRV0531'], {
    who: 'Free usually from the age of 15 to 24. Some pharmacies sell it to others.',
  }),
  wanted('sexual-health', 'condoms', 'Free condoms', ['SRV0495']),
  wanted('medicines', 'delivery', 'Prescription delivery', ['SRV0522', 'EPS0004']),
  wanted('medicines', 'ran-out', 'Run out of a regular medicine', ['OWN-URGENT-MEDICINES-SUPPLY']),
  wanted('medicines', 'new-medicine', 'Help with a new medicine', ['SRV0257']),
  wanted('medicines', 'end-of-life', 'Medicines for end of life care', ['SRV0559']),
  wanted('medicines', 'inhaler', 'How to use your inhaler', ['SRV0503', 'SRV0512']),
  wanted('medicines', 'stoma', 'Stoma, catheter and other appliances', ['SRV0177', 'OWN-STOMA-CUSTOMISATION']),
  wanted('medicines', 'covid-tests', 'COVID-19 tests', ['OWN-LATERAL-FLOW']),
  wanted('medicines', 'sharps', 'Hand in full sharps boxes', ['OWN-SHARPS-AND-WASTE']),
  wanted('support', 'stop-smoking', 'Stop smoking', ['OWN-SMOKING-AFTER-HOSPITAL', 'SRV0507', 'SRV0515'], {
    who: 'Free when a hospital or a stop smoking service sends you. Some pharmacies charge others.',
  }),
  wanted('support', 'weight', 'Losing weight', ['SRV0509', 'SRV0271'], {
    who: 'Anyone. Some pharmacies charge for it.',
  }),
  wanted('support', 'alcohol', 'Advice about alcohol', ['OWN-ALCOHOL-INTERVENTION']),
  wanted('support', 'needle-exchange', 'Clean needles and syringes', ['SRV0274']),
]

const bySlug: ReadonlyMap<string, WantedService> = new Map(WANTED_SERVICES.map((each) => [each.slug, each]))

/**
 * What an address or a link means: `sore-throat`, or any name of a service, old or new (`CPCS`, `flu jab`). Undefined when
 * it is the name of nothing that patients can look for.
 */
export function wantedServiceNamed(text: string): WantedService | undefined {
  const exact = bySlug.get(text.toLowerCase())
  if (exact) return exact
  const code = offeredServiceNamed(text)?.code
  if (code === undefined) return undefined
  const alone = WANTED_SERVICES.filter(({ codes }) => codes.length === 1 && codes[0] === code)
  return code === PHARMACY_FIRST ? bySlug.get('pharmacy-first') : (alone[0] ?? ofSeveral(code))
}

const ofSeveral = (code: string): WantedService | undefined => WANTED_SERVICES.find(({ codes }) => codes.includes(code))

/** The wanted services of one group, in the order of the list. */
export const wantedInGroup = (group: WantedGroup): readonly WantedService[] =>
  WANTED_SERVICES.filter((each) => each.group === group)
