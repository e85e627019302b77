/** What the parser of HTTP refuses before there is a request: answered on the bare socket, in words that help. */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Log } from '../log.ts'
import { HTTPS_ONLY } from './security-headers.ts'
import type { Shell } from './server.ts'

/**
 * The longest request line and headers together. A search of 10,000 letters of any alphabet fits, so that its own page can
 * say that it is too long; Node's own 16 KiB would refuse it.
 */
export const MAX_HEADER_BYTES = 65_536
/** How long whoever still sends may take to read the answer. */
const LINGER_MS = 2000

const TOO_LONG = {
  title: 'That address is too long',
  text: 'If you searched for something, go back and search with fewer words. If you copied the address, check that you copied only that.',
}
const UNREADABLE = {
  title: 'We could not read that request',
  text: 'Check the address, or go back to the page you came from and try again.',
}
const TOO_SLOW = {
  title: 'That took too long to arrive',
  text: 'Nothing was saved. Check your connection, go back and try again.',
}
type Refusal = { readonly status: number; readonly title: string; readonly text: string }

const REFUSALS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: { status: 431, ...TOO_LONG },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, ...UNREADABLE },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, ...TOO_SLOW },
}

/** Answers and closes the connection. Logs the reason alone: what was sent may name a place or a person. */
export function refuseBare(shell: Shell, log: Log): (error: Error & { code?: string }, socket: Socket) => void {
  return ({ code = '' }, socket) => {
    log.debug({ code }, 'refused before it was a request')
    if (code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) {
      if (!socket.writableEnded) socket.destroy()
      return
    }
    socket.end(answerOf(REFUSALS[code] ?? { status: 400, ...UNREADABLE }, shell))
    // Closed at once, the answer would be lost to whoever has not finished sending.
    setTimeout(() => socket.destroy(), LINGER_MS).unref()
  }
}

/** A second status line within an answer would be taken for part of it. */
const isAnswering = (socket: Socket & { _httpMessage?: { readonly headersSent: boolean } | null }): boolean =>
  socket._httpMessage?.headersSent === true

function answerOf({ status, title, text }: Refusal, { assets, security }: Shell): string {
  const styles = ['nhsuk-frontend.css', 'signpost.css'].map((file) => `<link rel="stylesheet" href="${assets[file]}">`)
  const body = `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Signpost</title>
${styles.join('\n')}
</head>
<body>
<header class="nhsuk-header"><div class="nhsuk-header__container nhsuk-width-container"><div class="nhsuk-header__service">
<a class="nhsuk-header__service-logo" href="/"><span class="nhsuk-header__service-name">Signpost</span></a>
</div></div></header>
<div class="nhsuk-width-container"><main class="nhsuk-main-wrapper">
<h1 class="nhsuk-heading-l">${title}</h1>
<p>${text}</p>
<p><a href="/">Find a pharmacy</a></p>
</main></div>
<footer class="nhsuk-footer"></footer>
</body>
</html>
`
  const headers = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: text/html; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    "Content-Security-Policy: default-src 'none'; style-src 'self'; font-src 'self'; frame-ancestors 'none'",
    'X-Frame-Options: DENY',
    'X-Content-Type-Options: nosniff',
    'Referrer-Policy: same-origin',
    ...(security.https ? [`Strict-Transport-Security: ${HTTPS_ONLY}`] : []),
  ]
  return `${headers.join('\r\n')}\r\n\r\n${body}`
}
