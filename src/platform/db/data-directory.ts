/** Exclusive use of the data directory: the embedded engine itself would let two processes corrupt each other's files. */
import { createHash } from 'node:crypto'
import { mkdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartProblem } from '../errors.ts'

/** Another process has the directory. Its own class because a command may then ask that process instead. */
export class DirectoryInUse extends StartProblem {}

/** Makes the directory if need be. Throws `StartProblem` if it is not a directory or cannot be written. */
export function makeDataDirectory(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    if (!statSync(dir).isDirectory()) throw new StartProblem(`DATA_DIR ${dir} is not a directory`)
    const problem = writeProblem(dir)
    if (problem) throw problem
  } catch (error) {
    if (error instanceof StartProblem) throw error
    throw new StartProblem(`DATA_DIR ${dir} cannot be used: ${explain(error)}`, { cause: error })
  }
}

/** The error, if any, with which a small file in `dir` cannot be written; its permission bits alone do not tell. */
export function writeProblem(dir: string): NodeJS.ErrnoException | undefined {
  const probe = join(dir, `write-probe-${process.pid}`)
  try {
    writeFileSync(probe, Buffer.alloc(64 * 1024))
    return undefined
  } catch (error) {
    return error as NodeJS.ErrnoException
  } finally {
    rmSync(probe, { force: true })
  }
}

/**
 * Takes the directory for this process and returns the function that lets go. The kernel lets go when the process dies
 * in any other way, so there is never a stale lock. Two containers that share a volume do not see each other's locks.
 *
 * Throws `DirectoryInUse` when another process has it.
 */
export async function lockDataDirectory(dir: string, platform = process.platform): Promise<() => Promise<void>> {
  const address = lockAddress(dir, platform)
  const server = (await listen(address)) ?? (await listenAgainIfStale(address))
  if (!server) {
    throw new DirectoryInUse(`${dir} is in use by another Signpost process: stop that one, or choose another DATA_DIR`)
  }
  server.unref()
  return () => new Promise((resolve) => server.close(() => resolve()))
}

/** On Linux an abstract socket (a leading NUL: it has no file and dies with its process); elsewhere a socket file. */
function lockAddress(dir: string, platform: NodeJS.Platform): string {
  const digest = createHash('sha256').update(realpathSync(dir)).digest('hex').slice(0, 32)
  return platform === 'linux' ? `\0signpost-${digest}` : join(tmpdir(), `signpost-${digest}.sock`)
}

/** Undefined when the address is taken. */
function listen(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((visitor) => visitor.end())
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else reject(error)
    })
    server.listen({ path: address, exclusive: true }, () => resolve(server))
  })
}

/** A socket file outlives its process; nobody answers it then. */
async function listenAgainIfStale(address: string): Promise<Server | undefined> {
  if (address.startsWith('\0') || (await answers(address))) return undefined
  rmSync(address, { force: true })
  return listen(address)
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const visitor = connect(address, () => {
      visitor.destroy()
      resolve(true)
    })
    visitor.once('error', () => resolve(false))
  })
}

function explain(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied'
  if (code === 'EROFS') return 'the file system is read-only'
  if (code === 'ENOSPC') return 'the disk is full'
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'a part of the path is a file, not a directory'
  return error instanceof Error ? error.message : String(error)
}
