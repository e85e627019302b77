/**
 * Who acts for a pharmacy without being anybody we know: whoever reads its shared mailbox or answers its telephone, and
 * entered the code that went there. In the audit: `mailbox:FA002` and `phone:FA002`.
 */
export const KEYLESS = ['mailbox', 'phone'] as const
/** Where the code went. */
export type Keyless = (typeof KEYLESS)[number]

const WORDS: Readonly<Record<Keyless, string>> = {
  mailbox: 'Somebody with the pharmacy’s shared mailbox',
  phone: 'Somebody with a phone of the pharmacy',
}

/** How the audit names them. */
export const keylessName = (keyless: Keyless, odsCode: string): string => `${keyless}:${odsCode}`

/** Which of them an actor of the audit is; undefined for people, commands and the system. */
export const keylessIn = (actor: string): Keyless | undefined =>
  KEYLESS.find((keyless) => actor.startsWith(`${keyless}:`))

/** How pages, receipts and history name them; undefined for everybody else. */
export function keylessWords(actor: string): string | undefined {
  const keyless = keylessIn(actor)
  return keyless && WORDS[keyless]
}
