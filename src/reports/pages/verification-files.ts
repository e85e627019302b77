/** The verification report as files: CSV, spreadsheet, PDF, and what came late apart. */
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { completeByDay } from '../by-day.ts'
import { lateCsv, lateSince, loadQuarterReport, quarterReportInPieces } from '../frozen-quarters.ts'
import { verificationCsv } from '../verification.ts'
import { type VerificationFile, verificationBook } from '../verification-book.ts'
import { verificationPdf } from '../verification-pdf.ts'
import { type ReportDeps, refuseFile } from './report-reach.ts'
import { type VerificationAsked, verificationAsked } from './verification-asked.ts'

const PATH = '/reports/verification'
/** Spreadsheets need the mark to read names with accents. */
const MARK = '\uFEFF'

/** Mounts the files. */
export function verificationFiles(app: FastifyInstance, deps: ReportDeps): void {
  app.get(`${PATH}.csv`, (request, reply) =>
    answer(deps, request, reply, 'csv', async (asked) => {
      const { pieces, seal } = await quarterReportInPieces(deps.db.pool, asked)
      return Readable.from(withMark(verificationCsv(asked.quarter, pieces, seal)))
    }),
  )
  app.get(`${PATH}/late.csv`, (request, reply) =>
    answer(deps, request, reply, 'late.csv', async (asked) => Readable.from(withMark(lateCsv(deps.db.pool, asked)))),
  )
  app.get(`${PATH}.xlsx`, (request, reply) =>
    answer(deps, request, reply, 'xlsx', async (asked) => verificationBook(await fileOf(deps, asked))),
  )
  app.get(`${PATH}.pdf`, (request, reply) =>
    answer(deps, request, reply, 'pdf', async (asked) => verificationPdf(await fileOf(deps, asked))),
  )
}

const TYPES = {
  csv: 'text/csv; charset=utf-8',
  'late.csv': 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
} as const

type AskedFile = VerificationAsked & VerificationAsked['where']

/** A file of what was asked, or the reasons why there is none. */
async function answer(
  deps: ReportDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  kind: keyof typeof TYPES,
  make: (asked: AskedFile) => Promise<Readable | Buffer | string>,
): Promise<FastifyReply> {
  const asked = await verificationAsked(deps, request)
  if (asked.problems.length > 0) return refuseFile(reply, asked.problems)
  const file = await make({ ...asked, ...asked.where })
  const area = asked.where.area === undefined ? '' : `-${asked.where.area.replaceAll(/[^A-Za-z0-9]/g, '')}`
  return reply
    .type(TYPES[kind])
    .header('content-disposition', `attachment; filename="verification-${asked.quarter.id}${area}${dotOf(kind)}"`)
    .send(file)
}

const dotOf = (kind: string): string => (kind === 'late.csv' ? '-late.csv' : `.${kind}`)

async function fileOf({ db, clock }: ReportDeps, asked: AskedFile): Promise<VerificationFile> {
  const { quarter, today, chosen } = asked
  const { pharmacies, frozen, seal } = await loadQuarterReport(db.pool, asked)
  return {
    ...{ quarter, pharmacies, seal },
    area: chosen.text,
    madeAt: clock.now().toISOString(),
    days: completeByDay(quarter, pharmacies, today),
    late: frozen ? await lateSince(db.pool, quarter, pharmacies) : [],
  }
}

async function* withMark(lines: AsyncIterable<string>): AsyncGenerator<string> {
  yield MARK
  yield* lines
}
