/** The notice on the door as a tagged PDF to print: a title, a language, headings and lists; nothing smaller than 12 point. */
import { makePdf, type Pdf } from '#src/platform/pdf-file.ts'
import { writable } from '#src/platform/pdf-letters.ts'
import type { DoorNotice } from './door-notice.ts'

type Style = { readonly bold?: boolean; readonly size?: number; readonly gap?: number }

const MARGIN = 44
const NORMAL = 'Helvetica'
const BOLD = 'Helvetica-Bold'
/** Nothing is smaller. */
const TEXT = 12
/** As large as fits on one sheet: read through a window, the larger the better. */
const SCALES = [1.4, 1.3, 1.2, 1.15, 1.1, 1.05, 1]
/** Black and the blue of the NHS on white: 21 to 1 and 6.5 to 1. */
const BLACK = '#000000'
const BLUE = '#005eb8'
/** A heading with the first line under it, and a pharmacy with its lines. */
const HEADING_AND_SOME = 50
const PHARMACY = 46
/** From the margin to the text behind a bullet. */
const BULLET = 12

type Making = { readonly madeAt: Date; readonly compress?: boolean }

/** Makes the file. `compress: false` is for whoever wants to read its bytes. */
export async function doorNoticePdf(notice: DoorNotice, making: Making): Promise<Buffer> {
  for (const scale of SCALES) {
    const { file, pages } = await madeAs(notice, scale, making)
    if (pages === 1 || scale === SCALES.at(-1)) return file
  }
  throw new Error('There is no scale')
}

function madeAs(notice: DoorNotice, scale: number, { madeAt, compress }: Making) {
  const title = `${notice.pharmacy}: ${notice.title}`
  const about = { title, author: notice.pharmacy, madeAt, margin: MARGIN, compress }
  return makePdf(about, (pdf) => write(pdf, notice, scale))
}

function write(pdf: Pdf, notice: DoorNotice, scale: number): void {
  const say = (tag: string, text: string, style: Style = {}) => element(pdf, tag, text, { scale, ...style })
  const root = pdf.struct('Document')
  pdf.addStructure(root)
  const keepTogether = (height: number) => {
    if (pdf.y + height * scale > pdf.page.height - MARGIN) pdf.addPage()
  }
  const heading = (text: string) => {
    pdf.y += 6
    keepTogether(HEADING_AND_SOME)
    root.add(say('H2', text, { bold: true, size: 15 }))
  }
  const list = (items: readonly PDFKit.PDFStructureElement[]) => {
    const parts = items.map((item) => pdf.struct('LI', {}, [item]))
    root.add(pdf.struct('L', {}, parts))
  }
  root.add(say('P', notice.pharmacy, { size: 17, gap: 4 }))
  root.add(say('H1', notice.title, { bold: true, size: notice.services.length > 0 ? 24 : 32, gap: 6 }))
  if (notice.services.length > 0) list(notice.services.map((name) => say('LBody', name, { bold: true, size: 15 })))
  for (const line of notice.lead) root.add(say('P', line, { bold: true, size: 15 }))
  if (notice.advice !== null) root.add(say('P', notice.advice, { size: 15 }))
  for (const { heading: title, lines } of notice.sections) {
    heading(title)
    list(lines.map((line) => say('LBody', line, { gap: 3 })))
  }
  heading(notice.nearbyHeading)
  root.add(say('P', notice.nearbyNote))
  for (const { name, lines } of notice.nearby) {
    keepTogether(PHARMACY)
    root.add(say('H3', name, { bold: true, gap: 1 }))
    for (const [index, line] of lines.entries()) root.add(say('P', line, { gap: index === lines.length - 1 ? 5 : 1 }))
  }
  pdf.y += 4
  for (const line of notice.foot) root.add(say('P', line, { gap: 1 }))
  root.end()
}

function element(
  pdf: Pdf,
  tag: string,
  text: string,
  { scale, bold = false, size = TEXT, gap = 4 }: Style & { readonly scale: number },
): PDFKit.PDFStructureElement {
  const shown = writable(text)
  const content = () => {
    pdf
      .font(bold ? BOLD : NORMAL)
      .fontSize(size * scale)
      .fillColor(tag === 'H1' ? BLUE : BLACK)
    const { y } = pdf
    if (tag === 'LBody') pdf.text('•', MARGIN, y, { lineBreak: false })
    const left = MARGIN + (tag === 'LBody' ? BULLET * scale : 0)
    pdf.text(`${shown} `, left, y, { width: pdf.page.width - MARGIN - left })
    pdf.y += gap
  }
  return pdf.struct(tag, shown === text ? {} : { actual: text }, [content])
}
