/**
 * Reads XML as nearly all clients write it: elements, attributes and text, nothing else. Seven times as fast as reading
 * any XML (`any-xml.ts`), to which everything that is not so plain is left, what is wrong with it included.
 */
import {
  FORBIDDEN_CHARACTERS,
  MOST_NESTED,
  namespaceOf,
  OUTERMOST,
  type Scope,
  scopeWith,
  type XmlElement,
} from './xml-tree.ts'

type GrowingElement = {
  readonly name: string
  readonly namespace: string
  text: string
  readonly children: XmlElement[]
}

/** An element that is not closed yet. `raw` is its name with the prefix, as the closing tag must repeat it. */
type Open = { readonly raw: string; readonly scope: Scope; readonly element: GrowingElement }

const DECLARATION =
  /^<\?xml[ \t\n]+version="1\.0"(?:[ \t\n]+encoding="[A-Za-z][\w.-]*")?(?:[ \t\n]+standalone="(?:yes|no)")?[ \t\n]*\?>/
/** One tag: its slash, name, attributes, and the slash of an element without content. */
const TAG =
  /<(\/?)((?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*)((?:[ \t\n]+[\w.:-]+[ \t\n]*=[ \t\n]*(?:"[^"<]*"|'[^'<]*'))*)[ \t\n]*(\/?)>/y
const ATTRIBUTE = /((?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*)[ \t\n]*=[ \t\n]*(?:"([^"]*)"|'([^']*)')[ \t\n]*/y
const BLANK = /^[ \t\n]*$/
/** Besides other markup, names that mean something to JavaScript: the other reader refuses them. */
const NOT_SO_PLAIN = /&|<!|\]\]>|__|constructor|prototype|hasOwnProperty|toString|valueOf/

/**
 * The root element of a document whose lines end in line feeds; undefined when the document is not plain, or not right.
 * Never throws.
 */
export function readPlainXml(text: string): XmlElement | undefined {
  if (NOT_SO_PLAIN.test(text) || FORBIDDEN_CHARACTERS.test(text)) return undefined
  const declaration = DECLARATION.exec(text)?.[0].length ?? 0
  const outside: Open = { raw: '', scope: OUTERMOST, element: { name: '', namespace: '', text: '', children: [] } }
  const open = [outside]
  let at = declaration
  for (let next = text.indexOf('<', at); next >= 0; next = text.indexOf('<', at)) {
    const inside = open.at(-1) as Open
    inside.element.text += text.slice(at, next)
    at = takeTag(open, inside, text, next)
    if (at === WRONG) return undefined
  }
  const { text: around, children } = outside.element
  const isWhole = open.length === 1 && children.length === 1 && BLANK.test(around) && BLANK.test(text.slice(at))
  return isWhole ? children[0] : undefined
}

/** Whether an element is closed here by a tag without spaces: half of all tags need not be taken apart. */
const closes = ({ raw }: Open, text: string, at: number): boolean =>
  raw !== '' &&
  text.charCodeAt(at + 1) === SLASH &&
  text.startsWith(raw, at + 2) &&
  text.charCodeAt(at + 2 + raw.length) === GREATER_THAN

const SLASH = 0x2f
const GREATER_THAN = 0x3e

/** Takes the tag that begins at a place; answers with the place behind it. */
function takeTag(open: Open[], inside: Open, text: string, at: number): number {
  if (closes(inside, text, at)) {
    open.pop()
    return at + inside.raw.length + '</>'.length
  }
  TAG.lastIndex = at
  const [tag = '', slash, raw = '', attributes = '', empty] = TAG.exec(text) ?? []
  const end = at + tag.length
  if (slash) {
    open.pop()
    return raw === inside.raw && attributes === '' && empty === '' ? end : WRONG
  }
  const opened = raw === '' ? undefined : openTag(raw, attributes, inside.scope)
  if (!opened || open.length > MOST_NESTED) return WRONG
  inside.element.children.push(opened.element)
  if (!empty) open.push(opened)
  return end
}

/** In place of a place: this is no tag that may stand here. */
const WRONG = -1

function openTag(raw: string, attributes: string, outer: Scope): Open | undefined {
  const scope = attributes === '' ? outer : scopeInside(attributes.trimStart(), outer)
  const colon = raw.indexOf(':')
  const namespace = scope && namespaceOf(scope, colon < 0 ? '' : raw.slice(0, colon))
  if (!scope || namespace === undefined) return undefined
  return { raw, scope, element: { name: raw.slice(colon + 1), namespace, text: '', children: [] } }
}

function scopeInside(attributes: string, outer: Scope): Scope | undefined {
  const names = new Set<string>()
  let scope = outer
  let at = 0
  ATTRIBUTE.lastIndex = 0
  for (let match = ATTRIBUTE.exec(attributes); match; match = ATTRIBUTE.exec(attributes)) {
    const [, name = '', double, single = ''] = match
    if (names.has(name)) return undefined
    names.add(name)
    scope = scopeWith(scope, name, double ?? single)
    at = ATTRIBUTE.lastIndex
  }
  return at === attributes.length ? scope : undefined
}
