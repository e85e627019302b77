/** A short list of the best services found so far: the lowest keys, among equals the lowest uids. */
import type { UrgentCareService } from './urgent-care-service.ts'

export type FewBest = {
  /** At least 1. */
  limit: number
  readonly keys: number[]
  readonly services: UrgentCareService[]
}

export const fewBest = (limit: number): FewBest => ({ limit, keys: [], services: [] })

/** The key above which nothing enters any more; infinite while there is room. */
export const worstKey = ({ limit, keys }: FewBest): number =>
  keys.length < limit ? Number.POSITIVE_INFINITY : (keys[limit - 1] as number)

/** Puts a service where it belongs, unless the list is full of better ones. Each one found moves those behind it. */
export function enterFew({ limit, keys, services }: FewBest, service: UrgentCareService, key: number): void {
  let at = keys.length
  while (at > 0 && comesBefore(service, key, services[at - 1] as UrgentCareService, keys[at - 1] as number)) at--
  if (at >= limit) return
  const last = Math.min(keys.length, limit - 1)
  for (let behind = last; behind > at; behind--) {
    keys[behind] = keys[behind - 1] as number
    services[behind] = services[behind - 1] as UrgentCareService
  }
  keys[at] = key
  services[at] = service
}

const comesBefore = (service: UrgentCareService, key: number, other: UrgentCareService, otherKey: number): boolean =>
  key < otherKey || (key === otherKey && service.uid < other.uid)
