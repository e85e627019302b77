/** Which methods an address answers, so that a wrong method is told apart from an address that does not exist. */
import type { FastifyInstance } from 'fastify'

export type AllowedMethods = {
  /** The methods of `path` (no query), such as `GET, HEAD`; undefined when nothing is mounted there. */
  of(path: string): string | undefined
}

/** Watches the routes that are mounted on `app` from now on. */
export function collectAllowedMethods(app: FastifyInstance): AllowedMethods {
  const methodsByPattern = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ url, method }) => {
    const methods = methodsByPattern.get(url) ?? new Set()
    for (const one of [method].flat()) methods.add(one)
    methodsByPattern.set(url, methods)
  })
  return {
    of(path) {
      for (const [pattern, methods] of methodsByPattern) {
        if (matcherOf(pattern).test(path)) return [...methods].sort().join(', ')
      }
      return undefined
    },
  }
}

/** A route pattern as a regular expression: `:name` is one part of the path, `*` the rest of it, and a last slash may be left out. */
const matcherOf = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/\/$/, '')
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replace(/:[A-Za-z]+/g, '[^/]+')
      .replace('*', '.*')}/?$`,
  )
