/** Every setting: its name in the environment, unit, default and meaning. The only reader of the environment. */
import { resolve } from 'node:path'
import { z } from 'zod'
import { type MapTiles, mapTilesOf, tileUrlProblem } from './platform/map/map-tiles.ts'
import { days, domains, onOff, perMinute, phone, port, secret, timeoutMs, words } from './platform/setting-forms.ts'
import type { CodeCounts } from './rules/code-limits.ts'

const DEMO_SECRET = 'demo-secret-demo-secret-demo-secret'

const CODES_RULE = 'must be a whole number from 1'
const ORIGINS_RULE = 'must be origins without a path, such as https://login.example'
const NHSMAIL_DOMAINS = ['nhs.net']
const DEMO_DOMAINS = ['nhs.net', 'nhsmail.example']

/** For drama: nobody has these numbers. */
const DEMO_NUMBERS = { serviceDesk: '01632 960 150', onCall: '01632 960 199' }
const OSM = '© OpenStreetMap contributors'

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

const settings = z.object({
  /** `demo` brings its own NHSmail and mailbox; `production` refuses both. */
  SIGNPOST_ENV: z.enum(['demo', 'production'], { error: 'must be demo or production' }).default('demo'),
  PORT: port.default(3000),
  HOST: z.string().default('127.0.0.1'),
  /** Where people reach the site, without a final slash. Default `http://localhost:PORT`. */
  BASE_URL: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }).optional(),
  /** The embedded database, its backups and the admin channel's address. */
  DATA_DIR: z.string().min(1).default('./.data'),
  /** `postgres://…`; unset means the embedded database. */
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres://')
    .optional(),
  ROLE: z.enum(['web', 'worker', 'all'], { error: 'must be web, worker or all' }).default('all'),
  /** Whether a first start fills an empty directory with the fictitious one. Default on, off in production. */
  DEMO: onOff.optional(),
  /** Default PORT + 1. */
  DEMO_NHSMAIL_PORT: port.optional(),
  ALLOW_EMBEDDED: z.enum(['yes', 'no'], { error: 'must be yes or no' }).default('no'),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'must start with smtp:// or smtps://')
    .optional(),
  MAIL_FROM: z.string().default('Signpost <no-reply@signpost.example>'),
  OIDC_NHSMAIL_ISSUER: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }).optional(),
  OIDC_NHSMAIL_CLIENT_ID: z.string().optional(),
  OIDC_NHSMAIL_CLIENT_SECRET: z.string().optional(),
  /** How well people must have proved who they are at the provider: values of `acr`, separated by spaces; unset: any. */
  OIDC_NHSMAIL_ACR: words.optional(),
  /** Other places of the provider to which signing in and out leads, separated by spaces, such as https://login.example. */
  OIDC_NHSMAIL_ORIGINS: words
    .refine((all) => all.every((each) => URL.parse(each)?.origin === each), ORIGINS_RULE)
    .default([]),
  /** Domains whose addresses sign in with NHSmail and get no codes; unset: nhs.net, and the demo's own beside it. */
  NHSMAIL_DOMAINS: domains.optional(),
  /** Signs cookies. */
  SESSION_SECRET: secret.default(DEMO_SECRET),
  /** Keys the hashes of API clients' secrets. */
  SECRETS_PEPPER: secret.default(DEMO_SECRET),
  /** Signs receipts: 32 random bytes in base64. Unset: derived from the pepper; production needs one of its own. */
  RECEIPT_SIGNING_KEY: z
    .string()
    .regex(/^[A-Za-z0-9+/]{43}=$/, 'must be 32 bytes in base64, such as openssl rand -base64 32 makes')
    .optional(),
  /** Pictures under maps, such as https://tiles.example/{z}/{x}/{y}.png; unset: an outline, and no request to others. */
  MAP_TILE_URL: z.string().optional(),
  /** Who made them, as their licence wants it said. */
  MAP_ATTRIBUTION: z.string().trim().min(1).max(200, 'must be of 200 characters or fewer').default(OSM),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
  /** Requests a minute and address on open data; 0 switches the limit off. */
  RATE_LIMIT_OPEN_DATA: perMinute.default(600),
  /** Requests a second and address on the Capacity Status API, and eight more at once; 0 switches the limit off. */
  RATE_LIMIT_CAPACITY: perMinute.default(3),
  /** Sign-in attempts a minute and address; 0 switches the limit off. */
  RATE_LIMIT_SIGN_IN: perMinute.default(30),
  /** One-time codes that an address may ask for in an hour, whatever the mailboxes; 0 switches the limit off. */
  RATE_LIMIT_SIGN_IN_CODES: perMinute.default(30),
  /** One-time codes for one mailbox in an hour, and four times as many in a day, whoever asks. */
  SIGN_IN_CODES_PER_MAILBOX: z.coerce.number({ error: CODES_RULE }).int(CODES_RULE).min(1, CODES_RULE).default(5),
  /** Codes to close one pharmacy without signing in that may be asked for in an hour, and in a day; 0 switches a limit off. */
  RATE_LIMIT_CLOSURE_CODES_HOUR: perMinute.default(10),
  RATE_LIMIT_CLOSURE_CODES_DAY: perMinute.default(30),
  /** The same from one network address, whatever the pharmacy: a whole trust may stand behind one. */
  RATE_LIMIT_CLOSURE_CODES_ADDRESS_HOUR: perMinute.default(30),
  RATE_LIMIT_CLOSURE_CODES_ADDRESS_DAY: perMinute.default(100),
  /** How many days the records of programs' searches are kept. */
  SEARCH_AUDIT_DAYS: days.default(90),
  /** Where road distances are asked for (POST, JSON); unset: straight lines only, or the demo's simulator. */
  ROAD_DISTANCE_URL: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' }).optional(),
  /** Sent to that address as a bearer token. */
  ROAD_DISTANCE_TOKEN: z.string().optional(),
  /** How long a search waits for it before it stays with straight lines. */
  ROAD_DISTANCE_TIMEOUT_MS: timeoutMs.default(1000),
  /** What a REST search without a postcode is told: an error, or that there are no services. */
  REST_MISSING_POSTCODE: z.enum(['error', 'empty'], { error: 'must be error or empty' }).default('error'),
  /** Whether REST answers show a capacity only when it was set within the last 24 hours. */
  REST_RAG_24_HOURS: onOff.default(true),
  /** Status of a Service Finder search with too many terms: its code said 404, its own tests 400. */
  FUZZY_TOO_MANY_TERMS: z.enum(['404', '400'], { error: 'must be 404 or 400' }).default('404'),
  /** The version of the SOAP web services for requests that name none; `none` refuses them. */
  SOAP_DEFAULT_VERSION: z.enum(['1.5', '1.3', 'none'], { error: 'must be 1.5, 1.3 or none' }).default('1.5'),
  /** The fault of an account without the right to ask; unset: 302 on version 1.5 and 303 on 1.3. */
  SOAP_PRIVILEGE_FAULT: z.enum(['302', '303'], { error: 'must be 302 or 303' }).optional(),
  /** Whether version 1.3 adds emergency departments to a single match, as it once did. */
  SOAP_LEGACY_CATCH_ALL: onOff.default(false),
  /** Service types that answer a triage search that nothing matches; unset: the catalogue's, else 40 and 105. */
  CATCH_ALL_TYPES: z
    .string()
    .regex(/^-?\d{1,9}(\s*,\s*-?\d{1,9})*$/, 'must be numbers of service types, such as 40,105')
    .transform((text) => text.split(',').map(Number))
    .optional(),
  /** Set by npm: the folder somebody was in when they ran `npm run`, which itself moves to the project's folder. */
  INIT_CWD: z.string().optional(),
  /** Domains in which a pharmacy's email address is a shared mailbox; unset: nhs.net, and the demo's own beside it. */
  SHARED_MAILBOX_DOMAINS: domains.optional(),
  /** Where the service desk answers from 8am to 5pm on working days; unset in production: pages say that none is set. */
  SERVICE_DESK_PHONE: phone.optional(),
  /** The emergency line that diverts to whoever is on call; unset likewise. */
  ON_CALL_PHONE: phone.optional(),
  /** The mailbox whose mail is handed to the intake of the service desk: replies to its emails go there. Unset: nowhere. */
  TICKET_ADDRESS: z
    .string()
    .regex(
      /^[\w.!#$%&'*/=?^`{|}~-]{1,30}@[a-z0-9-]+(\.[a-z0-9-]+)+$/i,
      'must be an email address, such as help@nhs.example',
    )
    .optional(),
  /** What the mail system proves itself with when it hands email in; unset: no email is taken. Needs TICKET_ADDRESS. */
  TICKET_MAIL_TOKEN: secret.optional(),
  /** The service desk's own mailbox, which is told in one email of all tickets that came within ten minutes; unset: nobody is. */
  TICKET_DESK_MAILBOX: z.email('must be an email address, such as desk@nhs.example').optional(),
  /** How many days after its closing a ticket forgets who asked. */
  TICKET_REQUESTER_DAYS: days.default(365),
  /** Tickets, replies, page feedback and suggestions from one network address in an hour, and in a day; 0 switches a limit off. */
  RATE_LIMIT_HELP_ADDRESS_HOUR: perMinute.default(20),
  RATE_LIMIT_HELP_ADDRESS_DAY: perMinute.default(60),
  /** Tickets for one email address in a day: each sends it an email. */
  RATE_LIMIT_HELP_MAILBOX_DAY: perMinute.default(10),
  /** Professional details that one person may look at in an hour in the Service Finder; 0 switches the limit off. */
  RATE_LIMIT_FINDER_LOOKS: perMinute.default(120),
  /** Emails and texts to patients that one person may send in an hour, and in a day; 0 switches a limit off. */
  RATE_LIMIT_SHARES_PERSON_HOUR: perMinute.default(30),
  RATE_LIMIT_SHARES_PERSON_DAY: perMinute.default(120),
  /** The same to one patient's address in a day, whoever sends them. */
  RATE_LIMIT_SHARES_RECIPIENT_DAY: perMinute.default(5),
  /** How many proxies in front of us add to X-Forwarded-For. */
  TRUSTED_PROXIES: z.coerce.number({ error: 'must be a whole number' }).int().min(0).default(0),
})

type Settings = z.infer<typeof settings>

const PRIVILEGE_FAULTS = { 302: 302, 303: 303 } as const

export type Config = {
  readonly production: boolean
  readonly port: number
  readonly host: string
  readonly baseUrl: string
  readonly dataDir: string
  readonly databaseUrl: string | undefined
  readonly role: 'web' | 'worker' | 'all'
  readonly demo: boolean
  readonly demoNhsmailPort: number
  readonly smtpUrl: string | undefined
  readonly mailFrom: string
  /** Undefined: the demo's own NHSmail. */
  readonly nhsmail:
    | {
        readonly issuer: string
        readonly clientId: string
        readonly clientSecret: string
        /** Values of `acr`, one of which is needed; undefined: any will do. */
        readonly assuranceLevels?: readonly string[]
      }
    | undefined
  /** Origins besides the issuer's own to which signing in and out leads. */
  readonly nhsmailOrigins: readonly string[]
  /** Whose addresses sign in with NHSmail and get no codes. */
  readonly nhsmailDomains: readonly string[]
  readonly sessionSecret: string
  readonly secretsPepper: string
  /** Undefined: derived from the pepper. */
  readonly receiptSigningKey: string | undefined
  /** Undefined: maps show points over an outline. */
  readonly mapTiles: MapTiles | undefined
  readonly logLevel: Settings['LOG_LEVEL']
  readonly rateLimits: {
    readonly openDataPerMinute: number
    readonly capacityPerSecond: number
    /** Of one person, in the Service Finder. */
    readonly finderLooksPerHour: number
  }
  readonly signInLimits: {
    readonly signInsPerMinute: number
    readonly codesPerHour: number
    readonly codesPerMailbox: number
  }
  /** Codes to close a pharmacy without signing in; 0 is no limit. */
  readonly closureCodeLimits: CodeCounts
  /** Details of services that are sent to patients; 0 is no limit. */
  readonly shareLimits: { readonly personHour: number; readonly personDay: number; readonly recipientDay: number }
  readonly trustedProxies: number
  /** Where a pharmacy's email address is a mailbox that only its people can read. */
  readonly sharedMailboxDomains: readonly string[]
  readonly searchAuditDays: number
  /** Telephone numbers of the emergency desk; null where none is set. */
  readonly deskNumbers: { readonly serviceDesk: string | null; readonly onCall: string | null }
  /** Tickets, page feedback and the wishlist. */
  readonly helpDesk: {
    /** Null: emails cannot be replied to. */
    readonly ticketAddress: string | null
    /** Null: no email is taken. */
    readonly mailToken: string | null
    /** Null: only those hear of tickets to whom one is given. */
    readonly deskMailbox: string | null
    readonly requesterDays: number
    readonly limits: { readonly networkHour: number; readonly networkDay: number; readonly mailboxDay: number }
  }
  readonly roadDistance: {
    /** Undefined: straight lines only, or the demo's simulator. */
    readonly url: string | undefined
    readonly token: string | undefined
    readonly timeoutMs: number
  }
  /** Of the REST form of the Directory of Services, where its sources disagree. */
  readonly rest: { readonly missingPostcode: 'error' | 'empty'; readonly rag24Hours: boolean }
  /** Of the Service Finder's search, likewise. */
  readonly fuzzy: { readonly tooManyStatus: 400 | 404 }
  /** Of the SOAP form, likewise. */
  readonly soap: {
    /** Null: a request must name its version. */
    readonly defaultVersion: '1.5' | '1.3' | null
    /** Undefined: as each version has it. */
    readonly privilegeFault: 302 | 303 | undefined
  }
  /** Of every triage search. */
  readonly triage: {
    /** Undefined: the catalogue's, or those of an emergency department. */
    readonly catchAllTypes: readonly number[] | undefined
    readonly legacyCatchAll: boolean
  }
  /** The folder a command was called from, where npm says so. */
  readonly calledFrom: string | undefined
}

/** A setting that cannot be used; the message is one line that says which and why. */
export class WrongSetting extends Error {
  override readonly name = 'WrongSetting'
}

/** Reads the settings. Throws `WrongSetting` at the first that is wrong, so that the start stops with one clear line. */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  )
  const parsed = settings.safeParse(given)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new WrongSetting(`${issue?.path.join('.') ?? 'A setting'} is wrong: ${issue?.message ?? 'cannot be read'}`)
  }
  const values = parsed.data
  refuseUnsafe(values)
  const nhsmail = nhsmailOf(values)
  const usualDomains = values.SIGNPOST_ENV === 'production' ? NHSMAIL_DOMAINS : DEMO_DOMAINS
  return {
    production: values.SIGNPOST_ENV === 'production',
    port: values.PORT,
    host: values.HOST,
    baseUrl: (values.BASE_URL ?? `http://localhost:${values.PORT}`).replace(/\/+$/, ''),
    dataDir: resolve(values.DATA_DIR),
    databaseUrl: values.DATABASE_URL,
    role: values.ROLE,
    demo: values.DEMO ?? values.SIGNPOST_ENV === 'demo',
    demoNhsmailPort: values.DEMO_NHSMAIL_PORT ?? values.PORT + 1,
    smtpUrl: values.SMTP_URL,
    mailFrom: values.MAIL_FROM,
    nhsmail,
    nhsmailOrigins: values.OIDC_NHSMAIL_ORIGINS,
    sessionSecret: values.SESSION_SECRET,
    secretsPepper: values.SECRETS_PEPPER,
    receiptSigningKey: values.RECEIPT_SIGNING_KEY,
    mapTiles: mapTilesOf(values.MAP_TILE_URL, values.MAP_ATTRIBUTION),
    logLevel: values.LOG_LEVEL,
    rateLimits: {
      openDataPerMinute: values.RATE_LIMIT_OPEN_DATA,
      capacityPerSecond: values.RATE_LIMIT_CAPACITY,
      finderLooksPerHour: values.RATE_LIMIT_FINDER_LOOKS,
    },
    signInLimits: {
      signInsPerMinute: values.RATE_LIMIT_SIGN_IN,
      codesPerHour: values.RATE_LIMIT_SIGN_IN_CODES,
      codesPerMailbox: values.SIGN_IN_CODES_PER_MAILBOX,
    },
    closureCodeLimits: {
      pharmacyHour: values.RATE_LIMIT_CLOSURE_CODES_HOUR,
      pharmacyDay: values.RATE_LIMIT_CLOSURE_CODES_DAY,
      networkHour: values.RATE_LIMIT_CLOSURE_CODES_ADDRESS_HOUR,
      networkDay: values.RATE_LIMIT_CLOSURE_CODES_ADDRESS_DAY,
    },
    shareLimits: {
      personHour: values.RATE_LIMIT_SHARES_PERSON_HOUR,
      personDay: values.RATE_LIMIT_SHARES_PERSON_DAY,
      recipientDay: values.RATE_LIMIT_SHARES_RECIPIENT_DAY,
    },
    trustedProxies: values.TRUSTED_PROXIES,
    sharedMailboxDomains: values.SHARED_MAILBOX_DOMAINS ?? usualDomains,
    nhsmailDomains: values.NHSMAIL_DOMAINS ?? usualDomains,
    searchAuditDays: values.SEARCH_AUDIT_DAYS,
    deskNumbers: deskNumbersOf(values),
    helpDesk: helpDeskOf(values),
    roadDistance: {
      url: values.ROAD_DISTANCE_URL,
      token: values.ROAD_DISTANCE_TOKEN,
      timeoutMs: values.ROAD_DISTANCE_TIMEOUT_MS,
    },
    rest: { missingPostcode: values.REST_MISSING_POSTCODE, rag24Hours: values.REST_RAG_24_HOURS },
    fuzzy: { tooManyStatus: values.FUZZY_TOO_MANY_TERMS === '400' ? 400 : 404 },
    soap: {
      defaultVersion: values.SOAP_DEFAULT_VERSION === 'none' ? null : values.SOAP_DEFAULT_VERSION,
      privilegeFault:
        values.SOAP_PRIVILEGE_FAULT === undefined ? undefined : PRIVILEGE_FAULTS[values.SOAP_PRIVILEGE_FAULT],
    },
    triage: { catchAllTypes: values.CATCH_ALL_TYPES, legacyCatchAll: values.SOAP_LEGACY_CATCH_ALL },
    calledFrom: values.INIT_CWD,
  }
}

function deskNumbersOf(values: Settings): Config['deskNumbers'] {
  const usual = values.SIGNPOST_ENV === 'production' ? { serviceDesk: null, onCall: null } : DEMO_NUMBERS
  return {
    serviceDesk: values.SERVICE_DESK_PHONE ?? usual.serviceDesk,
    onCall: values.ON_CALL_PHONE ?? usual.onCall,
  }
}

function helpDeskOf(values: Settings): Config['helpDesk'] {
  const { TICKET_ADDRESS: ticketAddress = null, TICKET_MAIL_TOKEN: mailToken = null } = values
  if (mailToken !== null && ticketAddress === null) {
    throw new WrongSetting('TICKET_MAIL_TOKEN needs TICKET_ADDRESS: the mailbox whose mail is handed in')
  }
  const deskMailbox = values.TICKET_DESK_MAILBOX ?? null
  if (deskMailbox !== null && deskMailbox.toLowerCase() === ticketAddress?.toLowerCase()) {
    throw new WrongSetting('TICKET_DESK_MAILBOX must be another mailbox than TICKET_ADDRESS')
  }
  return {
    // An address that nothing reads would lose replies.
    ticketAddress: mailToken === null ? null : ticketAddress,
    mailToken,
    deskMailbox,
    requesterDays: values.TICKET_REQUESTER_DAYS,
    limits: {
      networkHour: values.RATE_LIMIT_HELP_ADDRESS_HOUR,
      networkDay: values.RATE_LIMIT_HELP_ADDRESS_DAY,
      mailboxDay: values.RATE_LIMIT_HELP_MAILBOX_DAY,
    },
  }
}

function nhsmailOf(values: Settings): Config['nhsmail'] {
  const {
    OIDC_NHSMAIL_ISSUER: issuer,
    OIDC_NHSMAIL_CLIENT_ID: clientId,
    OIDC_NHSMAIL_CLIENT_SECRET: clientSecret,
  } = values
  if (!issuer) return undefined
  if (!clientId || !clientSecret) {
    throw new WrongSetting('OIDC_NHSMAIL_ISSUER needs OIDC_NHSMAIL_CLIENT_ID and OIDC_NHSMAIL_CLIENT_SECRET as well')
  }
  const { OIDC_NHSMAIL_ACR: assuranceLevels } = values
  return { issuer, clientId, clientSecret, ...(assuranceLevels?.length && { assuranceLevels }) }
}

function refuseUnsafe(values: Settings): void {
  if (values.PORT === 65535 && values.DEMO_NHSMAIL_PORT === undefined && !values.OIDC_NHSMAIL_ISSUER) {
    throw new WrongSetting('PORT=65535 leaves no port above it for the demo NHSmail: set DEMO_NHSMAIL_PORT as well')
  }
  if (!values.DATABASE_URL && values.ROLE !== 'all') {
    throw new WrongSetting(`ROLE=${values.ROLE} needs DATABASE_URL: the embedded database serves one process only`)
  }
  const production = values.SIGNPOST_ENV === 'production'
  const tiles = values.MAP_TILE_URL === undefined ? undefined : tileUrlProblem(values.MAP_TILE_URL, !production)
  if (tiles !== undefined) throw new WrongSetting(`MAP_TILE_URL ${tiles}`)
  if (!production) return
  const reasons: readonly (readonly [boolean, string])[] = [
    [!values.BASE_URL?.startsWith('https://'), 'BASE_URL must be an https:// address in production'],
    [values.SESSION_SECRET === DEMO_SECRET, 'SESSION_SECRET must be set in production'],
    [values.SECRETS_PEPPER === DEMO_SECRET, 'SECRETS_PEPPER must be set in production'],
    [!values.RECEIPT_SIGNING_KEY, 'RECEIPT_SIGNING_KEY must be set in production'],
    [!values.OIDC_NHSMAIL_ISSUER, 'OIDC_NHSMAIL_ISSUER must be set in production: the demo NHSmail lets anyone in'],
    [!values.SMTP_URL, 'SMTP_URL must be set in production: without it no email leaves'],
    [values.DEMO === true, 'DEMO must be off in production'],
    [
      !values.DATABASE_URL && values.ALLOW_EMBEDDED !== 'yes',
      'DATABASE_URL must be set in production (or ALLOW_EMBEDDED=yes, knowing that a power cut can lose data)',
    ],
  ]
  for (const [wrong, reason] of reasons) if (wrong) throw new WrongSetting(reason)
}
