/** The telephone port: what it takes to send one text message or to make one call, and the two ways it can fail. */

/**
 * Numbers are UK numbers as `parsePhone` writes them, without an extension. `id` is the same for every attempt at one
 * message, so that a provider can drop a repeat. Both throw `PhoneRefused` when trying again would not help, and
 * `Unavailable` when it may.
 */
export type Phone = {
  sendText(to: string, text: string, id: string): Promise<void>
  /** Rings, and says the words to whoever or whatever answers. */
  callAndSay(to: string, text: string, id: string): Promise<void>
}

/** The provider will not ring or text this number, now or later. */
export class PhoneRefused extends Error {
  override readonly name = 'PhoneRefused'
}
