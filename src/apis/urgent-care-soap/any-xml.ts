/**
 * Reads any XML that an envelope may be written in. Documents with a type of their own, entities beyond the five that
 * XML has, and names that mean something to JavaScript are refused.
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import {
  FORBIDDEN_CHARACTERS,
  MOST_NESTED,
  namespaceOf,
  OUTERMOST,
  qualifiedName,
  type Scope,
  scopeWith,
  type XmlElement,
} from './xml-tree.ts'

/** What the parser makes of a document: one object for each element or text, in order. */
type Node = Readonly<Record<string, unknown>>

const ATTRIBUTES = ':@'
const TEXT = '#text'
const CDATA = '#cdata'

class Refused extends Error {}

const refuse = (why: string): never => {
  throw new Refused(why)
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false,
  cdataPropName: CDATA,
  textNodeName: TEXT,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: MOST_NESTED,
  jPath: false,
  onDangerousProperty: refuse,
})

const OTHER_MARKUP = /<!(?!--|\[CDATA\[)/
const ENTITY = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([\da-fA-F]{1,6}));|&/g
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/**
 * The root element of a document whose lines end in line feeds; undefined when it is not well-formed or holds what is
 * refused. Never throws.
 */
export function readAnyXml(text: string): XmlElement | undefined {
  if (OTHER_MARKUP.test(text) || FORBIDDEN_CHARACTERS.test(text) || isTooDeep(text)) return undefined
  if (text.slice(text.lastIndexOf('>') + 1).trim() !== '') return undefined
  try {
    if (XMLValidator.validate(text) !== true) return undefined
    return rootOf(parser.parse(text) as readonly Node[])
  } catch {
    // The parser throws where it cannot go on, and so does what reads its tree: either way this is no envelope.
    return undefined
  }
}

/** Counted before anything is parsed, so that a megabyte of opening tags costs nothing. */
function isTooDeep(text: string): boolean {
  let depth = 0
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
    const next = text.charCodeAt(at + 1)
    if (next === SLASH) depth--
    else if (next !== BANG && next !== QUESTION) {
      const end = text.indexOf('>', at)
      if (end < 0 || text.charCodeAt(end - 1) !== SLASH) depth++
    }
    if (depth > MOST_NESTED) return true
  }
  return false
}

const SLASH = 0x2f
const BANG = 0x21
const QUESTION = 0x3f

function rootOf(nodes: readonly Node[]): XmlElement {
  const { text, children } = contentOf(nodes, OUTERMOST)
  const [root] = children
  if (!root || children.length > 1 || text.trim() !== '') return refuse('not one root')
  return root
}

function contentOf(nodes: readonly Node[], scope: Scope): Pick<XmlElement, 'text' | 'children'> {
  let text = ''
  const children: XmlElement[] = []
  for (const node of nodes) {
    if (typeof node[TEXT] === 'string') text += plainText(node[TEXT])
    else if (Array.isArray(node[CDATA])) text += (node[CDATA] as readonly Node[]).map((part) => part[TEXT]).join('')
    else children.push(elementOf(node, scope))
  }
  return { text, children }
}

function elementOf(node: Node, outer: Scope): XmlElement {
  const raw = Object.keys(node).find((key) => key !== ATTRIBUTES) ?? ''
  let scope = outer
  for (const [name, value] of Object.entries((node[ATTRIBUTES] ?? {}) as Readonly<Record<string, string>>)) {
    if (value.includes('<')) return refuse('a tag inside of a tag')
    scope = scopeWith(scope, name, withoutEntities(value))
  }
  const qualified = qualifiedName(raw)
  const namespace = qualified && namespaceOf(scope, qualified.prefix)
  if (!qualified || namespace === undefined) return refuse('a prefix without a namespace')
  return { name: qualified.name, namespace, ...contentOf(node[raw] as readonly Node[], scope) }
}

const plainText = (text: string): string =>
  text.includes(']]>') ? refuse('the end of no section') : withoutEntities(text)

function withoutEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(ENTITY, (_all, name?: string, decimal?: string, hexadecimal?: string) => {
    if (name !== undefined) return NAMED[name] ?? refuse('an entity of its own')
    if (decimal !== undefined) return characterOf(Number(decimal))
    return hexadecimal === undefined ? refuse('an entity of its own') : characterOf(Number.parseInt(hexadecimal, 16))
  })
}

function characterOf(code: number): string {
  const isSurrogate = code >= 0xd800 && code <= 0xdfff
  const character = isSurrogate || code > 0x10ffff ? '' : String.fromCodePoint(code)
  return character === '' || FORBIDDEN_CHARACTERS.test(character) ? refuse('no character of XML') : character
}
