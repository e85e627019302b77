/** Pages and emails from templates: the official NHS macros, always escaped, an unknown name is an error. */
import { hash, randomBytes } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { FastifyReply } from 'fastify'
import nunjucks from 'nunjucks'
import type { Problem } from '#src/rules/problems.ts'
import { pageNameOf } from './http/page-name.ts'
import { securePage } from './http/security-headers.ts'

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const environment = new nunjucks.Environment(
  new nunjucks.FileSystemLoader([folder('..'), folder('../../node_modules/nhsuk-frontend/dist')]),
  { autoescape: true, throwOnUndefined: true, trimBlocks: true, lstripBlocks: true },
)
environment.addFilter('errorFor', errorFor)
environment.addFilter('errorLinks', errorLinks)
environment.addFilter('inDigits', inDigits)

/**
 * Binds a template (`feature/file.njk`) to the type of the view model it needs, and sends it as a page.
 *
 * Every page template extends `platform/http/layout.njk`, sets `title`, and fills `content`. A view with `problems`
 * gets the error summary and the `Error: ` prefix from the layout.
 */
export const template =
  <View extends object>(path: string) =>
  (reply: FastifyReply, view: View): FastifyReply => {
    const cspNonce = randomBytes(16).toString('base64')
    const html = environment.render(path, { problems: [], ...view, cspNonce, shell: shellOf(reply) })
    return securePage(reply, cspNonce).type('text/html; charset=utf-8').send(html)
  }

/** Renders a template that is not a page, such as the text of an email. */
export const renderView = <View extends object>(path: string, view: View): string => environment.render(path, view)

let version: string | undefined

/** Changes with the text of any template: a page that a browser holds from before is then not the same page. */
export function templatesVersion(): string {
  version ??= hash(
    'sha256',
    globSync('**/*.njk', { cwd: folder('..') })
      .sort()
      .map((file) => readFileSync(folder(`../${file}`), 'utf8'))
      .join('\0'),
  )
  return version
}

/** What the layout shows around every page, for this request. */
function shellOf(reply: FastifyReply) {
  const { request, server } = reply
  const path = request.url.split('?', 1)[0] ?? '/'
  let token: string | undefined
  return {
    assets: server.shell.assets,
    mapTiles: server.shell.mapTiles ?? null,
    notice: request.ownNotice ?? server.shell.notice,
    footer: server.shell.footer,
    navigation: [...server.shell.navigation, ...(request.moreNavigation ?? [])].map((link) => ({
      ...link,
      ...placeOf(path, link.href),
    })),
    signedInAs: request.signedInAs,
    actingFor: request.actingFor,
    // Not on the page that asks what is wrong with one.
    feedbackAbout: path === '/help/feedback' ? null : pageNameOf(request),
    // One for all forms of the page: where the cookie is new, a second token would belong to a second cookie.
    csrfToken: () => {
      token ??= reply.generateCsrf()
      return token
    },
  }
}

/** How the navigation marks the page that is shown, and the part of the product that it belongs to. */
function placeOf(path: string, href: string): { current?: true; active?: true } {
  if (path === href) return { current: true }
  return href !== '/' && path.startsWith(`${href}/`) ? { active: true } : {}
}

/** `problems | errorFor('phone')`: the first message of a field as the NHS macros want it, or undefined. */
function errorFor(problems: readonly Problem[], field: string): { text: string } | undefined {
  const problem = problems.find((candidate) => candidate.field === field)
  return problem && { text: problem.message }
}

/** The list of the error summary: each message leads to the field of the same id. */
function errorLinks(problems: readonly Problem[]) {
  return problems.map(({ field, message }) => ({ text: message, href: `#${field}` }))
}

/** `total | inDigits`: a whole number as people read it, such as "1,200". */
function inDigits(count: number): string {
  return count.toLocaleString('en-GB')
}
