/** Where the stand-in for NHSmail keeps its sign-ins: a bounded map that forgets the oldest first. */
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'

const MOST_ENTRIES = 5000

/** A store of its own for one provider. */
export function memoryAdapter(): AdapterFactory {
  const entries = new Map<string, AdapterPayload>()
  const put = (key: string, payload: AdapterPayload) => {
    entries.delete(key)
    entries.set(key, payload)
    const oldest = entries.keys().next().value
    if (entries.size > MOST_ENTRIES && oldest !== undefined) entries.delete(oldest)
  }
  return (model): Adapter => ({
    upsert: async (id, payload) => put(`${model}:${id}`, payload),
    find: async (id) => entries.get(`${model}:${id}`),
    findByUid: async (uid) =>
      [...entries].find(([key, { uid: own }]) => own === uid && key.startsWith(`${model}:`))?.[1],
    findByUserCode: async () => undefined,
    consume: async (id) => {
      const payload = entries.get(`${model}:${id}`)
      if (payload) payload.consumed = payload.iat ?? true
    },
    destroy: async (id) => {
      entries.delete(`${model}:${id}`)
    },
    revokeByGrantId: async (grantId) => {
      for (const [key, payload] of entries) if (payload.grantId === grantId) entries.delete(key)
    },
  })
}
