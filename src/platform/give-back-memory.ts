/** Memory that a start used and the running product does not need. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

type Collect = (how: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void

/**
 * Collects garbage as thoroughly as the engine can, which gives the memory back to the system: by itself it would keep it
 * for hours. Nothing else runs meanwhile, about half a second for 100,000 services: before a server listens, or never.
 */
export function giveBackMemory(): void {
  // The engine forgets the shapes of objects that nobody holds, and code that has met a shape under two identities stays
  // slow. The shape of ticks is in use all the time, but at this moment perhaps by nobody.
  process.nextTick(() => {})
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as Collect
  setFlagsFromString('--no-expose-gc')
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
