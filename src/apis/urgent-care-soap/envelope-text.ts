/** The text of a request, whatever it is encoded in. */
import { isAscii, isUtf8 } from 'node:buffer'

/** Encodings by the names that clients use, lower case. `utf-16` without a byte order mark is big-endian, as XML says. */
const DECODERS: ReadonlyMap<string, (bytes: Buffer) => string | undefined> = new Map([
  ['utf-8', readUtf8],
  ['utf8', readUtf8],
  ['us-ascii', readAscii],
  ['ascii', readAscii],
  ['iso-8859-1', (bytes) => bytes.toString('latin1')],
  ['latin1', (bytes) => bytes.toString('latin1')],
  ['windows-1252', (bytes) => decode('windows-1252', bytes)],
  ['utf-16', (bytes) => decode('utf-16be', bytes)],
  ['utf-16le', (bytes) => decode('utf-16le', bytes)],
  ['utf-16be', (bytes) => decode('utf-16be', bytes)],
])

const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]+)/i
const DECLARED = /^<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"']+)["']/
/** Long enough for any XML declaration. */
const DECLARATION_BYTES = 200

/**
 * Reads the bytes of a request. A byte order mark says the encoding, else the content type, else the XML declaration,
 * else it is UTF-8. Undefined when the encoding is not known or the bytes are not in it.
 */
export function envelopeText(bytes: Buffer, contentType: string): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return readUtf8(bytes.subarray(3))
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decode('utf-16le', bytes.subarray(2))
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decode('utf-16be', bytes.subarray(2))
  const name = CHARSET.exec(contentType)?.[1] ?? declaredEncoding(bytes) ?? 'utf-8'
  return DECODERS.get(name.toLowerCase())?.(bytes)
}

/** The name in the XML declaration, where there is one to be read as plain characters. */
const declaredEncoding = (bytes: Buffer): string | undefined =>
  bytes[1] === 0x3f ? DECLARED.exec(bytes.toString('latin1', 0, DECLARATION_BYTES))?.[1] : undefined

function readUtf8(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined
}

function readAscii(bytes: Buffer): string | undefined {
  return isAscii(bytes) ? bytes.toString('latin1') : undefined
}

function decode(encoding: string, bytes: Buffer): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    // The decoder's way of saying that the bytes are not in this encoding.
    return undefined
  }
}
