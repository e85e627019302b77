/** Other processes in tests: started with our Node and TypeScript, heard line by line, ended by their own id. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export type Child = {
  readonly process: ChildProcess
  /** The next line of its standard output; rejects, with its error output, when it ends without one. */
  line(): Promise<string>
  /** Its standard error so far. */
  errors(): string
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** Ends it as a power cut would end a process: it gets no chance to tidy up. */
  kill(): Promise<void>
}

/** Starts a script, given relative to the `test` folder. It is killed when this process ends, if it has not ended by itself. */
export function startChild(
  script: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
  nodeOptions: readonly string[] = [],
): Child {
  const file = fileURLToPath(new URL(`../${script}`, import.meta.url))
  const child = spawn(process.execPath, [...nodeOptions, file, ...args], {
    env: { ...process.env, ...env, NODE_TEST_CONTEXT: undefined },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  const killAtExit = (): void => void child.kill('SIGKILL')
  process.once('exit', killAtExit)
  void ended.then(() => process.off('exit', killAtExit))
  return {
    process: child,
    async line() {
      const next = await lines.next()
      if (next.done) throw new Error(`${script} ended without another line: ${errors}`)
      return next.value
    },
    errors: () => errors,
    ended,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
