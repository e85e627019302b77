/** How a page is named where nobody should learn who looked at it: its path without what is secret or searched for. */
import type { FastifyRequest } from 'fastify'

/** What an address may say: public codes. Every other part of an address that varies becomes `*`. */
const PUBLIC_PARTS: Readonly<Record<string, RegExp>> = { odsCode: /^[A-Za-z0-9]{3,10}$/, uid: /^\d{1,15}$/ }

/** The page of a request, such as `/pharmacies/FA002`; null where there is no page. */
export function pageNameOf(request: FastifyRequest): string | null {
  const pattern = request.routeOptions.url
  if (pattern === undefined || pattern.includes('*')) return null
  const params = (request.params ?? {}) as Readonly<Record<string, string>>
  return pattern.replaceAll(/:(\w+)/g, (_all, name: string) => {
    const value = params[name] ?? ''
    return PUBLIC_PARTS[name]?.test(value) ? value : '*'
  })
}
