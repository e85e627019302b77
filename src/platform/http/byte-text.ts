/**
 * Large answers, put together from parts that are kept. A byte text holds one byte in each character, so that the engine
 * joins parts without copying them, and the body leaves with its headers in one write. Buffers cost more: they are memory
 * outside the heap, for which the collector looks through all of it again and again.
 */
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { FastifyReply } from 'fastify'

/** The UTF-8 bytes of a text, one in each character. */
export const byteText = (text: string): string => Buffer.from(text).toString('latin1')

/**
 * Sends a byte text with the status and headers that the reply has so far. Hooks that see bodies are not called.
 *
 * It leaves at the end of this turn of the event loop, with all other answers of the turn: whoever receives them wakes
 * once for many, which in a rush saves this thread a fifth of its time.
 */
export function sendByteText(reply: FastifyReply, bytes: string): FastifyReply {
  const headers = reply.header('content-length', bytes.length).getHeaders() as OutgoingHttpHeaders
  const { raw } = reply.hijack()
  raw.writeHead(reply.statusCode, headers)
  if (leaving.push({ raw, bytes }) === 1) setImmediate(sendLeaving)
  return reply
}

const leaving: { readonly raw: ServerResponse; readonly bytes: string }[] = []

function sendLeaving(): void {
  for (const { raw, bytes } of leaving.splice(0)) raw.end(bytes, 'latin1')
}
