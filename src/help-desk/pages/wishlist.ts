/** `/help/wishlist`: what people suggest, with votes, and what becomes of it. Views: wishlist.njk, suggest.njk */
import type { FastifyInstance, FastifyReply } from 'fastify'
import { actorOf } from '#src/accounts/actor.ts'
import { signInAddress } from '#src/accounts/session-cookie.ts'
import { NotFound } from '#src/platform/errors.ts'
import { type Fields, fieldsOf, proseIn, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import type { HelpDeskDeps } from '../desk-deps.ts'
import { messageIn, parseMessage } from '../typed-words.ts'
import { LONGEST_TITLE, LONGEST_WISH, loadWishes, suggest, vote, WISH_WORDS, type Wish } from '../wishes.ts'
import { TOO_MANY } from './ask.ts'

const LIST = '/help/wishlist'

type Row = Pick<Wish, 'id' | 'title' | 'words' | 'answer' | 'votes' | 'isMine'> & {
  readonly state: { readonly text: string; readonly colour: string }
}
type ListView = {
  readonly title: string
  readonly banner: string | null
  readonly sort: 'votes' | 'new'
  readonly signedIn: boolean
  readonly wishes: readonly Row[]
}
type SuggestView = {
  readonly title: string
  readonly longest: number
  readonly fields: Fields
  readonly problems: readonly Problem[]
}

const BANNERS: Readonly<Record<string, string>> = {
  suggested: 'Thank you. The service desk looks at your suggestion before it is shown here.',
  voted: 'We have counted your vote.',
  'taken-back': 'We have taken your vote back.',
}
const renderList = template<ListView>('help-desk/pages/wishlist.njk')
const renderSuggest = template<SuggestView>('help-desk/pages/suggest.njk')

/** Mounts the pages. */
export function wishlistPages(app: FastifyInstance, deps: HelpDeskDeps): void {
  const { db, clock } = deps
  app.get(LIST, async (request, reply) => {
    const asked = fieldsOf(request.query)
    const actor = actorOf(request)
    const sort = rawIn(asked, 'sort') === 'new' ? 'new' : 'votes'
    const wishes = await loadWishes(db.pool, { me: actor?.personId ?? null, sort })
    return renderList(reply, {
      title: 'Wishlist',
      banner: BANNERS[rawIn(asked, 'done')] ?? null,
      sort,
      signedIn: actor !== null,
      wishes: wishes.map((wish) => ({ ...wish, state: WISH_WORDS[wish.state] })),
    })
  })

  app.post(`${LIST}/:id/vote`, async (request, reply) => {
    const actor = actorOf(request)
    if (!actor) return reply.redirect(signInAddress(LIST, false), 303)
    const id = wishIdIn(request.params)
    const wants = rawIn(fieldsOf(request.body), 'vote') !== 'no'
    if (!(await vote(db, { id, personId: actor.personId, wants }, clock.now()))) throw new NotFound(NO_WISH)
    return reply.redirect(`${LIST}?done=${wants ? 'voted' : 'taken-back'}`, 303)
  })

  const show = (reply: FastifyReply, fields: Fields, problems: readonly Problem[] = []) =>
    renderSuggest(reply, { title: 'Suggest something', longest: LONGEST_WISH, fields, problems })
  app.get(`${LIST}/suggest`, (_request, reply) => show(reply, {}))
  app.post(`${LIST}/suggest`, async (request, reply) => {
    const fields = { ...fieldsOf(request.body), message: messageIn(request.body, 'message') }
    const parsed = parseWish(fields)
    if (!parsed.ok) return show(reply.code(422), fields, parsed.problems)
    if (!(await suggest(deps, { ...parsed.value, address: request.ip }))) {
      return show(reply.code(429), fields, [TOO_MANY])
    }
    return reply.redirect(`${LIST}?done=suggested`, 303)
  })
}

export const NO_WISH = 'There is no such suggestion'
/** As large as ids get in the database. */
const ID = /^[1-9]\d{0,14}$/

/** The id in an address. Throws `NotFound` when it can be none. */
export function wishIdIn(params: unknown): number {
  const { id } = params as { readonly id: string }
  if (!ID.test(id)) throw new NotFound(NO_WISH)
  return Number(id)
}

/** Reads a suggestion; `fields.message` keeps its line breaks. */
export function parseWish(fields: Fields): Result<{ readonly title: string; readonly words: string }> {
  const title = parseMessage(proseIn(fields, 'title'), 'title', 'Enter a title for it', LONGEST_TITLE)
  const words = parseMessage(fields['message'] ?? '', 'message', 'Enter what it would do for you', LONGEST_WISH)
  if (title.ok && words.ok) return accepted({ title: title.value, words: words.value })
  return refused(...(title.ok ? [] : title.problems), ...(words.ok ? [] : words.problems))
}
