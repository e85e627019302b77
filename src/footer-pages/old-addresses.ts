/**
 * Where the pages of two older editors went. Bookmarks, letters and training slides still name them, so they lead on
 * for good, to the same task of the same pharmacy where the address says which.
 */
import type { FastifyInstance } from 'fastify'
import { template } from '#src/platform/views.ts'
import { parsePharmacyCode } from '#src/rules/ods-code.ts'

/** The first parts of old addresses. */
export const OLD_EDITORS = ['profile-editor', 'dos-profile-updater'] as const

type Moved = {
  /** What it was called there. */
  readonly was: string
  /** Any of these in the rest of an old address means this task. */
  readonly words: RegExp
  /** The last part of the page's address now: `/manage/FZ001/contact-details`. Empty: the pharmacy's own page. */
  readonly slug: string
  readonly now: string
}

/** Tasks inside one pharmacy. The first that fits counts. */
export const MOVED_TASKS: readonly Moved[] = [
  {
    was: 'Contact details, phone, website, email',
    words: /contact|phone|website|email/,
    slug: 'contact-details',
    now: 'Contact details',
  },
  { was: 'Bank holiday opening times', words: /holiday|easter|christmas/, slug: 'bank-holidays', now: 'Bank holidays' },
  {
    was: 'Closures, exceptional or specified opening times',
    words: /clos(e|ure)|exception|specified|temporary|change/,
    slug: 'closures-and-changes',
    now: 'Closures and changes',
  },
  { was: 'Opening times', words: /opening|hours|times/, slug: 'opening-times', now: 'Standard opening times' },
  { was: 'Services, facilities, profile summary', words: /.*/, slug: '', now: 'Your pharmacy’s page' },
]

/** Pages that belong to no pharmacy. */
const MOVED_PAGES: readonly { readonly words: RegExp; readonly to: string }[] = [
  { words: /^(log|sign)-?(in|on)$|^register$|^account$/, to: '/sign-in' },
  { words: /^(help|faqs?|guidance|guide|support)$/, to: '/help' },
  { words: /^(contact|contact-us|feedback)$/, to: '/contact' },
  { words: /^(privacy|privacy-policy)$/, to: '/privacy' },
  { words: /^(cookies|cookie-policy)$/, to: '/cookies' },
  { words: /^(accessibility|accessibility-statement)$/, to: '/accessibility' },
  { words: /^(terms|terms-and-conditions|policies)$/, to: '/policies' },
]

/** The page that replaced an old one; `rest` is the address after the editor's name. Never throws: at worst `/manage`. */
export function replacementOf(rest: string): string {
  const parts = rest.toLowerCase().split('/').filter(Boolean)
  const code = parts.map(codeIn).find(Boolean)
  const task = parts.filter((part) => !codeIn(part)).join('/')
  if (code) {
    const slug = MOVED_TASKS.find(({ words }) => words.test(task))?.slug
    return slug ? `/manage/${code}/${slug}` : `/manage/${code}`
  }
  return MOVED_PAGES.find(({ words }) => words.test(parts[0] ?? ''))?.to ?? '/manage'
}

/** A code has a digit; without that, words such as `login` and `hours` would be codes. */
const codeIn = (part: string) => (/\d/.test(part) ? parsePharmacyCode(part) : undefined)

const renderWhatMoved = template<{ tasks: readonly Moved[]; editors: readonly string[] }>('footer-pages/what-moved.njk')

/** Mounts the redirects and the page that lists them. */
export function oldAddresses(pages: FastifyInstance): void {
  for (const editor of OLD_EDITORS) {
    pages.get(`/${editor}`, (_request, reply) => reply.redirect('/manage', 301))
    pages.get<{ Params: { '*': string } }>(`/${editor}/*`, (request, reply) =>
      reply.redirect(replacementOf(request.params['*']), 301),
    )
  }
  pages.get('/help/what-moved', (_request, reply) =>
    renderWhatMoved(reply, { tasks: MOVED_TASKS, editors: OLD_EDITORS.map((editor) => `/${editor}/`) }),
  )
}
