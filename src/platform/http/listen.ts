/** Opens the port. */
import type { FastifyInstance } from 'fastify'
import { StartProblem } from '../errors.ts'

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program is using it. Stop that one, or choose another with PORT',
  EACCES: 'this user may not use it. Choose one above 1023 with PORT',
  EADDRNOTAVAIL: 'this machine does not have that address. Set HOST to one that it has',
  ENOTFOUND: 'that host name is not known. Set HOST to an address of this machine',
}

/** Listens at `host` and `port`. Throws `StartProblem`, one clear line, when it cannot. */
export async function listen(
  app: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  try {
    await app.listen({ host, port })
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    const reason = REASONS[code]
    if (!reason) throw cause
    throw new StartProblem(`Port ${port} at ${host} cannot be used: ${reason}`, { cause })
  }
}
