/**
 * The verification report as a tagged PDF: a title, a language, headings, lists in reading order, and the chart as a figure
 * with its words. Long lists end where nobody reads on; the spreadsheet has every pharmacy.
 */
import { makePdf, type Pdf } from '#src/platform/pdf-file.ts'
import { writable } from '#src/platform/pdf-letters.ts'
import { formatDayOf, formatMomentIn } from '#src/profiles/names-and-moments.ts'
import { sectionTitle } from '#src/profiles/section-pages.ts'
import { QUARTERLY_SECTIONS } from '#src/profiles/sections-due.ts'
import { areaInWords } from '#src/rules/area-names.ts'
import { formatDateShort } from '#src/rules/clock-time.ts'
import { missingOf } from './verification.ts'
import type { VerificationFile } from './verification-book.ts'

const MARGIN = 48
const NORMAL = 'Helvetica'
const BOLD = 'Helvetica-Bold'
const BLUE = '#005eb8'
const GREY = '#4c6272'
const CHART_HEIGHT = 140
/** A heading with some lines under it. */
const HEADING_AND_SOME = 70
const MOST_LISTED = 500

/** Makes the file. `compress: false` is for whoever wants to read its bytes. */
export async function verificationPdf(
  file: VerificationFile,
  { compress }: { readonly compress?: boolean } = {},
): Promise<Buffer> {
  const about = { title: titleOf(file), madeAt: new Date(file.madeAt), margin: MARGIN, compress }
  return (await makePdf(about, (pdf) => write(pdf, file))).file
}

const titleOf = ({ quarter, area }: VerificationFile): string => `Quarterly verification, ${quarter.name}: ${area}`

function write(pdf: Pdf, file: VerificationFile): void {
  const { quarter, area, pharmacies, seal, late } = file
  const root = pdf.struct('Document')
  pdf.addStructure(root)
  const say = (tag: string, text: string, style: Style = {}) => root.add(element(pdf, tag, text, style))
  const heading = (text: string) => {
    pdf.y += 8
    if (pdf.y + HEADING_AND_SOME > pdf.page.height - MARGIN) pdf.addPage()
    say('H2', text, { bold: true, size: 14, gap: 4 })
  }
  const list = (lines: readonly string[]) => {
    if (lines.length === 0) return
    const items = lines.map((line) => pdf.struct('LI', {}, [element(pdf, 'LBody', `• ${line}`, { gap: 2 })]))
    root.add(pdf.struct('L', {}, items))
  }
  const complete = pharmacies.filter(({ isComplete }) => isComplete).length
  say('H1', titleOf(file), { bold: true, size: 20, gap: 8 })
  say('P', sealWords(file))
  heading('Checked in the quarter')
  list([
    shareIn('Everything', complete, pharmacies.length),
    ...QUARTERLY_SECTIONS.map((section) => {
      const done = pharmacies.filter(({ checkedAt }) => checkedAt[section] !== undefined).length
      return shareIn(sectionTitle(section, 'community'), done, pharmacies.length)
    }),
  ])
  if (file.days.length > 1) {
    heading('Everything checked, day by day')
    if (pdf.y + CHART_HEIGHT > pdf.page.height - MARGIN) pdf.addPage()
    root.add(
      pdf.struct('Figure', { alt: chartWords(file) }, [
        () =>
          chart(
            pdf,
            file.days.map(({ percent }) => percent),
          ),
      ]),
    )
    say('P', chartWords(file))
  }
  heading('By integrated care board')
  list(byBoard(file))
  if (seal.frozenAt !== null) {
    heading(`Late: ${late.length} checked what was missing after the quarter had ended`)
    list(capped(late.map(({ name, odsCode, lateAt }) => `${name}, ${odsCode}: ${formatDayOf(lateAt)}`)))
  }
  const laggards = pharmacies.filter(({ isComplete }) => !isComplete)
  heading(`${laggards.length} with something left to check`)
  list(
    capped(
      laggards.map((pharmacy) => {
        const parts = missingOf(pharmacy).map((section) => sectionTitle(section, pharmacy.kind as 'community'))
        return `${pharmacy.name}, ${pharmacy.odsCode}: ${parts.join(', ')}`
      }),
    ),
  )
  heading('Proof')
  say('P', `Quarter ${quarter.id}, ${area}. This file was made on ${formatMomentIn(file.madeAt)}.`)
  if (seal.rootHash !== null) say('P', `Root hash of the frozen report of England: ${seal.rootHash}`, { size: 10 })
  root.end()
}

function sealWords({ quarter, seal, pharmacies }: VerificationFile): string {
  const about = `About ${pharmacies.length} pharmac${pharmacies.length === 1 ? 'y' : 'ies'}.`
  const ends = formatDateShort(quarter.ends)
  return seal.frozenAt === null
    ? `${about} The quarter ends on ${ends}, and its figures are not frozen: they are of the moment when this file was made.`
    : `${about} The quarter ended on ${ends}. Its figures were frozen on ${formatMomentIn(seal.frozenAt)} and do not change any more.`
}

const shareIn = (what: string, done: number, of: number): string =>
  `${what}: ${done} of ${of} (${of === 0 ? 0 : Math.floor((100 * done) / of)}%)`

function byBoard({ pharmacies }: VerificationFile): readonly string[] {
  return [...Map.groupBy(pharmacies, ({ icb }) => icb ?? '')]
    .map(([icb, theirs]) => {
      const done = theirs.filter(({ isComplete }) => isComplete).length
      return shareIn(icb === '' ? 'Without an ICB' : areaInWords(icb), done, theirs.length)
    })
    .sort()
}

function capped(lines: readonly string[]): readonly string[] {
  if (lines.length <= MOST_LISTED) return lines
  return [...lines.slice(0, MOST_LISTED), `and ${lines.length - MOST_LISTED} more, which the spreadsheet has`]
}

function chartWords({ days }: VerificationFile): string {
  const last = days.at(-1)
  const middle = days[Math.floor(days.length / 2)]
  const at = (day: typeof last) => (day ? `${day.percent}% on ${formatDateShort(day.date)}` : '')
  return `${at(days[0])}, ${at(middle)}, ${at(last)}.`
}

function chart(pdf: Pdf, percents: readonly number[]): void {
  const [top, width] = [pdf.y + 4, pdf.page.width - 2 * MARGIN]
  const height = CHART_HEIGHT - 24
  pdf.lineWidth(0.5).strokeColor(GREY)
  for (const share of [0, 25, 50, 75, 100]) {
    const y = top + height * (1 - share / 100)
    pdf
      .moveTo(MARGIN, y)
      .lineTo(MARGIN + width, y)
      .stroke()
  }
  pdf.lineWidth(2).strokeColor(BLUE)
  percents.forEach((percent, index) => {
    const x = MARGIN + (width * index) / Math.max(1, percents.length - 1)
    const y = top + height * (1 - percent / 100)
    if (index === 0) pdf.moveTo(x, y)
    else pdf.lineTo(x, y)
  })
  pdf.stroke()
  pdf.y = top + CHART_HEIGHT - 12
}

type Style = { readonly bold?: boolean; readonly size?: number; readonly gap?: number }

function element(
  pdf: Pdf,
  tag: string,
  text: string,
  { bold = false, size = 11, gap = 4 }: Style,
): PDFKit.PDFStructureElement {
  const shown = writable(text)
  const content = () => {
    pdf
      .font(bold ? BOLD : NORMAL)
      .fontSize(size)
      .fillColor('#000000')
    pdf.text(`${shown} `, MARGIN, pdf.y, { width: pdf.page.width - 2 * MARGIN })
    pdf.y += gap
  }
  return pdf.struct(tag, shown === text ? {} : { actual: text }, [content])
}
