/** The GP practices of the directory by name: an index of their own, because people look them up letter by letter. */
import { GP_PRACTICE } from '#src/rules/service-types.ts'
import { createNamesOfDirectory, type NamesOfDirectory } from './names-in-step.ts'

export type PracticeNames = NamesOfDirectory & {
  /** How many practices the directory holds: active ones with an ODS code. */
  readonly size: number
}

/** Some thousand practices take a fiftieth of a second: they need not wait until the garbage of the start is gone. */
const SETTLE_MS = 1000

/** Nothing is in it yet. Whatever is no practice is passed over, and one that is none any more is not found. */
export function createPracticeNames(): PracticeNames {
  const names = createNamesOfDirectory({ settleMs: SETTLE_MS })
  const practices = new Set<number>()
  return {
    get size() {
      return practices.size
    },
    take(service) {
      const { uid, typeId, status, odsCode } = service
      const isPractice = typeId === GP_PRACTICE && status === 'ACTIVE' && odsCode !== null
      if (isPractice) {
        practices.add(uid)
        // Name, street and town together, so that they may be asked for in one go.
        const all = [service.publicName ?? service.name, service.address, service.postcode]
        names.take({ ...service, address: all.filter(Boolean).join(' ') })
      } else {
        practices.delete(uid)
      }
    },
    begin: names.begin,
    find: async (question) => (await names.find(question)).filter(({ uid }) => practices.has(uid)),
  }
}
