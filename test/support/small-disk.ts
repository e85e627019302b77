/** A disk that is soon full. Mounting one needs root; whoever asks says so when there is none. */
import { execFileSync } from 'node:child_process'
import { temporaryFolder } from './postgres-cluster.ts'

export type SmallDisk = { readonly dir: string; enlarge(megabytes: number): void; unmount(): void }

/** Undefined when this machine does not let us mount one. */
export function mountSmallDisk(megabytes: number): SmallDisk | undefined {
  const dir = temporaryFolder('disk')
  const mount = (options: string): void =>
    void execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', dir], { stdio: 'pipe' })
  try {
    mount(`size=${megabytes}m`)
  } catch {
    return undefined
  }
  return {
    dir,
    enlarge: (to) => mount(`remount,size=${to}m`),
    unmount: () => void execFileSync('umount', ['--lazy', dir], { stdio: 'pipe' }),
  }
}
