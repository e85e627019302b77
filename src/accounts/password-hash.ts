/**
 * How passwords of programs are stored: Argon2id, keyed with the pepper of the settings, as a PHC string that names its
 * own parameters, so that they can be raised later and what was stored before still verifies.
 *
 * Source: OWASP Password Storage Cheat Sheet (19 MiB, 2 passes, 1 lane).
 */
import { type Argon2Parameters, argon2, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const MEMORY_KIB = 19_456
const PASSES = 2
const LANES = 1
const SALT_BYTES = 16
const TAG_BYTES = 32

const argon2id = promisify(argon2)

/** `$argon2id$v=19$m=19456,t=2,p=1$SALT$TAG`. Takes some tens of milliseconds, on a thread of its own. */
export async function hashPassword(password: string, pepper: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const tag = await argon2id('argon2id', {
    ...{ message: password, nonce: salt, secret: pepper },
    ...{ memory: MEMORY_KIB, passes: PASSES, parallelism: LANES, tagLength: TAG_BYTES },
  })
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${base64(salt)}$${base64(tag)}`
}

/** Whether this is the password of a stored hash. False, after the same time, for another; false for what is no hash. */
export async function isPasswordOf(hash: string, password: string, pepper: string): Promise<boolean> {
  const stored = parseHash(hash)
  if (!stored) return false
  const { tag, ...parameters } = stored
  const computed = await argon2id('argon2id', { ...parameters, message: password, secret: pepper })
  return timingSafeEqual(computed, tag)
}

/** A hash that no password has: checking against it takes as long as checking against a real one. */
export function hashOfNothing(): string {
  const [salt, tag] = [randomBytes(SALT_BYTES), randomBytes(TAG_BYTES)]
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${base64(salt)}$${base64(tag)}`
}

/**
 * 24 bits of a secret, to find whose it may be among accounts. Without the pepper they say nothing; with it they narrow a
 * guess down and never confirm one, which the hash alone does.
 */
export const secretHintOf = (secret: string, pepper: string): number =>
  createHmac('sha256', pepper).update(`secret hint ${secret}`).digest().readUIntBE(0, 3)

type StoredHash = Omit<Argon2Parameters, 'message' | 'secret'> & { readonly tag: Buffer }

function parseHash(hash: string): StoredHash | undefined {
  const parts = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([\w+/-]+)\$([\w+/-]+)$/.exec(hash)
  if (!parts) return undefined
  const [memory = 0, passes = 0, parallelism = 0] = parts.slice(1, 4).map(Number)
  const nonce = Buffer.from(parts[4] ?? '', 'base64')
  const tag = Buffer.from(parts[5] ?? '', 'base64')
  return { memory, passes, parallelism, nonce, tag, tagLength: tag.length }
}

/** PHC strings carry base64 without padding. */
const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')
