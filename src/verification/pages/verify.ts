/** `/verify`: anybody sees whether a receipt is genuine, and which part of it is not. Views: verify*.njk */
import multipart from '@fastify/multipart'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { networkOf } from '#src/accounts/failed-attempts.ts'
import type { Db } from '#src/platform/db/db.ts'
import { template } from '#src/platform/views.ts'
import { formatMomentIn } from '#src/profiles/names-and-moments.ts'
import type { Problem } from '#src/rules/problems.ts'
import { loadPublicKeys } from '../public-keys.ts'
import {
  isGenuine,
  parseCode,
  parseReference,
  type Receipt,
  type ReceiptReading,
  readReceipt,
  receiptCode,
} from '../receipt.ts'
import type { PublicKeyJwk } from '../receipt-key.ts'
import { contentOf, loadReceipt, type RecordFault, recordFaults, type StoredReceipt } from '../receipt-store.ts'
import { actsInWords, quarterInWords, type SectionLines, sectionLines } from '../receipt-words.ts'
import { LARGEST_RECEIPT_BYTES, readVerifyForm } from './verify.form.ts'

export type VerifyDeps = {
  readonly db: Db
  /** The public half of the key that signs now. */
  readonly key: PublicKeyJwk
  /** Requests a minute and address; 0: no limit. */
  readonly requestsPerMinute: number
}

type FormView = {
  readonly title: string
  readonly problems: readonly Problem[]
  readonly reference: string
  readonly code: string
  readonly pasted: string
}
/** One thing that was looked at, and whether it fits. */
type Check = { readonly label: string; readonly fits: boolean; readonly text: string }
type ResultView = {
  readonly title: string
  readonly reference: string
  readonly verdict: 'genuine' | 'not-genuine' | 'code'
  readonly lead: string
  /** What everybody may know of the receipt; empty where we hold none. */
  readonly facts: readonly { readonly label: string; readonly text: string }[]
  /** What the file says in full, where it was given and is genuine. */
  readonly sections: readonly SectionLines[]
  readonly checks: readonly Check[]
}

const renderForm = template<FormView>('verification/pages/verify.njk')
const render = template<ResultView>('verification/pages/verify-result.njk')
const EMPTY: FormView = { title: 'Check that a receipt is genuine', problems: [], reference: '', code: '', pasted: '' }
const KEYS_KEPT_SECONDS = 300

/** Mounts `/verify` and `/verify/:reference`, which need no sign-in and are limited by address. */
export async function verifyPages(pages: FastifyInstance, deps: VerifyDeps): Promise<void> {
  const limited: FastifyPluginAsync = async (limited) => {
    if (deps.requestsPerMinute > 0) {
      const keyGenerator = (request: FastifyRequest) => networkOf(request.ip)
      await limited.register(rateLimit, { max: deps.requestsPerMinute, timeWindow: '1 minute', keyGenerator })
    }
    await limited.register(multipart, {
      attachFieldsToBody: 'keyValues',
      limits: { fileSize: LARGEST_RECEIPT_BYTES, fieldSize: LARGEST_RECEIPT_BYTES, files: 1, fields: 5, parts: 6 },
    })
    limited.get('/verify', (request, reply) => findReceipt(request, reply))
    limited.get('/verify/:reference', async (request, reply) => showReceipt(deps, request, reply))
    limited.post('/verify', async (request, reply) => verifyFile(deps, request, reply))
  }
  await pages.register(limited)
}

/** Mounts the public keys, as a set that programs read (RFC 7517). */
export function receiptKeysRoute(app: FastifyInstance, { db, key }: Pick<VerifyDeps, 'db' | 'key'>): void {
  app.get('/.well-known/signpost-receipt-keys.json', async (_request, reply) =>
    reply
      .type('application/jwk-set+json')
      .header('cache-control', `public, max-age=${KEYS_KEPT_SECONDS}`)
      .header('access-control-allow-origin', '*')
      .send(JSON.stringify({ keys: await loadPublicKeys(db.pool, key) })),
  )
}

/** The form; with a reference, on to its page. */
function findReceipt(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { reference: typed, code = '' } = request.query as { reference?: unknown; code?: unknown }
  if (typeof typed !== 'string' || typeof code !== 'string') return renderForm(reply, EMPTY)
  const reference = parseReference(typed)
  if (reference !== undefined) {
    const query = code.trim() === '' ? '' : `?${new URLSearchParams({ code: code.trim() })}`
    return reply.redirect(`/verify/${reference}${query}`, 303)
  }
  const message =
    typed.trim() === ''
      ? 'Enter the reference of a receipt'
      : 'Enter a reference in the right format, like SP-2026-27-Q3-FA002-0001'
  const problems = [{ field: 'reference', code: 'invalid', message }]
  return renderForm(reply.code(422), { ...EMPTY, problems, reference: typed.slice(0, 100), code: code.slice(0, 100) })
}

async function showReceipt({ db, key }: VerifyDeps, request: FastifyRequest, reply: FastifyReply) {
  const { reference: typed } = request.params as { reference: string }
  const reference = parseReference(typed)
  const stored = reference === undefined ? undefined : await loadReceipt(db.pool, reference)
  const receipt = stored && contentOf(stored)
  if (!stored || !receipt) {
    const problems = [
      {
        field: 'reference',
        code: 'unknown',
        message: 'We never issued a receipt with this reference. Check that you typed it right',
      },
    ]
    return renderForm(reply.code(404), { ...EMPTY, problems, reference: typed.slice(0, 100) })
  }
  const faults = await recordFaults(db.pool, stored, await loadPublicKeys(db.pool, key))
  const { code } = request.query as { code?: unknown }
  return render(reply, {
    ...verdictOf(stored, faults, codeCheck(stored, code)),
    facts: publicFacts(receipt),
    sections: [],
  })
}

/** Undefined when no code was given. */
function codeCheck({ hash }: StoredReceipt, code: unknown): Check | undefined {
  if (typeof code !== 'string' || code.trim() === '') return undefined
  const fits = parseCode(code) === parseCode(receiptCode(hash))
  const text = fits
    ? 'It is the code of this receipt.'
    : 'It is not the code of this receipt. Check that you typed it right. If you did, the copy you have was not made from this receipt.'
  return { label: 'Code', fits, text }
}

function verdictOf(stored: StoredReceipt, faults: readonly RecordFault[], code: Check | undefined) {
  const checks = [...(code ? [code] : []), ...recordChecks(faults, stored.number === 1)]
  const { reference } = stored
  const named = { title: `Receipt ${reference}`, reference }
  if (faults.length > 0) {
    return {
      ...named,
      verdict: 'not-genuine',
      lead: 'Our record of this receipt is damaged. Do not rely on it',
      checks,
    } as const
  }
  if (code && !code.fits)
    return { ...named, verdict: 'code', lead: 'The code does not fit this receipt', checks } as const
  return { ...named, verdict: 'genuine', lead: 'This receipt is genuine', checks } as const
}

const recordChecks = (faults: readonly RecordFault[], isFirst: boolean): readonly Check[] =>
  [
    {
      label: 'Content',
      fits: !faults.some((fault) => fault === 'hash' || fault === 'unreadable' || fault === 'layout'),
      text: 'It says what it said when it was issued.',
    },
    {
      label: 'Signature',
      fits: !faults.some((fault) => fault === 'signature' || fault === 'key'),
      text: 'It was signed with our key.',
    },
    {
      label: 'Chain',
      fits: !faults.includes('chain'),
      text: isFirst ? 'It is the first receipt of the pharmacy.' : 'The receipt before it leads to it.',
    },
  ].map((check) => (check.fits ? check : { ...check, text: 'It was changed after it was issued.' }))

/** What everybody may know: never the name of a person, nor any value of the profile. */
const publicFacts = ({ pharmacy, quarter, sections, submittedAt, reference }: Receipt) => [
  { label: 'Pharmacy', text: `${pharmacy.name} (${pharmacy.odsCode})` },
  { label: 'Quarter', text: quarterInWords(quarter) },
  { label: 'Sections', text: actsInWords(sections) },
  { label: 'Submitted', text: formatMomentIn(submittedAt) },
  { label: 'Reference', text: reference },
]

async function verifyFile({ db, key }: VerifyDeps, request: FastifyRequest, reply: FastifyReply) {
  const text = readVerifyForm(request.body)
  if (!text.ok) return renderForm(reply.code(422), { ...EMPTY, problems: text.problems })
  const keys = await loadPublicKeys(db.pool, key)
  const reading = readReceipt(text.value, keys)
  const { signed } = reading
  if (!signed) {
    const problems = [
      {
        field: 'receipt',
        code: 'unreadable',
        message: 'This is not the file of a receipt. Paste all of it, from the first { to the last }',
      },
    ]
    return renderForm(reply.code(422), { ...EMPTY, problems, pasted: text.value.slice(0, 5000) })
  }
  const stored = await loadReceipt(db.pool, signed.receipt.reference)
  const recorded = stored === undefined ? [] : await recordFaults(db.pool, stored, keys)
  const checks = fileChecks(reading, stored, recorded)
  const isOurs = checks.every(({ fits }) => fits)
  return render(reply, {
    title: `Receipt ${signed.receipt.reference}`,
    reference: signed.receipt.reference,
    verdict: isOurs ? 'genuine' : 'not-genuine',
    lead: isOurs ? 'This receipt is genuine' : 'This receipt is not genuine',
    facts: isOurs ? publicFacts(signed.receipt) : [],
    sections: isOurs ? signed.receipt.sections.map(sectionLines) : [],
    checks,
  })
}

function fileChecks(
  reading: ReceiptReading,
  stored: StoredReceipt | undefined,
  recorded: readonly RecordFault[],
): readonly Check[] {
  const { faults, signed } = reading
  const check = (label: string, fits: boolean, yes: string, no: string): Check => ({
    label,
    fits,
    text: fits ? yes : no,
  })
  const isSame = stored !== undefined && stored.hash === signed?.hash && stored.document === signed?.document
  return [
    check(
      'Content',
      !faults.includes('hash'),
      faults.includes('layout')
        ? 'It says what it said when it was issued. Only its layout was changed.'
        : 'It says what it said when it was issued.',
      'It was changed: it does not say what it said when it was issued.',
    ),
    check(
      'Signature',
      !faults.includes('signature') && !faults.includes('key'),
      'It was signed with our key.',
      faults.includes('key') ? 'It names a key that is not ours.' : 'This is not what we signed.',
    ),
    check(
      'Record',
      isSame,
      'It is the receipt that we hold under this reference.',
      stored ? 'We hold another receipt under this reference.' : 'We never issued a receipt with this reference.',
    ),
    check(
      'Chain',
      isSame && isGenuine(reading) && recorded.length === 0,
      'It has its place among the receipts of the pharmacy.',
      'It has no place among the receipts of the pharmacy.',
    ),
  ]
}
