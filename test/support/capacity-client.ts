/** A few services behind the real app, one below the other, and programs with accounts of the Capacity Status API. */
import assert from 'node:assert/strict'
import { saveApiAccount } from '#src/accounts/save-api-account.ts'
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { Db } from '#src/platform/db/db.ts'
import { openDb } from '#src/platform/db/open-db.ts'
import { aProfile, aService } from './builders.ts'
import { pageDatabase, testLog } from './databases.ts'
import { fixedClock } from './fixed-clock.ts'
import { storePharmacy } from './manage.ts'
import { type StartedApp, startApp } from './start-app.ts'

export const BASE = '/api/v0.0.1/capacity/'
export const NOW = '2026-08-05T10:00:00.000Z'

/** 123 lies below 122, which lies below 121; 130 is closed; 140 is another provider's; two are a pharmacy's. */
const SERVICES: readonly Partial<ServiceRecord>[] = [
  { uid: 121, odsCode: null, typeId: 40, name: 'Trust' },
  { uid: 122, odsCode: null, typeId: 40, name: 'Hospital', other: { parentUid: 121 } },
  { uid: 123, odsCode: null, typeId: 40, name: 'Emergency department', other: { parentUid: 122 } },
  { uid: 130, odsCode: null, typeId: 40, name: 'Old', status: 'CLOSED', other: { parentUid: 121 } },
  { uid: 140, odsCode: null, typeId: 40, name: 'Another provider' },
  { uid: 150, odsCode: 'FX123' },
  { uid: 151, odsCode: 'FX123B', typeId: 132, name: 'Minor illness' },
]

/** The secrets of the accounts, which are their tokens. */
export const EDITOR = 'editor-secret'
export const GRANDPARENT = 'grandparent-secret'
export const STRANGER = 'stranger-secret'
export const READER = 'reader-secret'
export const TWICE_A_MINUTE = 'twice-secret'
const ACCOUNTS = [
  { username: 'editor', password: EDITOR, services: ['123', '130', '150', '151'] },
  { username: 'grandparent', password: GRANDPARENT, services: ['121'] },
  { username: 'stranger', password: STRANGER, services: ['140'] },
  { username: 'reader', password: READER, services: ['123'], permissions: [] },
  { username: 'twice', password: TWICE_A_MINUTE, services: ['123'], perMinute: '2' },
]

export type CapacityAnswer = {
  readonly status: number
  readonly body: string
  readonly json: unknown
  readonly headers: Readonly<Record<string, unknown>>
}

export type CapacityClient = StartedApp & {
  readonly db: Db
  /** Sends a request; `body` is sent as JSON unless it is text. As the editor unless told; null: without a token. */
  send(
    method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE' | 'OPTIONS',
    path: string,
    given?: Sent,
  ): Promise<CapacityAnswer>
  get(path?: string, token?: string | null): Promise<CapacityAnswer>
  put(body: unknown, given?: Sent & { readonly uid?: number | string }): Promise<CapacityAnswer>
}

export type Sent = {
  readonly token?: string | null
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export const statusOf = (uid: number | string): string => `services/${uid}/capacitystatus/`

/** Starts the app at `NOW`. */
export async function startCapacity(settings: Readonly<Record<string, string>> = {}): Promise<CapacityClient> {
  const clock = fixedClock(NOW)
  const db = await openDb({ ...(await pageDatabase()), log: testLog })
  await storePharmacy(db, aProfile(), SERVICES.map(aService))
  const started = await startApp(db, { clock, settings })
  const by = { by: 'command:client create', now: clock.now(), pepper: started.config.secretsPepper }
  for (const account of ACCOUNTS) assert.ok((await saveApiAccount(db, { api: 'capacity', ...account }, by)).ok)
  await started.memory.apiAccounts.refresh()

  const send: CapacityClient['send'] = async (method, path, { token = EDITOR, body, headers = {} } = {}) => {
    const isText = typeof body === 'string' || Buffer.isBuffer(body)
    const answer = await started.app.inject({
      method,
      url: path.startsWith('/') ? path : `${BASE}${path}`,
      headers: {
        ...(token !== null && { authorization: `Token ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { payload: isText ? (body as string | Buffer) : JSON.stringify(body) }),
    })
    const isJson = String(answer.headers['content-type']).startsWith('application/json')
    const json: unknown = isJson && answer.body !== '' ? JSON.parse(answer.body) : undefined
    return { status: answer.statusCode, body: answer.body, json, headers: answer.headers }
  }
  return {
    ...started,
    db,
    send,
    get: (path = statusOf(123), token = EDITOR) => send('GET', path, { token }),
    put: (body, { uid = 123, ...given } = {}) => send('PUT', statusOf(uid), { ...given, body }),
    close: () => started.close().finally(() => db.close()),
  }
}
