/** Whether whoever asks holds a copy of the answer already, so that it need not be sent again. */
import { hash } from 'node:crypto'
import type { FastifyReply } from 'fastify'

/** A validator for an answer that is made from this text; weak, because a proxy may compress the answer. */
export const weakTagOf = (text: string): string => `W/"${hash('sha256', text, 'base64url').slice(0, 22)}"`

/**
 * Whether the request names the validator: alone, in a list, strong or weak, or as `*`, which is any copy. Never throws.
 * Source: RFC 9110, 13.1.2 and 8.8.3.2: GET compares weakly.
 */
export function isHeld({ request }: Pick<FastifyReply, 'request'>, tag: string): boolean {
  const held = request.headers['if-none-match'] ?? ''
  if (held.trim() === '*') return true
  return [...held.matchAll(/(?:W\/)?("[^"]*")/g)].some(([, opaque]) => opaque === tag.replace(/^W\//, ''))
}
