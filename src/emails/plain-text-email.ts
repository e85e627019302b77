/** Every email is written once, as plain text; its HTML version is made from that. No images, no tracking, no script. */
import { fileURLToPath } from 'node:url'
import nunjucks from 'nunjucks'

const environment = new nunjucks.Environment(
  new nunjucks.FileSystemLoader(fileURLToPath(new URL('..', import.meta.url))),
  { autoescape: false, throwOnUndefined: true, trimBlocks: true, lstripBlocks: true },
)

/** Binds the text of an email (`emails/file.njk`) to the type of the facts it needs. */
export const emailText =
  <View extends object>(path: string) =>
  (view: View): string =>
    `${environment.render(path, view).trim()}\n`

/** One line, for a subject: no control characters, so that nothing can be smuggled into the headers. */
export const oneLine = (text: string): string => text.replaceAll(/[\p{C}\s]+/gu, ' ').trim()

/**
 * The HTML version of a plain text: paragraphs at blank lines, quotations at `> `, and addresses that can be followed.
 * Everything else is shown as it is written.
 */
export function htmlOf(text: string): string {
  const blocks = text.trim().split(/\n{2,}/)
  return `<!DOCTYPE html><html lang="en"><body style="${BODY_STYLE}">${blocks.map(blockOf).join('')}</body></html>`
}

const BODY_STYLE = 'font-family: Arial, sans-serif; font-size: 16px; line-height: 1.5; color: #212b32; max-width: 640px'
const QUOTE_STYLE = 'border-left: 4px solid #005eb8; margin: 16px 0; padding: 4px 16px'

function blockOf(block: string): string {
  const lines = block.split('\n')
  const isQuote = lines.every((line) => line.startsWith('>'))
  const shown = lines.map((line) => linked(escaped(isQuote ? line.replace(/^> ?/, '') : line))).join('<br>')
  return isQuote ? `<blockquote style="${QUOTE_STYLE}">${shown}</blockquote>` : `<p>${shown}</p>`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
/** An address on a line of its own is one of ours; one inside what somebody wrote stays text. */
const linked = (line: string): string =>
  /^https?:\/\/(?:[^\s&]|&amp;)+$/.test(line) ? `<a href="${line}" style="color: #005eb8">${line}</a>` : line
