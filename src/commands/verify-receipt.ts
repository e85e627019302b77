/** `verify-receipt`: whether a receipt is genuine, with nothing but the published keys. */
import { readFileSync } from 'node:fs'
import { loadPublicKeys } from '#src/verification/public-keys.ts'
import { isGenuine, type ReceiptFault, type ReceiptReading, readReceipt } from '#src/verification/receipt.ts'
import { type PublicKeyJwk, parseKeySet, signingKey } from '#src/verification/receipt-key.ts'
import { receiptLines } from '#src/verification/receipt-words.ts'
import { type Command, type CommandContext, UsageProblem, valueAt } from './command.ts'

/** Reads the file of a receipt; without `--keys` the keys are those of this installation. */
export const verifyReceiptCommand: Command = {
  name: 'verify-receipt',
  usage: 'FILE.json [--keys FILE.json]',
  description: 'tells whether a receipt is genuine; with the published keys in a file it needs nothing else',
  values: { least: 1, most: 1 },
  options: ['keys'],
  async run(context, given) {
    const text = readFileSync(valueAt(given, 0), 'utf8')
    const keys = await keysOf(context, given.options['keys'])
    const reading = readReceipt(text, keys)
    for (const line of linesOf(reading)) context.print(line)
    return isGenuine(reading) ? 0 : 1
  },
}

async function keysOf({ config, withDb }: CommandContext, file: string | undefined): Promise<readonly PublicKeyJwk[]> {
  if (file === undefined) return withDb((db) => loadPublicKeys(db.pool, signingKey(config).jwk))
  const keys = parseKeySet(readFileSync(file, 'utf8'))
  if (!keys) throw new UsageProblem(`${file} is not a set of keys, such as /.well-known/signpost-receipt-keys.json`)
  return keys
}

const FAULTS: Readonly<Record<ReceiptFault, string>> = {
  unreadable: 'it is not the file of a receipt, or something was added or taken away',
  hash: 'content: what it says is not what its hash stands for',
  key: 'key: it names a key that is not among the published ones',
  signature: 'signature: it is not what was signed',
  layout: 'layout: it was written anew; what it says is what was signed',
}

function linesOf(reading: ReceiptReading): readonly string[] {
  const { signed, faults } = reading
  const notes = faults.map((fault) => `  ${FAULTS[fault]}`)
  if (!signed || !isGenuine(reading)) return ['NOT GENUINE', ...notes]
  return ['GENUINE', ...notes, ...receiptLines(signed)]
}
