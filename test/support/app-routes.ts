/** Every route of the app, read from the app itself, so that none is forgotten. */
import type { FastifyInstance } from 'fastify'

export type AppRoute = { readonly method: 'GET' | 'POST'; readonly pattern: string }

/** The GET and POST routes, in the order of their addresses. */
export function routesOf(app: FastifyInstance): readonly AppRoute[] {
  const parts: string[] = []
  const found: AppRoute[] = []
  for (const line of app.printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent = '', part = '', methods = ''] = /^([\s│]*)[├└]── (\S+) \(([^)]+)\)/.exec(line) ?? []
    if (part === '') continue
    const depth = indent.length / 4
    parts.length = depth
    parts[depth] = part
    const pattern = parts.join('')
    for (const method of ['GET', 'POST'] as const) {
      if (methods.split(', ').includes(method)) found.push({ method, pattern })
    }
  }
  return found.sort((one, other) => one.pattern.localeCompare(other.pattern) || one.method.localeCompare(other.method))
}
