/** XML as requests are read: elements with their namespaces and texts; comments and attributes have no meaning here. */

export type XmlElement = {
  /** Without its prefix. */
  readonly name: string
  /** Empty when it is in none. */
  readonly namespace: string
  /** What stands between its tags outside of other elements, joined. */
  readonly text: string
  readonly children: readonly XmlElement[]
}

/** Deeper nesting is refused. An envelope needs six levels. */
export const MOST_NESTED = 64

/** Characters that no XML document may hold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
export const FORBIDDEN_CHARACTERS = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/

/** Which namespace each prefix stands for, here and further out; the empty prefix is the default namespace. */
export type Scope = { readonly prefix: string; readonly namespace: string; readonly outer: Scope | null }

export const OUTERMOST: Scope = {
  prefix: 'xml',
  namespace: 'http://www.w3.org/XML/1998/namespace',
  outer: { prefix: '', namespace: '', outer: null },
}

/** The namespace that a prefix stands for; undefined when nobody said. */
export function namespaceOf(scope: Scope | null, prefix: string): string | undefined {
  for (let at = scope; at !== null; at = at.outer) if (at.prefix === prefix) return at.namespace
  return undefined
}

/** The scope inside an element with this attribute; the same one when the attribute declares no namespace. */
export function scopeWith(outer: Scope, attribute: string, value: string): Scope {
  if (attribute === 'xmlns') return { prefix: '', namespace: value, outer }
  return attribute.startsWith('xmlns:') ? { prefix: attribute.slice('xmlns:'.length), namespace: value, outer } : outer
}

/** A name with one colon at most, taken apart; undefined when it is not such a name. */
export function qualifiedName(raw: string): { readonly prefix: string; readonly name: string } | undefined {
  const colon = raw.indexOf(':')
  if (colon < 0) return { prefix: '', name: raw }
  const name = raw.slice(colon + 1)
  return colon === 0 || name === '' || name.includes(':') ? undefined : { prefix: raw.slice(0, colon), name }
}
