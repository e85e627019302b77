/** `/workspace/tickets/wishlist`: the desk says which suggestions are shown, and what becomes of them. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { NotFound } from '#src/platform/errors.ts'
import { type Fields, fieldsOf, lineIn, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { formatDayOf } from '#src/profiles/names-and-moments.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import type { HelpDeskDeps } from '../desk-deps.ts'
import { messageIn, parseMessage } from '../typed-words.ts'
import {
  decideWish,
  LONGEST_ANSWER,
  LONGEST_WISH,
  loadWish,
  loadWishesForDesk,
  WISH_DECISIONS,
  WISH_WORDS,
  type Wish,
  type WishDecision,
} from '../wishes.ts'
import { deskOf, TICKETS, writingOf } from './who-works.ts'
import { NO_WISH, parseWish, wishIdIn } from './wishlist.ts'

type State = { readonly text: string; readonly colour: string }
type ListView = {
  readonly title: string
  readonly banner: string | null
  readonly rows: readonly (Pick<Wish, 'id' | 'title' | 'votes'> & { readonly state: State; readonly day: string })[]
}
type OneView = {
  readonly title: string
  readonly id: number
  readonly version: number
  readonly votes: number
  readonly state: State
  readonly decisions: readonly { readonly value: string; readonly text: string }[]
  readonly longest: number
  readonly longestAnswer: number
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const PATH = `${TICKETS}/wishlist`
const renderList = template<ListView>('help-desk/pages/desk-wishes.njk')
const renderOne = template<OneView>('help-desk/pages/desk-wish.njk')
const decisions = WISH_DECISIONS.map((value) => ({ value, text: WISH_WORDS[value].text }))
const MEANWHILE: Problem = {
  field: 'state',
  code: 'changed-meanwhile',
  message: 'Somebody else has decided about this since you opened it. Check what they said, and decide again',
}

/** Mounts the pages. */
export function deskWishPages(app: FastifyInstance, deps: HelpDeskDeps): void {
  const { db } = deps
  app.get(PATH, async (request, reply) => {
    deskOf(request)
    const wishes = await loadWishesForDesk(db.pool)
    return renderList(reply, {
      title: 'Suggestions for the wishlist',
      banner: rawIn(fieldsOf(request.query), 'done') === 'decided' ? 'Your decision is kept.' : null,
      rows: wishes.map((wish) => ({ ...wish, state: WISH_WORDS[wish.state], day: formatDayOf(wish.suggestedAt) })),
    })
  })

  const show = (reply: FastifyReply, wish: Wish, given: Partial<OneView> = {}) =>
    renderOne(reply, {
      ...{ title: wish.title, id: wish.id, version: wish.version, votes: wish.votes, state: WISH_WORDS[wish.state] },
      ...{ decisions, longest: LONGEST_WISH, longestAnswer: LONGEST_ANSWER, problems: [] },
      fields: { title: wish.title, message: wish.words, answer: wish.answer ?? '', state: wish.state },
      ...given,
    })
  app.get(`${PATH}/:id`, async (request, reply) => {
    deskOf(request)
    return show(reply, await wishIn(deps, request))
  })
  app.post(`${PATH}/:id`, async (request, reply) => {
    const actor = deskOf(request)
    const wish = await wishIn(deps, request)
    const typed = { message: messageIn(request.body, 'message'), answer: messageIn(request.body, 'answer') }
    const fields: Fields = { ...fieldsOf(request.body), ...typed }
    const parsed = parseDecision(fields)
    if (!parsed.ok) return show(reply.code(422), wish, { fields, problems: parsed.problems })
    const asked = { id: wish.id, expectedVersion: Number(lineIn(fields, 'version')) || -1, ...parsed.value }
    const decided = await decideWish(db, asked, writingOf(actor, deps))
    if (decided === 'done') return reply.redirect(`${PATH}?done=decided`, 303)
    const now = await wishIn(deps, request)
    return show(reply.code(409), now, { problems: [MEANWHILE] })
  })
}

type Decision = {
  readonly title: string
  readonly words: string
  readonly state: WishDecision
  readonly answer: string
}

function parseDecision(fields: Fields): Result<Decision> {
  const wish = parseWish(fields)
  const state = WISH_DECISIONS.find((each) => each === lineIn(fields, 'state'))
  const answer =
    fields['answer'] === '' ? accepted('') : parseMessage(fields['answer'] ?? '', 'answer', '', LONGEST_ANSWER)
  const problems = [
    ...(wish.ok ? [] : wish.problems),
    ...(state ? [] : [{ field: 'state', code: 'missing', message: 'Select what becomes of it' }]),
    ...(answer.ok ? [] : answer.problems),
  ]
  if (problems.length > 0 || !wish.ok || !state || !answer.ok) return refused(...problems)
  return accepted({ ...wish.value, state, answer: answer.value })
}

async function wishIn({ db }: HelpDeskDeps, request: FastifyRequest): Promise<Wish> {
  const wish = await loadWish(db.pool, wishIdIn(request.params))
  if (!wish) throw new NotFound(NO_WISH)
  return wish
}
