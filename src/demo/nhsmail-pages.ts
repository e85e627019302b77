/** The pages of the stand-in for NHSmail: choose a person, and leave again. */
import type { KoaContextWithOIDC, Provider } from 'oidc-provider'
import { parseSignInEmail } from '#src/accounts/people.ts'
import { renderView } from '#src/platform/views.ts'
import type { Problem } from '#src/rules/problems.ts'

/** Somebody to sign in as; `about` says in one line what they can do. */
export type NhsmailPerson = { readonly email: string; readonly name: string; readonly about: string }
export type PageAddresses = { readonly baseUrl: string; readonly issuer: string }

type Next = () => Promise<void>
type PersonPage = PageAddresses & {
  readonly people: readonly NhsmailPerson[]
  readonly problems: readonly Problem[]
  readonly email: string
}

const LONGEST_FORM_BYTES = 4096

/** Answers the provider's question "who is this?", and lets people sign out without being asked again. */
export function choosePerson(provider: Provider, addresses: PageAddresses, people: readonly NhsmailPerson[]) {
  const show = (context: KoaContextWithOIDC, email: string, problems: readonly Problem[]) => {
    const view: PersonPage = { ...addresses, people, email, problems }
    context.body = renderView('demo/nhsmail.njk', view)
    securePage(context, addresses)
  }
  return async (context: KoaContextWithOIDC, next: Next): Promise<void> => {
    if (context.path === '/session/end') return await leave(context, next, addresses)
    if (!context.path.startsWith('/interaction/')) return await next()
    try {
      await provider.interactionDetails(context.req, context.res)
    } catch {
      return startAgain(context, addresses)
    }
    if (context.method !== 'POST') return show(context, '', [])
    const given = (await readForm(context)).get('email') ?? ''
    const email = parseSignInEmail(given)
    if (!email) return show(context, given, [NOT_AN_EMAIL])
    const result = { login: { accountId: email } }
    context.redirect(await provider.interactionResult(context.req, context.res, result))
    context.status = 303
  }
}

const NOT_AN_EMAIL: Problem = {
  field: 'email',
  code: 'invalid',
  message: 'Enter an email address in the correct format, like name@nhs.net',
}

/** What these pages may do in a browser: show the product's styles, send a form, nothing else. */
export function securePage(context: KoaContextWithOIDC, { baseUrl }: PageAddresses): void {
  context.type = 'html'
  context.set(
    'content-security-policy',
    `default-src 'none'; style-src ${baseUrl}; img-src ${baseUrl}; base-uri 'none'; frame-ancestors 'none'`,
  )
  context.set('cache-control', 'no-store')
  context.set('referrer-policy', 'no-referrer')
}

/** The provider's own page asks "do you really want to?"; whoever comes here pressed "Sign out" a moment ago. */
async function leave(context: KoaContextWithOIDC, next: Next, { baseUrl }: PageAddresses): Promise<void> {
  await next()
  await context.oidc?.session?.destroy()
  context.redirect(`${baseUrl}/signed-out`)
  context.status = 303
}

function startAgain(context: KoaContextWithOIDC, addresses: PageAddresses): void {
  const text = 'This sign-in was already used, or waited for more than ten minutes.'
  context.status = 400
  context.body = renderView('demo/nhsmail-problem.njk', { ...addresses, text })
  securePage(context, addresses)
}

/** A form of a few fields; longer ones are read as empty. */
async function readForm(context: KoaContextWithOIDC): Promise<URLSearchParams> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of context.req as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes <= LONGEST_FORM_BYTES) parts.push(part)
  }
  return new URLSearchParams(bytes <= LONGEST_FORM_BYTES ? Buffer.concat(parts).toString('utf8') : '')
}
