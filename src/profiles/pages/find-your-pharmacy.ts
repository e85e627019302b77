/** `/manage`: the pharmacies of the person who is signed in. View: find-your-pharmacy.njk */
import type { FastifyInstance } from 'fastify'
import { type Actor, requireActor } from '#src/accounts/actor.ts'
import { can, type Scope, scopeOf } from '#src/accounts/can.ts'
import { template } from '#src/platform/views.ts'
import type { StoredProfile } from '#src/profiles/profile.ts'
import { QUARTERLY_SECTIONS, sectionsDue } from '#src/profiles/sections-due.ts'
import type { ManageDeps } from '#src/profiles/visit.ts'
import type { HolidayCalendar } from '#src/rules/bank-holidays.ts'
import { formatDateShort } from '#src/rules/clock-time.ts'
import { quarterOf } from '#src/rules/financial-quarter.ts'
import { dateOf, dayOf, instantOf, type LondonTime, toLondon } from '#src/rules/london-time.ts'
import type { Problem } from '#src/rules/problems.ts'
import { fieldsOf, rawIn } from './fields.ts'
import { type FoundPharmacies, findPharmacies, LONGEST_SEARCH, PHARMACIES_A_PAGE } from './pharmacy-search.ts'
import { nowTag, type Tag } from './status-tags.ts'

type PharmacyRow = {
  readonly odsCode: string
  readonly name: string
  readonly address: string
  readonly tags: readonly Tag[]
}
type FindView = {
  readonly title: string
  readonly problems: readonly Problem[]
  readonly banner: string | null
  readonly text: string
  readonly onlyDue: boolean
  readonly pharmacies: readonly PharmacyRow[]
  readonly matching: number
  readonly due: number
  readonly deadline: string
  readonly hasAny: boolean
  readonly news: AccessNews
  readonly mayAsk: boolean
  readonly mayChangeMany: boolean
  readonly maySeeWorkspace: boolean
  readonly maySeeContacts: boolean
  readonly mayReport: boolean
  readonly mayLookUpSearches: boolean
  readonly email: string
  readonly page: number
  readonly pages: number
  readonly previous: string | null
  readonly next: string | null
  readonly allAddress: string
  readonly dueAddress: string
}

/** What is under way between a person and pharmacies that they do not look after yet. */
export type AccessNews = {
  /** Pharmacies they asked for. */
  readonly asked: number
  readonly invitations: readonly { readonly href: string; readonly pharmacy: string }[]
}
export type FindDeps = ManageDeps & { readonly loadAccessNews: (actor: Actor) => Promise<AccessNews> }

const render = template<FindView>('profiles/pages/find-your-pharmacy.njk')

/** Mounts the page. */
export function findYourPharmacyPage(app: FastifyInstance, deps: FindDeps): void {
  app.get('/manage', async (request, reply) => {
    const actor = requireActor(request)
    const asked = readSearch(request.query)
    const now = toLondon(deps.clock.now())
    const quarter = quarterOf(dateOf(now.day))
    const found = await findPharmacies(deps.db.pool, {
      scope: scopeOf(actor, 'view-profile'),
      text: asked.tooLong ? '' : asked.text,
      onlyDue: asked.onlyDue,
      quarterStart: instantOf({ day: dayOf(quarter.starts), minute: 0 }),
      page: asked.page,
    })
    return render(reply, {
      ...turning(asked, found),
      title: 'Find your pharmacy',
      problems: asked.tooLong ? [TOO_LONG] : [],
      banner: asked.done === null ? null : (BANNERS[asked.done] ?? null),
      text: asked.text,
      onlyDue: asked.onlyDue,
      pharmacies: found.pharmacies.map((stored) => rowOf(stored, now, deps.holidays())),
      due: found.due,
      deadline: formatDateShort(quarter.ends),
      hasAny: can(actor, 'list-my-pharmacies'),
      news: await deps.loadAccessNews(actor),
      mayAsk: can(actor, 'ask-for-access'),
      mayChangeMany: reachesSeveral(scopeOf(actor, 'change-branches')),
      maySeeWorkspace: can(actor, 'see-workspace'),
      maySeeContacts: can(actor, 'read-contacts'),
      mayReport: can(actor, 'report-missing-pharmacy'),
      mayLookUpSearches: can(actor, 'look-up-searches'),
      email: actor.email,
    })
  })
}

/** Whether more than one pharmacy may lie in a scope. */
const reachesSeveral = ({ everywhere, odsCodes, parentCodes, icbCodes }: Scope): boolean =>
  everywhere || parentCodes.length + icbCodes.length > 0 || odsCodes.length > 1

const BANNERS: Readonly<Record<string, string>> = {
  requested: 'We have your request. An email to you says what happens next.',
  left: 'You have left the pharmacy. What you saved there stays.',
  declined: 'You have declined the invitation.',
}

const TOO_LONG: Problem = {
  field: 'q',
  code: 'too-long',
  message: `Search for ${LONGEST_SEARCH} characters or fewer`,
}

type Asked = {
  readonly text: string
  readonly tooLong: boolean
  readonly onlyDue: boolean
  readonly page: number
  /** What was just done, by its name in the address. */
  readonly done: string | null
}

/** What the address asks for; whatever it cannot mean is left out. */
function readSearch(given: unknown): Asked {
  const query = fieldsOf(given)
  const text = rawIn(query, 'q').trim()
  return {
    text,
    tooLong: text.length > LONGEST_SEARCH,
    onlyDue: rawIn(query, 'show') === 'due',
    page: /^[1-9]\d{0,4}$/.test(rawIn(query, 'page')) ? Number(rawIn(query, 'page')) : 1,
    done: Object.keys(BANNERS).find((name) => rawIn(query, name) === 'yes') ?? null,
  }
}

/** Where among the pages one is, and the addresses of the others. */
function turning({ text, onlyDue, page }: Asked, { matching, due }: FoundPharmacies) {
  const total = onlyDue ? due : matching
  const pages = Math.max(1, Math.ceil(total / PHARMACIES_A_PAGE))
  const address = addressFor(text)
  return {
    matching: total,
    page: Math.min(page, pages),
    pages,
    previous: page > 1 ? address(onlyDue, Math.min(page - 1, pages)) : null,
    next: page < pages ? address(onlyDue, page + 1) : null,
    allAddress: address(false, 1),
    dueAddress: address(true, 1),
  }
}

/** The address of a page of the same search. */
const addressFor =
  (text: string) =>
  (onlyDue: boolean, page: number): string => {
    const query = new URLSearchParams()
    if (text) query.set('q', text)
    if (onlyDue) query.set('show', 'due')
    if (page > 1) query.set('page', String(page))
    const asked = query.toString()
    return asked ? `/manage?${asked}` : '/manage'
  }

function rowOf({ profile, sections }: StoredProfile, now: LondonTime, holidays: HolidayCalendar): PharmacyRow {
  const due = sectionsDue(sections, dateOf(now.day)).length
  const checked: Tag = { text: 'Checked', colour: 'green' }
  const toCheck: Tag = { text: `${due} of ${QUARTERLY_SECTIONS.length} to check`, colour: 'yellow' }
  return {
    odsCode: profile.odsCode,
    name: profile.name,
    address: [...profile.address.lines, profile.address.postcode].join(', '),
    tags: [due === 0 ? checked : toCheck, nowTag(profile, now, holidays)],
  }
}
