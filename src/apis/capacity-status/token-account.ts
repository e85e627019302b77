/**
 * Whose token a request carries. A token is the secret of an account, alone or as `NAME:SECRET`. An account is found by a
 * hint of its secret; a secret that two accounts share says of neither whose it is, and needs the name before it.
 */
import type { ApiAccount, ApiAccounts } from '#src/accounts/api-accounts.ts'

export type TokenAccounts = Pick<ApiAccounts, 'known' | 'authenticate' | 'namesFor' | 'isDisabled' | 'admit'>

/** The account; or why there is none, in the words of the API. */
export type Identified =
  | { readonly ok: true; readonly account: ApiAccount }
  | { readonly ok: false; readonly detail: string }
  | { readonly ok: false; readonly detail: null }

const API = 'capacity'
const LONGEST_HEADER = 1000

const refuse = (detail: string | null): Identified => ({ ok: false, detail }) as Identified

/** Reads the header. `detail` null: the token is right and its account was shut out. Never throws. */
export async function identify(
  accounts: TokenAccounts,
  { header, address }: { readonly header: string | undefined; readonly address: string },
): Promise<Identified> {
  const [scheme = '', ...rest] = (header ?? '').trim().split(/\s+/)
  if (scheme.toLowerCase() !== 'token') return refuse('Authentication credentials were not provided.')
  if (rest.length === 0) return refuse('Invalid token header. No credentials provided.')
  if (rest.length > 1) return refuse('Invalid token header. Token string should not contain spaces.')
  const [token = ''] = rest
  return token.length > LONGEST_HEADER ? refuse(WRONG) : accountOf(accounts, token, address)
}

const WRONG = 'Invalid token.'

async function accountOf(accounts: TokenAccounts, token: string, address: string): Promise<Identified> {
  const found: ApiAccount[] = []
  let isDisabled = false
  for (const { name, secret } of await candidates(accounts, token)) {
    const account = accounts.known(API, name, secret) ?? (await accounts.authenticate(API, name, secret, address))
    if (account) found.push(account)
    else isDisabled ||= accounts.isDisabled(API, name, secret)
  }
  const [account] = found
  if (account && found.length === 1) return { ok: true, account }
  return refuse(isDisabled && !account ? null : WRONG)
}

async function candidates(accounts: TokenAccounts, token: string) {
  const names = await accounts.namesFor(API, token)
  if (names.length > 0) return names.map((name) => ({ name, secret: token }))
  const colon = token.indexOf(':')
  return colon < 1 ? [] : [{ name: token.slice(0, colon), secret: token.slice(colon + 1) }]
}
