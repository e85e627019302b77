/** /account: who you are here, how you sign in, where you are signed in, and out everywhere. Views: account.njk, account-details.njk */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Db } from '#src/platform/db/db.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { Forbidden } from '#src/platform/errors.ts'
import type { IdentityProvider } from '#src/platform/identity/open-id.ts'
import { template } from '#src/platform/views.ts'
import { formatDate, formatTime } from '#src/rules/clock-time.ts'
import { dateOf, toLondon } from '#src/rules/london-time.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { auditNameOf } from './actor.ts'
import { can } from './can.ts'
import { dailyEmailPages } from './daily-email.ts'
import { EMAIL_ISSUER } from './people.ts'
import { type SessionDeps, sessionOf } from './session-cookie.ts'
import { endSessionsOf, loadSignedInPlaces, type Session } from './sessions.ts'
import { signOutEverywhere } from './sign-in.ts'
import { HOME, homeOf, returnPathIn, type SignInQuery, textIn } from './sign-in-deps.ts'

export type AccountDeps = SessionDeps & { readonly identity: IdentityProvider }

const LONGEST = 100
const ASK_FOR_ACCESS = '/manage/access'

type Details = { readonly name: string; readonly jobRole: string }
type Place = { readonly device: string; readonly since: string; readonly lastSeen: string; readonly isThis: boolean }
type AccountQuery = { Querystring: { readonly done?: unknown } }

const BANNERS: Readonly<Record<string, string>> = {
  details: 'Your details are saved.',
  'daily-email': 'Your choice is saved.',
  elsewhere: 'You are signed out everywhere else.',
}

const renderAccount = template<{
  banner: string | null
  name: string
  email: string
  jobRole: string | null
  byCode: boolean
  mayGetDaily: boolean
  places: readonly Place[]
}>('accounts/account.njk')
const renderDetails = template<{
  title: string
  firstTime: boolean
  nameIsOurs: boolean
  name: string
  jobRole: string
  returnTo: string | undefined
  problems: readonly Problem[]
}>('accounts/account-details.njk')

/** Mounts the pages among those of signed-in people. */
export function accountPages(signedIn: FastifyInstance, deps: AccountDeps): void {
  signedIn.get<AccountQuery>('/account', async (request, reply) => {
    const session = requireSession(sessionOf(request))
    const { actor, tokenHash, issuer } = session
    const places = await loadSignedInPlaces(deps.db.pool, actor.personId, deps.clock.now())
    return renderAccount(reply, {
      banner: BANNERS[textIn(request.query, 'done')] ?? null,
      name: actor.name,
      email: actor.email,
      jobRole: await loadJobRole(deps.db, actor.personId),
      byCode: issuer === EMAIL_ISSUER,
      mayGetDaily: can(actor, 'see-daily-changes'),
      places: places.map((place) => ({
        device: place.device ?? 'A browser that did not say what it is',
        since: inWords(place.since),
        lastSeen: inWords(place.lastSeen),
        isThis: place.tokenHash === tokenHash,
      })),
    })
  })

  signedIn.get<SignInQuery>('/account/details', async (request, reply) => {
    const session = requireSession(sessionOf(request))
    const jobRole = await loadJobRole(deps.db, session.actor.personId)
    const details = { name: session.actor.name, jobRole: jobRole ?? '' }
    const firstTime = jobRole === null && nameIsOurs(session)
    return detailsPage(reply, session, { details, firstTime, returnTo: returnPathIn(request.query) })
  })
  signedIn.post('/account/details', async (request, reply) => {
    const session = requireSession(sessionOf(request))
    const returnTo = returnPathIn(request.body)
    const firstTime = textIn(request.body, 'first-time') === 'yes'
    const details = { name: textIn(request.body, 'name'), jobRole: textIn(request.body, 'job-role') }
    const parsed = parseDetails(nameIsOurs(session) ? details : { ...details, name: session.actor.name })
    if (!parsed.ok) {
      return detailsPage(reply.code(422), session, { details, firstTime, returnTo, problems: parsed.problems })
    }
    await saveDetails(session, parsed.value, deps)
    if (!firstTime) return reply.redirect(returnTo ?? '/account?done=details', 303)
    // A newcomer's list of pharmacies is empty: what they came for is to ask for one.
    const isLost = session.actor.grants.length === 0 && (returnTo ?? HOME) === HOME
    return reply.redirect(isLost ? ASK_FOR_ACCESS : (returnTo ?? homeOf(session.actor)), 303)
  })

  dailyEmailPages(signedIn, deps)

  signedIn.post('/account/sign-out-elsewhere', async (request, reply) => {
    const session = requireSession(sessionOf(request))
    const actor = auditNameOf(session.actor)
    await deps.db.transact(async (tx) => {
      const ended = await endSessionsOf(tx, session.actor.personId, session)
      const entry = { actor, action: 'sign-out-elsewhere', target: actor, detail: { ended }, changes: [] }
      if (ended > 0) await appendToLedger(tx, deps.clock.now().toISOString(), [entry])
    })
    return reply.redirect('/account?done=elsewhere', 303)
  })
  signedIn.post('/account/sign-out-everywhere', (request, reply) =>
    signOutEverywhere(reply, requireSession(sessionOf(request)), deps),
  )
}

/** Reads a name and a job role as people write them: each of at least one character and at most 100. */
export function parseDetails(given: Details): Result<Details> {
  const name = tidy(given.name)
  const jobRole = tidy(given.jobRole)
  const problems = [
    ...wordProblems({ field: 'name', label: 'Full name', missing: 'Enter a full name' }, name),
    ...wordProblems({ field: 'job-role', label: 'Job role', missing: 'Enter your job role' }, jobRole),
  ]
  return problems.length > 0 ? refused(...problems) : accepted({ name, jobRole })
}

function wordProblems(
  { field, label, missing }: { readonly field: string; readonly label: string; readonly missing: string },
  text: string,
): readonly Problem[] {
  if (!/\p{L}/u.test(text)) return [{ field, code: 'missing', message: missing }]
  if ([...text].length <= LONGEST) return []
  return [{ field, code: 'too-long', message: `${label} must be ${LONGEST} characters or fewer` }]
}

/** One line of text, without characters that no keyboard makes. */
const tidy = (text: string): string =>
  text
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\uFFFD]/gu, '')
    .trim()

async function saveDetails(session: Session, { name, jobRole }: Details, { db, clock }: AccountDeps): Promise<void> {
  const { personId } = session.actor
  const actor = auditNameOf(session.actor)
  await db.transact(async (tx) => {
    const changed = await tx
      .updateTable('person')
      .set({ name, job_role: jobRole })
      .where('id', '=', personId)
      .where((row) => row.or([row('name', '!=', name), row('job_role', 'is distinct from', jobRole)]))
      .returning('id')
      .executeTakeFirst()
    if (!changed) return
    const entry = { actor, action: 'change-details', target: actor, detail: { name, jobRole }, changes: [] }
    await appendToLedger(tx, clock.now().toISOString(), [entry])
  })
}

/** A job role as the person said it; null when they have not. */
export async function loadJobRole(db: Db, personId: number): Promise<string | null> {
  const row = await db.pool.selectFrom('person').select('job_role').where('id', '=', personId).executeTakeFirst()
  return row?.job_role ?? null
}

function detailsPage(
  reply: FastifyReply,
  session: Session,
  page: {
    readonly details: Details
    readonly firstTime: boolean
    readonly returnTo: string | undefined
    readonly problems?: readonly Problem[]
  },
): FastifyReply {
  const { details, firstTime, returnTo, problems = [] } = page
  const title = firstTime ? 'Tell us about yourself' : 'Change your details'
  return renderDetails(reply, { ...details, title, firstTime, returnTo, problems, nameIsOurs: nameIsOurs(session) })
}

/** Whether a person's name is what they say here, and not what their provider says. */
const nameIsOurs = (session: Session): boolean => session.issuer === EMAIL_ISSUER

function requireSession(session: Session | null): Session {
  if (!session) throw new Forbidden('Sign in to see this page')
  return session
}

function inWords(instant: Date): string {
  const { day, minute } = toLondon(instant)
  return `${formatDate(dateOf(day))}, ${formatTime(minute)}`
}
