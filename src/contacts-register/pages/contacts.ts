/** The list, by area or by postcode. View: contacts.njk */
import type { FastifyInstance } from 'fastify'
import { can, scopeOf } from '#src/accounts/can.ts'
import { EVERYWHERE } from '#src/directory/area.ts'
import { type ChosenArea, chooseArea } from '#src/directory/area-choices.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { fieldsOf, lineIn, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { loadNames } from '#src/profiles/names-and-moments.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { parsePostcode } from '#src/rules/postcode.ts'
import { areaOfPostcode } from '../area-of-postcode.ts'
import { loadAreasWithout, loadContacts, loadDue, type StoredContact } from '../contact-records.ts'
import { countOpen } from '../corrections.ts'
import { type ContactView, viewOf } from './contact-view.ts'
import { CONTACTS, CORRECTIONS, type ContactsDeps, readerOf } from './who-keeps.ts'

type View = {
  readonly title: string
  readonly asked: string
  readonly onlyDue: boolean
  readonly chosen: ChosenArea
  /** Whether they keep more than one area right, or part of one, and so choose. */
  readonly isChoice: boolean
  readonly contacts: readonly ContactView[]
  /** What was found for a postcode, in a sentence; empty when none was asked for. */
  readonly found: string
  /** For those who keep contacts right. */
  readonly missing: readonly string[]
  readonly open: number | null
  readonly correctionsAddress: string
}

const LONGEST_ASKED = 100
const render = template<View>('contacts-register/pages/contacts.njk')

/** Mounts the page. */
export function contactListPage(app: FastifyInstance, deps: ContactsDeps): void {
  app.get(CONTACTS, async (request, reply) => {
    const actor = readerOf(request)
    const { db, clock } = deps
    const query = fieldsOf(request.query)
    const asked = lineIn(query, 'q').slice(0, LONGEST_ASKED)
    const onlyDue = rawIn(query, 'show') === 'due' && can(actor, 'edit-contacts')
    const today = londonDateOf(clock.now())
    const own = scopeOf(actor, 'edit-contacts')
    // Everybody reads the whole register; what is due is of those who keep it right.
    const chosen = await chooseArea(db.pool, onlyDue ? own : EVERYWHERE, lineIn(query, 'area'))
    const { area } = chosen
    const scope = { ...own, area }
    const { contacts, found } = onlyDue
      ? { contacts: await loadDue(db.pool, scope, today), found: '' }
      : await findContacts(deps, asked, area)
    const nameOf = await loadNames(
      db.pool,
      contacts.map(({ confirmedBy }) => confirmedBy),
    )
    const isKeeper = can(actor, 'edit-contacts')
    return render(reply, {
      title: 'Directory of Services leads',
      asked,
      ...{ onlyDue, chosen },
      isChoice: chosen.isChoice && (onlyDue || own.everywhere || own.icbCodes.length > 1),
      contacts: contacts.map((contact) => viewOf(contact, today, nameOf)),
      found,
      missing: isKeeper ? await loadAreasWithout(db.pool, scope) : [],
      open: isKeeper ? await countOpen(db.pool, scope) : null,
      correctionsAddress: correctionsOf(area),
    })
  })
}

const correctionsOf = (area: string | undefined): string =>
  area === undefined ? CORRECTIONS : `${CORRECTIONS}?${new URLSearchParams({ area })}`

type Found = { readonly contacts: readonly StoredContact[]; readonly found: string }

/** A postcode leads to its ICB and that ICB's region; anything else is part of a name, or a code. */
async function findContacts(
  { db, gazetteer, profiles }: ContactsDeps,
  asked: string,
  chosen: string | undefined,
): Promise<Found> {
  const postcode = parsePostcode(asked)
  if (!postcode) return { contacts: await loadContacts(db.pool, { text: asked, area: chosen }), found: '' }
  const area = areaOfPostcode(postcode, { gazetteer, pharmacies: profiles.all() })
  if (!area) return { contacts: [], found: `We do not know which area ${postcode} lies in.` }
  const { areaCode, isSure } = area
  const areaCodes = [areaCode, ...(await regionsOf(db.pool, areaCode))]
  const contacts = await loadContacts(db.pool, { areaCodes, area: chosen })
  return {
    contacts: contacts.toSorted((one, other) => Number(one.level === 'region') - Number(other.level === 'region')),
    found: isSure
      ? `${postcode} lies in the area ${areaCode}.`
      : `Most pharmacies near ${postcode} are in the area ${areaCode}. Near a border it may be another.`,
  }
}

/** The regions of an ICB's pharmacies, by the ODS file. */
async function regionsOf(db: Queryable, icbCode: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('ods_organisation')
    .select('region_code')
    .distinct()
    .where('icb_ods_code', '=', icbCode)
    .where('region_code', 'is not', null)
    .execute()
  return rows.flatMap(({ region_code }) => region_code ?? [])
}
