/** Who uses the fictitious directory: people, as whom anyone may sign in at the stand-in NHSmail, and one program. */
import type { Role } from '#src/accounts/actor.ts'
import type { PharmacyRole } from '#src/rules/pharmacy-roles.ts'
import { areaCodeOf } from './areas.ts'
import { LARGEST_GROUP } from './pharmacies.ts'

export type DemoPerson = {
  readonly email: string
  readonly name: string
  /** What they can do here, in one line. */
  readonly about: string
  readonly grants: readonly {
    readonly role: Role
    readonly scope: string
    /** For how many days from the filling on; without it for good. */
    readonly days?: number
  }[]
  /** What they have asked for and wait for. */
  readonly asks?: { readonly odsCode: string; readonly role: PharmacyRole; readonly jobRole: string }
}

/** The area whose Directory of Services somebody here leads: that of FZ0D1. */
export const LEADS_AREA = areaCodeOf('ICB-7')

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  {
    email: 'amina.khan@nhsmail.example',
    name: 'Amina Khan',
    about: 'Owns one pharmacy (FZ0D1) and can change everything about it',
    grants: [{ role: 'owner', scope: 'ods:FZ0D1' }],
  },
  {
    email: 'ben.okafor@nhsmail.example',
    name: 'Ben Okafor',
    about: 'Manages two pharmacies (FZ0D1 and FZ02B)',
    grants: [
      { role: 'editor', scope: 'ods:FZ0D1' },
      { role: 'editor', scope: 'ods:FZ02B' },
    ],
  },
  {
    email: 'carla.reyes@nhsmail.example',
    name: 'Carla Reyes',
    about: 'Locum at FZ0D1: can say that it is closed, and nothing else',
    grants: [{ role: 'closure-only', scope: 'ods:FZ0D1', days: 90 }],
  },
  {
    email: 'dev.patel@nhsmail.example',
    name: 'Dev Patel',
    about: `Head office of ${LARGEST_GROUP.name}: ${LARGEST_GROUP.branches} branches`,
    grants: [{ role: 'group', scope: `group:${LARGEST_GROUP.code}` }],
  },
  {
    email: 'ellie.tran@nhsmail.example',
    name: 'Ellie Tran',
    about: 'Dispenser at FZ0D1: can look, and change nothing',
    grants: [{ role: 'viewer', scope: 'ods:FZ0D1' }],
  },
  {
    email: 'fiona.walsh@nhsmail.example',
    name: 'Fiona Walsh',
    about: 'Service desk: can look at every pharmacy',
    grants: [{ role: 'desk', scope: '' }],
  },
  {
    email: 'gus.newman@nhsmail.example',
    name: 'Gus Newman',
    about: 'New here: has no pharmacy yet. Can ask for FZ03L, whose shared mailbox gets a code',
    grants: [],
  },
  {
    email: 'hana.brown@chemist.example',
    name: 'Hana Brown',
    about: 'Has no NHSmail and signs in with a code: manages FZ02B',
    grants: [{ role: 'editor', scope: 'ods:FZ02B' }],
  },
  {
    email: 'imran.rahman@nhsmail.example',
    name: 'Imran Rahman',
    about: 'Owns an online pharmacy (FZ03G), which sends medicines and has no visitors',
    grants: [{ role: 'owner', scope: 'ods:FZ03G' }],
  },
  {
    email: 'ivy.stone@nhsmail.example',
    name: 'Ivy Stone',
    about: `Leads the Directory of Services of an area (${LEADS_AREA}): decides who has access, where no mailbox can`,
    grants: [{ role: 'lead', scope: `area:${LEADS_AREA}` }],
  },
  {
    email: 'grace.hill@nhsmail.example',
    name: 'Grace Hill',
    about: 'Works at the reception of a GP practice: finds services for patients in the Service Finder',
    grants: [{ role: 'professional', scope: '' }],
  },
  {
    email: 'jan.miller@nhsmail.example',
    name: 'Jan Miller',
    about: 'Has asked for FZ045, which has no shared mailbox, and waits for Ivy Stone',
    grants: [],
    asks: { odsCode: 'FZ045', role: 'owner', jobRole: 'Superintendent pharmacist' },
  },
  {
    email: 'kofi.mensah@nhsmail.example',
    name: 'Kofi Mensah',
    about: 'On call when the service desk is shut: acts for pharmacies that cannot say themselves that they are closed',
    grants: [{ role: 'on-call', scope: '' }],
  },
  {
    email: 'lena.fox@nhsmail.example',
    name: 'Lena Fox',
    about: 'On call too, in turns with Kofi Mensah',
    grants: [{ role: 'on-call', scope: '' }],
  },
]

/** Those who are at NHSmail; the others sign in with a code, which the mailbox page shows. */
export const NHSMAIL_PEOPLE: readonly DemoPerson[] = DEMO_PEOPLE.filter(({ email }) =>
  email.endsWith('@nhsmail.example'),
)

/** The account with which anyone may try the urgent care web services; its password is no secret. */
export const DEMO_PROGRAM = {
  api: 'urgent-care',
  username: 'nhs111',
  password: 'try-signpost-111',
  role: '23',
  permissions: ['webService'],
} as const
