/** `/capacity`: how busy services are, for whoever looks after them. View: board.njk */
import type { FastifyInstance } from 'fastify'
import { type Scope, scopeOf } from '#src/accounts/can.ts'
import { type ChosenArea, chooseArea } from '#src/directory/area-choices.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { Queryable } from '#src/platform/db/db.ts'
import { fieldsOf, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { formatMoment } from '#src/profiles/names-and-moments.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { loadCapacities } from '../capacity-records.ts'
import { maySet } from '../who-may-set.ts'
import {
  BOARD_SHOWS,
  type Board,
  type BoardRow,
  type BoardShow,
  loadBoard,
  RED_ALERT_HOURS,
  SERVICES_A_PAGE,
} from './board-rows.ts'
import { countOf, headingOf, type Part, partsOf, SHOW_WORDS } from './board-words.ts'
import { type CapacityDeps, capacityActor } from './capacity-actor.ts'
import { type CapacityWords, capacityInWords, serviceNameOf, typeInWords } from './capacity-words.ts'

type Row = CapacityWords & {
  /** The service, or the pharmacy of several of which the same is true. */
  readonly title: string
  /** Whose service it is, and of what type; null for several. */
  readonly place: string | null
  readonly isAlert: boolean
  readonly services: readonly { readonly uid: number; readonly name: string; readonly maySet: boolean }[]
}
type Filter = { readonly text: string; readonly address: string; readonly isShown: boolean }
type View = {
  readonly title: string
  /** For whoever watches an area; the others see their own services. */
  readonly isBoard: boolean
  readonly at: string
  readonly refresh: string
  readonly steady: { readonly address: string; readonly isOn: boolean }
  /** Null where there is no choice. */
  readonly chosen: ChosenArea | null
  /** Whether there are so many that one looks for a pharmacy. */
  readonly isMany: boolean
  readonly text: string
  readonly show: BoardShow
  readonly filters: readonly Filter[]
  readonly parts: readonly Part[]
  readonly alerts: number
  readonly alertHours: number
  readonly heading: string
  readonly rows: readonly Row[]
  readonly previous: string | null
  readonly next: string | null
}

const PATH = '/capacity'
const REFRESH_SECONDS = 60
const LONGEST_SEARCH = 100
const render = template<View>('capacity/pages/board.njk')

/** Mounts the page. */
export function boardPage(app: FastifyInstance, { db, clock }: CapacityDeps): void {
  app.get(PATH, async (request, reply) => {
    const actor = capacityActor(request)
    const scope = scopeOf(actor, 'see-capacity')
    const isBoard = watchesArea(scope)
    const chosen = await chosenIn(db.pool, scope, request.query)
    const asked = readAsked(request.query, chosen?.area ?? null, isBoard)
    const now = clock.now()
    const board = await loadBoard(db.pool, { scope, now, ...asked })
    const settable = await maySet(
      db.pool,
      actor,
      board.rows.map(({ uid }) => uid),
    )
    // The browser asks again by itself when somebody chose that: a header, which needs no script and can be left.
    if (asked.steady) reply.header('refresh', String(REFRESH_SECONDS))
    return render(reply, {
      title: isBoard ? 'Capacity board' : 'Capacity of your services',
      isBoard,
      at: formatMoment(now.toISOString(), londonDateOf(now)),
      refresh: addressOf(asked),
      steady: { address: addressOf({ ...asked, steady: !asked.steady }), isOn: asked.steady },
      chosen,
      isMany: isBoard || asked.text !== '' || board.services > SERVICES_A_PAGE,
      text: asked.text,
      show: asked.show,
      filters: filtersOf(asked, board, isBoard),
      parts: board.services === 0 ? [] : partsOf(board),
      alerts: board.alerts,
      alertHours: RED_ALERT_HOURS,
      heading: headingOf(asked.show, board),
      rows: await rowsOf(db.pool, board.rows, { now, settable, isBoard, isOne: isOnePharmacy(scope) }),
      ...turning(asked, board),
    })
  })
}

type Asked = {
  readonly area: string | null
  readonly text: string
  readonly show: BoardShow
  readonly page: number
  readonly steady: boolean
}

/** Which area of a scope was chosen; null for those who watch their own services. */
async function chosenIn(db: Queryable, scope: Scope, query: unknown): Promise<ChosenArea | null> {
  if (!watchesArea(scope)) return null
  const { everywhere, icbCodes } = scope
  const reach = everywhere ? { everywhere } : { everywhere, icbCodes }
  return chooseArea(db, reach, rawIn(fieldsOf(query), 'area').trim())
}

/** What the address asks for; whatever it cannot mean is left out. */
function readAsked(given: unknown, area: string | null, isBoard: boolean): Asked {
  const query = fieldsOf(given)
  const page = rawIn(query, 'page')
  return {
    area,
    text: rawIn(query, 'q').trim().slice(0, LONGEST_SEARCH),
    show: BOARD_SHOWS.find((show) => show === rawIn(query, 'show')) ?? (isBoard ? 'attention' : 'all'),
    page: /^[1-9]\d{0,4}$/.test(page) ? Number(page) : 1,
    steady: rawIn(query, 'refresh') === 'yes',
  }
}

function addressOf({ area, text, show, page, steady }: Asked): string {
  const query = new URLSearchParams()
  if (text !== '') query.set('q', text)
  if (area !== null) query.set('area', area)
  query.set('show', show)
  if (page > 1) query.set('page', String(page))
  if (steady) query.set('refresh', 'yes')
  return `${PATH}?${query}`
}

/** A pharmacy that sees all of its services on one page needs no filters. */
function filtersOf(asked: Asked, board: Board, isBoard: boolean): readonly Filter[] {
  if (!isBoard && board.services <= SERVICES_A_PAGE) return []
  return BOARD_SHOWS.map((show) => ({
    text: SHOW_WORDS[show],
    address: addressOf({ ...asked, show, page: 1 }),
    isShown: show === asked.show,
  }))
}

function turning(asked: Asked, board: Board) {
  const { page } = asked
  const pages = Math.max(1, Math.ceil(countOf(asked.show, board) / SERVICES_A_PAGE))
  return {
    previous: page > 1 ? addressOf({ ...asked, page: Math.min(page - 1, pages) }) : null,
    next: page < pages ? addressOf({ ...asked, page: page + 1 }) : null,
  }
}

/** The rows in words, in the order of the board. */
async function rowsOf(
  db: Queryable,
  rows: readonly BoardRow[],
  { now, settable, isBoard, isOne }: RowContext,
): Promise<readonly Row[]> {
  const uids = rows.map(({ uid }) => uid)
  const capacities = await loadCapacities(db, uids, now)
  const named = await loadNamed(db, uids)
  const alertBefore = now.getTime() - RED_ALERT_HOURS * 3_600_000
  const shown: Row[] = []
  let lastOwner: string | null = null
  for (const { uid, state, redSince } of rows) {
    const capacity = capacities.get(uid)
    const { name, owner, type } = named.get(uid) ?? NAMELESS
    if (!capacity) continue
    const words = capacityInWords(capacity, now, redSince)
    const service = { uid, name, maySet: settable.has(uid) }
    const last = shown.at(-1)
    if (isBoard && owner && owner === lastOwner && state !== 'GREEN' && last && saysTheSame(last, words)) {
      shown[shown.length - 1] = { ...last, title: owner, place: null, services: [...last.services, service] }
      continue
    }
    const place = isOne || owner === null ? type : `${owner}. ${type}`
    const isAlert = redSince !== null && Date.parse(redSince) <= alertBefore
    shown.push({ ...words, title: name, place, isAlert, services: [service] })
    lastOwner = owner
  }
  return shown
}

type RowContext = {
  readonly now: Date
  readonly settable: ReadonlySet<number>
  readonly isBoard: boolean
  readonly isOne: boolean
}

const NAMELESS = { name: '', owner: null, type: '' }

/** A pharmacy that is shut is one line for whoever watches an area, not one for each of its services. */
const saysTheSame = (a: CapacityWords, b: CapacityWords): boolean =>
  a.tag.text === b.tag.text && a.lead === b.lead && a.since === b.since && a.note === b.note

async function loadNamed(db: Queryable, uids: readonly number[]) {
  const rows = await db
    .selectFrom('service')
    .leftJoin('profile', 'profile.ods_code', 'service.ods_five')
    .select(['service.uid', 'service.record', 'profile.name as pharmacy', 'profile.ods_code as odsCode'])
    .where('service.uid', '=', (value) => value.fn.any(value.val([...uids])))
    .execute()
  return new Map(
    rows.map(({ uid, record, pharmacy, odsCode }) => {
      const { name, publicName, typeId } = record as ServiceRecord
      const owner = pharmacy ? `${pharmacy}, ${odsCode}` : null
      return [uid, { name: serviceNameOf({ name, publicName }), owner, type: typeInWords(typeId) }]
    }),
  )
}

/** Whose services they are needs no saying where all are of one pharmacy. */
const isOnePharmacy = ({ everywhere, odsCodes, parentCodes, icbCodes }: Scope): boolean =>
  !everywhere && odsCodes.length === 1 && parentCodes.length + icbCodes.length === 0

/** Whether somebody watches an area, rather than services of their own. */
const watchesArea = ({ everywhere, icbCodes }: Scope): boolean => everywhere || icbCodes.length > 0
