/**
 * A small browser without script: keeps cookies as a real one does, follows redirects, and sends forms as they stand on
 * the page. Addresses of the product go to the app itself, all others over the network.
 */
import assert from 'node:assert/strict'
import type { FastifyInstance } from 'fastify'
import type { Grant } from '#src/accounts/actor.ts'
import { createSession } from '#src/accounts/sessions.ts'
import type { Clock } from '#src/platform/clock.ts'
import type { Db } from '#src/platform/db/db.ts'

export type Page = {
  readonly url: URL
  readonly status: number
  readonly headers: Headers
  readonly body: string
  /** The body as it came: what a file is read from. */
  readonly bytes: Buffer
}

/** The fields of a form, or a form with files in it. */
export type SentForm = Readonly<Record<string, string>> | FormData

export type Browser = {
  /** One request; redirects are not followed. */
  ask(address: string, form?: SentForm): Promise<Page>
  /** Opens an address and follows redirects to the page. */
  open(address: string, form?: SentForm): Promise<Page>
  /** Sends the page's form whose action contains `action`, with its hidden fields and `fields`; follows redirects. */
  submit(page: Page, action: string, fields?: Readonly<Record<string, string>>): Promise<Page>
  cookie(name: string): string | undefined
  setCookie(name: string, value: string): void
  /** Another browser with the same cookies, as a copy. */
  copy(): Browser
}

const MOST_REDIRECTS = 12

/**
 * Opens a browser for `app`, which people reach at `baseUrl`; without an app everything goes over the network. Cookies
 * are kept per host name, whatever the port. `headers` go with every request to the app.
 */
export function openBrowser(
  app: FastifyInstance | undefined,
  baseUrl: string,
  cookies = new Map<string, string>(),
  headers: Readonly<Record<string, string>> = {},
): Browser {
  const home = new URL(baseUrl)
  const ask: Browser['ask'] = async (address, form) => {
    const url = new URL(address, home)
    const page =
      app && url.origin === home.origin
        ? await askApp(app, url, { cookies, headers }, form)
        : await askNetwork(url, cookies, form)
    for (const line of page.headers.getSetCookie()) keepCookie(cookies, line)
    return page
  }
  const open: Browser['open'] = async (address, form) => {
    let page = await ask(address, form)
    for (let hops = 0; page.headers.get('location') && page.status >= 300 && page.status < 400; hops += 1) {
      assert.ok(hops < MOST_REDIRECTS, `${address} goes round in circles`)
      page = await ask(new URL(page.headers.get('location') ?? '', page.url).href)
    }
    return page
  }
  return {
    ask,
    open,
    submit: (page, action, fields = {}) => {
      const form = formOf(page, action)
      return open(form.action, { ...form.hidden, ...fields })
    },
    cookie: (name) => cookies.get(name),
    setCookie: (name, value) => cookies.set(name, value),
    copy: () => openBrowser(app, baseUrl, new Map(cookies), headers),
  }
}

/** Signs a browser in without the provider: creates the person, gives the rights, starts a session. */
export async function signInAs(
  browser: Browser,
  person: { readonly email: string; readonly name?: string; readonly grants: readonly Grant[] },
  { db, clock }: { readonly db: Db; readonly clock: Clock },
): Promise<void> {
  const { email, name = email, grants } = person
  const now = clock.now()
  const at = now.toISOString()
  const token = await db.transact(async (tx) => {
    const { id } = await tx
      .insertInto('person')
      .values({ email, name, created_at: at })
      .onConflict((conflict) => conflict.column('email').doUpdateSet({ name }))
      .returning('id')
      .executeTakeFirstOrThrow()
    for (const { role, scope } of grants) {
      await tx
        .insertInto('role_grant')
        .values({ email, role, scope, granted_at: at, granted_by: 'system:test', expires_at: null })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    }
    return await createSession(tx, { personId: id, now })
  })
  browser.setCookie('signpost-session', token)
}

/**
 * A form of a page: where it goes, and its hidden fields. The one whose action is `action`, else the first whose action
 * contains it.
 */
export function formOf(page: Page, action: string): { action: string; hidden: Record<string, string> } {
  const forms = [...page.body.matchAll(/<form([^>]*)>[\s\S]*?<\/form>/g)].map(([form, attributes = '']) => ({
    form,
    target: attribute(attributes, 'action') ?? page.url.pathname,
  }))
  const found = forms.find(({ target }) => target === action) ?? forms.find(({ target }) => target.includes(action))
  if (!found) return assert.fail(`${page.url} has no form for ${action}`)
  const inputs = [...found.form.matchAll(/<input([^>]*type="hidden"[^>]*)>/g)].map(([, text = '']) => text)
  const hidden = inputs.map((text) => [attribute(text, 'name') ?? '', attribute(text, 'value') ?? ''])
  return { action: new URL(found.target, page.url).href, hidden: Object.fromEntries(hidden) }
}

async function askApp(
  app: FastifyInstance,
  url: URL,
  browser: { readonly cookies: ReadonlyMap<string, string>; readonly headers: Readonly<Record<string, string>> },
  form: SentForm | undefined,
): Promise<Page> {
  const headers = { ...browser.headers, host: url.host, cookie: cookieHeader(browser.cookies) }
  const address = url.pathname + url.search
  const body = form && (await bodyOf(form))
  const answer = body
    ? await app.inject({
        method: 'POST',
        url: address,
        headers: { ...headers, ...body.headers },
        payload: body.payload,
      })
    : await app.inject({ method: 'GET', url: address, headers })
  const answered = new Headers()
  for (const [name, value] of Object.entries(answer.headers)) {
    for (const each of [value].flat()) if (each !== undefined) answered.append(name, String(each))
  }
  return { url, status: answer.statusCode, headers: answered, body: answer.body, bytes: answer.rawPayload }
}

/** A form as it travels. */
async function bodyOf(form: SentForm): Promise<{ headers: Record<string, string>; payload: Buffer }> {
  const body = new Response(form instanceof FormData ? form : new URLSearchParams(form))
  return {
    headers: { 'content-type': body.headers.get('content-type') ?? '' },
    payload: Buffer.from(await body.arrayBuffer()),
  }
}

async function askNetwork(url: URL, cookies: ReadonlyMap<string, string>, form: SentForm | undefined): Promise<Page> {
  const answer = await fetch(url, {
    redirect: 'manual',
    headers: { cookie: cookieHeader(cookies) },
    ...(form ? { method: 'POST', body: form instanceof FormData ? form : new URLSearchParams(form) } : {}),
  })
  const bytes = Buffer.from(await answer.arrayBuffer())
  return { url, status: answer.status, headers: answer.headers, body: bytes.toString(), bytes }
}

const cookieHeader = (cookies: ReadonlyMap<string, string>): string =>
  [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')

function keepCookie(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(/;\s*/)
  const name = pair.slice(0, pair.indexOf('='))
  const value = pair.slice(pair.indexOf('=') + 1)
  const gone = value === '' || attributes.some((text) => /^(max-age=0|expires=Thu, 01 Jan 1970)/i.test(text))
  if (gone) cookies.delete(name)
  else cookies.set(name, decodeURIComponent(value))
}

const attribute = (text: string, name: string): string | undefined =>
  new RegExp(`\\b${name}="([^"]*)"`)
    .exec(text)?.[1]
    ?.replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
