/**
 * A PostgreSQL of the tests' own: a new cluster in a temporary folder on a free port, never the one of the machine.
 * It ends when this process ends, in whatever way.
 */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Cluster = { readonly url: string; readonly pid: number; stop(): Promise<void> }

const NEWEST_FIRST = (a: string, b: string): number => Number(b) - Number(a)

/** The folder with `initdb` and `postgres`, the newest there is. Throws when there is none, saying what to do. */
export function findPostgres(): string {
  const { PATH = '' } = process.env
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort(NEWEST_FIRST) : []
  const folders = [...versions.map((version) => join(root, version, 'bin')), ...PATH.split(':')]
  const found = folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
  if (!found) throw new Error('PostgreSQL is missing: run test/install-tools.sh, or set TEST_DATABASE_URL')
  return found
}

/**
 * Starts a cluster. Durable clusters flush to disk like production; the default does not, for speed. PostgreSQL refuses
 * to run as root, so root runs it as the user postgres.
 */
export async function startCluster({ durable = false, port: given = 0 } = {}): Promise<Cluster> {
  const bin = findPostgres()
  const owner = ownerOfCluster()
  const dir = mkdtempSync(join(tmpdir(), 'signpost-postgres-'))
  const data = join(dir, 'data')
  if (owner.uid !== undefined) execFileSync('chown', ['-R', `${owner.uid}:${owner.gid}`, dir])
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']
  execFileSync(join(bin, 'initdb'), initdb, { ...owner, cwd: '/', stdio: 'pipe' })
  const port = given || (await freePort())
  const settings = ['listen_addresses=127.0.0.1', `port=${port}`, 'unix_socket_directories=', 'max_connections=200']
  if (!durable) settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off')
  const args = ['-D', data, ...settings.flatMap((setting) => ['-c', setting])]
  // `cat` ends when our end of the pipe closes, which happens however this process dies.
  const script = '"$0" "$@" & server=$!; cat > /dev/null; kill -INT $server; wait $server; rm -rf "$CLUSTER"'
  const keeper = spawn('sh', ['-c', script, join(bin, 'postgres'), ...args], {
    ...owner,
    cwd: '/',
    env: { ...process.env, CLUSTER: dir },
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
  })
  const ended = new Promise<void>((resolve) => keeper.once('exit', () => resolve()))
  await readyToAccept(keeper.stderr)
  // Neither the keeper nor its output keeps the tests from ending.
  keeper.unref()
  for (const stream of [keeper.stdin, keeper.stderr]) (stream as unknown as { unref(): void }).unref()
  keeper.stderr.resume()
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    pid: Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]),
    async stop() {
      keeper.stdin.end()
      await ended
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

function ownerOfCluster(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: idOf('-u'), gid: idOf('-g') }
}

/** Waits for the line that says so; throws with PostgreSQL's own words when it ends before. */
function readyToAccept(errors: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    let words = ''
    errors.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-4000)
      if (words.includes('ready to accept connections')) resolve()
    })
    errors.once('end', () => reject(new Error(`PostgreSQL did not start: ${words}`)))
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

const folders: string[] = []
process.once('exit', () => {
  for (const dir of folders) rmSync(dir, { recursive: true, force: true })
})

/** A new empty folder under the system's temporary one, removed when this process ends normally. */
export function temporaryFolder(name: string): string {
  const dir = mkdtempSync(join(tmpdir(), `signpost-${name}-`))
  folders.push(dir)
  return dir
}
