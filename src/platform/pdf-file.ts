/** Tagged PDFs on A4: what all of them have in common, so that each says only what is on its pages. */
import { once } from 'node:events'
import type PDFDocument from 'pdfkit'

export type Pdf = InstanceType<typeof PDFDocument>

export type PdfAbout = {
  readonly title: string
  readonly author?: string
  readonly subject?: string
  readonly madeAt: Date
  /** Points. */
  readonly margin: number
  /** `false` is for whoever wants to read its bytes. */
  readonly compress?: boolean | undefined
}

/** Makes the file: British English, with its title shown, tagged for screen readers. `write` draws it, tags included. */
export async function makePdf(
  { title, author = 'Signpost', subject, madeAt, margin, compress = true }: PdfAbout,
  write: (pdf: Pdf) => void,
): Promise<{ readonly file: Buffer; readonly pages: number }> {
  // Read when it is needed: it is large, and most processes never make one.
  const { default: Document } = await import('pdfkit')
  const pdf = new Document({
    size: 'A4',
    margin,
    pdfVersion: '1.7',
    tagged: true,
    lang: 'en-GB',
    displayTitle: true,
    compress,
    info: {
      Title: title,
      Author: author,
      CreationDate: madeAt,
      ...(subject === undefined ? {} : { Subject: subject }),
    },
  })
  const parts: Buffer[] = []
  let pages = 1
  pdf.on('data', (part: Buffer) => parts.push(part))
  pdf.on('pageAdded', () => {
    pages += 1
  })
  const ended = once(pdf, 'end')
  write(pdf)
  pdf.end()
  await ended
  return { file: Buffer.concat(parts), pages }
}
