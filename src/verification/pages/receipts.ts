/** `/manage/:odsCode/receipts/:reference`: one receipt, as a page, a PDF and a signed file. View: receipt.njk */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { renderSVG } from 'uqr'
import { NotFound } from '#src/platform/errors.ts'
import { template } from '#src/platform/views.ts'
import type { ProfileSection } from '#src/profiles/profile.ts'
import { SECTION_PAGES, sectionTitle } from '#src/profiles/section-pages.ts'
import { type ManageDeps, type Visit, visit } from '#src/profiles/visit.ts'
import { parseReference, type Receipt, receiptFile } from '../receipt.ts'
import { receiptPdf } from '../receipt-pdf.ts'
import { contentOf, loadReceipt, type StoredReceipt } from '../receipt-store.ts'
import { type ReceiptWords, receiptWords } from '../receipt-words.ts'
import { changeAddress } from './change-address.ts'

type ReceiptView = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly reference: string
  readonly address: string
  readonly words: ReceiptWords
  /** Our own drawing: made from the address alone. */
  readonly qr: string
  /** Shown right after a check. */
  readonly banner: string | null
  /** Forms that the person said they would go to. */
  readonly waiting: readonly { readonly text: string; readonly href: string }[]
}

const render = template<ReceiptView>('verification/pages/receipt.njk')
const PATH = '/manage/:odsCode/receipts/:reference'

/** Mounts the page and its two files. */
export function receiptPages(app: FastifyInstance, deps: ManageDeps): void {
  app.get(PATH, async (request, reply) => {
    const { seen, stored, receipt } = await receiptOf(deps, request)
    const words = wordsOf(deps, stored, receipt)
    return render(reply, {
      title: words.title,
      odsCode: seen.odsCode,
      pharmacy: seen.stored.profile.name,
      reference: stored.reference,
      address: `/manage/${seen.odsCode}/receipts/${stored.reference}`,
      words,
      qr: renderSVG(words.verifyAddress, { border: 2 }),
      banner: (request.query as { done?: unknown }).done === 'check' ? bannerOf(receipt) : null,
      waiting: waitingOf(seen, request.query),
    })
  })
  app.get(`${PATH}/pdf`, async (request, reply) => {
    const { stored, receipt } = await receiptOf(deps, request)
    const file = await receiptPdf(wordsOf(deps, stored, receipt))
    return reply.type('application/pdf').header('content-disposition', asFile(stored, 'pdf')).send(file)
  })
  app.get(`${PATH}/json`, async (request, reply) => {
    const { stored } = await receiptOf(deps, request)
    return reply
      .type('application/json; charset=utf-8')
      .header('content-disposition', asFile(stored, 'json'))
      .send(receiptFile(stored))
  })
}

const asFile = ({ reference }: StoredReceipt, ending: string): string => `attachment; filename="${reference}.${ending}"`

const wordsOf = ({ baseUrl }: ManageDeps, { hash, signature }: StoredReceipt, receipt: Receipt): ReceiptWords =>
  receiptWords({ receipt, hash, signature }, baseUrl)

/** The receipt in the address, if it is this pharmacy's. Throws as `visit` does, and NotFound for another's. */
async function receiptOf(deps: ManageDeps, request: FastifyRequest) {
  const seen = await visit(deps, request, 'see-history')
  const reference = parseReference((request.params as { reference: string }).reference)
  const stored = reference === undefined ? undefined : await loadReceipt(deps.db.pool, reference)
  if (stored?.odsCode !== seen.odsCode) throw new NotFound('This pharmacy has no receipt with this reference')
  const receipt = contentOf(stored)
  if (!receipt) throw new Error(`The receipt ${stored.reference} cannot be read`)
  return { seen, stored, receipt }
}

function bannerOf({ sections }: Receipt): string {
  const checked = sections.filter(({ act }) => act === 'checked').map(({ title }) => title.toLowerCase())
  return `Thank you. You confirmed your ${inSentence(checked)}. We are sending this receipt to your email address.`
}

const inSentence = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/** The forms in the address, if they are forms that this person may fill in. */
function waitingOf({ odsCode, may, stored }: Visit, query: unknown) {
  const { change } = query as { change?: unknown }
  const slugs = typeof change === 'string' ? change.split('.') : []
  return SECTION_PAGES.filter(({ slug, permission }) => slugs.includes(slug) && may(permission)).map(({ section }) => ({
    text: `Change ${sectionTitle(section, stored.profile.kind).toLowerCase()}`,
    href: changeAddress(odsCode, section satisfies ProfileSection),
  }))
}
