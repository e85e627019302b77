/** The words inside files that people download: PDFs as `platform/pdf-file.ts` makes them, and XLSX files. */
import { inflateRawSync, inflateSync } from 'node:zlib'

/** All that can be read in a file, by its first bytes: also titles, links and what stands behind a picture. Other text as it is. */
export function wordsIn(file: Buffer): string {
  const kind = file.toString('latin1', 0, 4)
  if (kind === '%PDF') return `${shownInPdf(file)}\n${behindPdf(file).join('\n')}`
  return kind === 'PK\u0003\u0004' ? partsOfZip(file).join('\n') : file.toString()
}

const STREAM = /stream\r?\n([\s\S]*?)\r?\nendstream/g

/** What the pages of a PDF show, in order, with single spaces. */
export function shownInPdf(file: Buffer): string {
  const streams = [...file.toString('latin1').matchAll(STREAM)].map(([, body = '']) => inflated(body))
  const shown = streams.flatMap((stream) =>
    [...stream.matchAll(/\[(.*?)\] TJ/g)].map(([, parts = '']) =>
      [...parts.matchAll(/<([0-9a-f]*)>/gi)].map(([, hex = '']) => winAnsi(Buffer.from(hex, 'hex'))).join(''),
    ),
  )
  return shown.join('').replaceAll(/\s+/g, ' ')
}

function inflated(body: string): string {
  const bytes = Buffer.from(body, 'latin1')
  try {
    return inflateSync(bytes).toString('latin1')
  } catch {
    return body
  }
}

const winAnsi = (bytes: Buffer): string => new TextDecoder('windows-1252').decode(bytes)

/** The texts of a PDF that its pages do not draw: title, subject, links, what a screen reader says instead. */
function behindPdf(file: Buffer): readonly string[] {
  const objects = file.toString('latin1').replaceAll(STREAM, '')
  return [...objects.matchAll(/\(((?:\\[\s\S]|[^\\()])*)\)/g)].map(([, text = '']) => {
    const bytes = Buffer.from(unescaped(text), 'latin1')
    const isWide = bytes[0] === 0xfe && bytes[1] === 0xff
    return isWide ? new TextDecoder('utf-16be').decode(bytes) : bytes.toString('latin1')
  })
}

const unescaped = (text: string): string =>
  text.replaceAll(/\\([0-7]{1,3}|[\s\S])/g, (_all, what: string) => {
    if (/\d/.test(what)) return String.fromCharCode(Number.parseInt(what, 8))
    return { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }[what] ?? what
  })

const END_OF_DIRECTORY = Buffer.from('PK\u0005\u0006', 'latin1')
const DEFLATED = 8

/** The texts of a zip file's entries. Where they lie is in the directory at its end; an entry alone need not say how long it is. */
function partsOfZip(file: Buffer): readonly string[] {
  const end = file.lastIndexOf(END_OF_DIRECTORY)
  const parts: string[] = []
  let at = file.readUInt32LE(end + 16)
  for (let left = file.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, length] = [file.readUInt16LE(at + 10), file.readUInt32LE(at + 20)]
    const entry = file.readUInt32LE(at + 42)
    const from = entry + 30 + file.readUInt16LE(entry + 26) + file.readUInt16LE(entry + 28)
    const body = file.subarray(from, from + length)
    parts.push((method === DEFLATED ? inflateRawSync(body) : body).toString())
    at += 46 + file.readUInt16LE(at + 28) + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32)
  }
  return parts
}
