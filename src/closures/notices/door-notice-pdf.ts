/** The notice on the door as a tagged PDF to print: a title, a language, headings and lists; nothing smaller than 12 point. */
import { once } from 'node:events'
import type PDFDocument from 'pdfkit'
import { writable } from '#src/verification/receipt-pdf.ts'
import type { DoorNotice } from './door-notice.ts'

type Pdf = InstanceType<typeof PDFDocument>
type Style = { readonly bold?: boolean; readonly size?: number; readonly gap?: number; readonly indent?: number }

const MARGIN = 48
const NORMAL = 'Helvetica'
const BOLD = 'Helvetica-Bold'
/** Large enough to be read through a window. */
const TEXT = 13.5
const SMALLEST = 12
/** Black and the blue of the NHS on white: 21 to 1 and 6.5 to 1. */
const BLACK = '#000000'
const BLUE = '#005eb8'
/** A heading with the first lines under it. */
const HEADING_AND_SOME = 70

/** Makes the file. `compress: false` is for whoever wants to read its bytes. */
export async function doorNoticePdf(
  notice: DoorNotice,
  given: { readonly madeAt: Date; readonly compress?: boolean },
): Promise<Buffer> {
  const { default: Document } = await import('pdfkit')
  const pdf = new Document({
    size: 'A4',
    margin: MARGIN,
    pdfVersion: '1.7',
    tagged: true,
    lang: 'en-GB',
    displayTitle: true,
    compress: given.compress ?? true,
    info: { Title: `${notice.pharmacy}: ${notice.title}`, Author: notice.pharmacy, CreationDate: given.madeAt },
  })
  const parts: Buffer[] = []
  pdf.on('data', (part: Buffer) => parts.push(part))
  const ended = once(pdf, 'end')
  write(pdf, notice)
  pdf.end()
  await ended
  return Buffer.concat(parts)
}

function write(pdf: Pdf, notice: DoorNotice): void {
  const root = pdf.struct('Document')
  pdf.addStructure(root)
  const heading = (text: string) => {
    pdf.y += 8
    if (pdf.y + HEADING_AND_SOME > pdf.page.height - MARGIN) pdf.addPage()
    root.add(say(pdf, 'H2', text, { bold: true, size: 17 }))
  }
  const list = (items: readonly PDFKit.PDFStructureElement[]) => {
    const parts = items.map((item) => pdf.struct('LI', {}, [item]))
    root.add(pdf.struct('L', {}, parts))
  }
  root.add(say(pdf, 'P', notice.pharmacy, { size: 18, gap: 6 }))
  root.add(say(pdf, 'H1', notice.title, { bold: true, size: 36, gap: 8 }))
  if (notice.services.length > 0)
    list(notice.services.map((name) => say(pdf, 'LBody', `• ${name}`, { bold: true, size: 16 })))
  for (const line of notice.lead) root.add(say(pdf, 'P', line, { bold: true, size: 16 }))
  if (notice.advice !== null) root.add(say(pdf, 'P', notice.advice, { size: 16 }))
  for (const { heading: title, lines } of notice.sections) {
    heading(title)
    list(lines.map((line) => say(pdf, 'LBody', `• ${line}`, { indent: 6, gap: 3 })))
  }
  heading(notice.nearbyHeading)
  root.add(say(pdf, 'P', notice.nearbyNote))
  for (const { name, lines } of notice.nearby) {
    if (pdf.y + HEADING_AND_SOME > pdf.page.height - MARGIN) pdf.addPage()
    root.add(say(pdf, 'H3', name, { bold: true, gap: 1 }))
    for (const [index, line] of lines.entries())
      root.add(say(pdf, 'P', line, { gap: index === lines.length - 1 ? 6 : 1 }))
  }
  pdf.y += 4
  root.add(say(pdf, 'P', notice.foot, { size: SMALLEST }))
  root.end()
}

function say(pdf: Pdf, tag: string, text: string, style: Style = {}): PDFKit.PDFStructureElement {
  const { bold = false, size = TEXT, gap = 4, indent = 0 } = style
  const shown = writable(text)
  const content = () => {
    pdf
      .font(bold ? BOLD : NORMAL)
      .fontSize(size)
      .fillColor(tag === 'H1' ? BLUE : BLACK)
    pdf.text(`${shown} `, MARGIN + indent, pdf.y, { width: pdf.page.width - 2 * MARGIN - indent })
    pdf.y += gap
  }
  return pdf.struct(tag, shown === text ? {} : { actual: text }, [content])
}
