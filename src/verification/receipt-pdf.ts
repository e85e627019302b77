/**
 * A receipt as a tagged PDF, in the words of its page: headings, paragraphs and lists in reading order, a title and a
 * language. It uses a font that every reader has, so letters which that font lacks are written without their marks; the
 * text behind them, which screen readers and copying use, keeps every letter.
 */
import { encode } from 'uqr'
import { makePdf, type Pdf } from '#src/platform/pdf-file.ts'
import { writable } from '#src/platform/pdf-letters.ts'
import type { ReceiptWords } from './receipt-words.ts'

const MARGIN = 56
const QR_SIZE = 110
/** A heading with the first lines under it. */
const HEADING_AND_SOME = 64
const PROOF_LINE = 12
const NORMAL = 'Helvetica'
const BOLD = 'Helvetica-Bold'

/** Makes the file. `compress: false` is for whoever wants to read its bytes. */
export async function receiptPdf(
  words: ReceiptWords,
  { compress }: { readonly compress?: boolean } = {},
): Promise<Buffer> {
  const { title, facts, submittedAt: madeAt } = words
  const about = { title, subject: facts[0]?.text ?? '', madeAt, margin: MARGIN, compress }
  return (await makePdf(about, (pdf) => write(pdf, words))).file
}

function write(pdf: Pdf, words: ReceiptWords): void {
  const root = pdf.struct('Document')
  pdf.addStructure(root)
  const say = (
    tag: string,
    text: string,
    style: { font?: string; size?: number; gap?: number; indent?: number } = {},
  ) => {
    const { font = NORMAL, size = 11, gap = 4, indent = 0 } = style
    const shown = writable(text)
    const content = () => {
      pdf.font(font).fontSize(size)
      pdf.text(`${shown} `, MARGIN + indent, pdf.y, { width: pdf.page.width - 2 * MARGIN - indent })
      pdf.y += gap
    }
    const actual = shown === text ? {} : { actual: text }
    return pdf.struct(tag, actual, [content])
  }
  const heading = (text: string, below: number) => {
    pdf.y += 10
    keepTogether(pdf, below)
    root.add(say('H2', text, { font: BOLD, size: 14 }))
  }
  root.add(say('H1', words.title, { font: BOLD, size: 20, gap: 10 }))
  for (const { label, text } of words.facts) root.add(say('P', `${label}: ${text}`))
  for (const { heading: title, lines } of words.sections) {
    heading(title, HEADING_AND_SOME)
    const items = lines.map((line) => () => say('LBody', `• ${line}`, { indent: 8, gap: 2 }))
    if (items.length > 0) root.add(list(pdf, items))
  }
  heading('Is this receipt genuine?', HEADING_AND_SOME + QR_SIZE)
  root.add(say('P', 'Scan the square, or open this address, to see what we hold under this reference:'))
  root.add(say('P', words.verifyAddress, { gap: 8 }))
  root.add(
    pdf.struct('Figure', { alt: 'A QR code that leads to the address above' }, [() => qr(pdf, words.verifyAddress)]),
  )
  heading('Proof', HEADING_AND_SOME + PROOF_LINE * words.proof.length)
  for (const { label, text } of words.proof) root.add(say('P', `${label}: ${text}`, { size: 8, gap: 2 }))
  root.end()
}

function list(pdf: Pdf, items: readonly (() => PDFKit.PDFStructureElement)[]): PDFKit.PDFStructureElement {
  return pdf.struct(
    'L',
    {},
    items.map((item) => pdf.struct('LI', {}, [item()])),
  )
}

/** Begins a new page unless this much fits. Between elements only: inside one it would cut the element's tag. */
function keepTogether(pdf: Pdf, height: number): void {
  if (pdf.y + height > pdf.page.height - MARGIN) pdf.addPage()
}

function qr(pdf: Pdf, text: string): void {
  const { data, size } = encode(text, { border: 2 })
  const top = pdf.y
  const side = QR_SIZE / size
  data.forEach((row, y) => {
    row.forEach((dark, x) => {
      if (dark) pdf.rect(MARGIN + x * side, top + y * side, side, side)
    })
  })
  pdf.fill('black')
  pdf.y = top + QR_SIZE + 8
}
