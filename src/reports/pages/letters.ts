/**
 * `/reports/verification/letters`: letters about missing checks, to be changed by whoever sends them. Nothing is stored, and
 * nothing is sent from here. View: letter.njk
 */
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { Forbidden, NotFound } from '#src/platform/errors.ts'
import { fieldsOf, lineIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { parsePharmacyCode } from '#src/rules/ods-code.ts'
import type { Problem } from '#src/rules/problems.ts'
import { loadQuarterReport } from '../frozen-quarters.ts'
import { LETTER_KINDS, type LetterFacts, type LetterKind, letterText } from '../letter-words.ts'
import { loadLetterFacts } from '../letters.ts'
import { type ReportDeps, refuseFile } from './report-reach.ts'
import { mayDraftRemedial } from './verification.ts'
import { addressFor, type VerificationAsked, verificationAsked } from './verification-asked.ts'

type View = {
  readonly title: string
  readonly pharmacy: string
  readonly odsCode: string
  readonly quarter: string
  readonly isRemedial: boolean
  readonly text: string
  readonly most: number
  readonly action: string
  readonly back: string
  readonly problems: readonly Problem[]
}

const PATH = '/reports/verification'
/** Characters of a letter: some ten pages. */
const MOST = 20_000
/** Between two letters of one file. */
const NEXT_LETTER = '\n\f\n----------------------------------------------------------------\n\n'
const TITLES: Readonly<Record<LetterKind, string>> = {
  reminder: 'Reminder to check the profile',
  remedial: 'Draft of a remedial notice',
}
const FORM = z.object({ text: z.string().max(MOST * 2) })
const render = template<View>('reports/pages/letter.njk')

/** Mounts the pages and the file with every letter. */
export function letterPages(app: FastifyInstance, deps: ReportDeps): void {
  app.get(`${PATH}/letters.txt`, async (request, reply) => {
    const asked = await verificationAsked(deps, request)
    if (asked.problems.length > 0) return refuseFile(reply, asked.problems)
    const kind = kindIn(request, asked)
    const facts = await factsOf(deps, asked)
    return fileCalled(reply, `${kind}-letters-${asked.quarter.id}.txt`).send(Readable.from(lettersOf(kind, facts)))
  })
  app.get<{ Params: { code: string } }>(`${PATH}/letters/:code`, async (request, reply) => {
    const { kind, facts, asked } = await letterFor(deps, request, request.params.code)
    return render(reply, viewOf(kind, facts, asked, letterText(kind, facts), []))
  })
  app.post<{ Params: { code: string } }>(`${PATH}/letters/:code`, async (request, reply) => {
    const { kind, facts, asked } = await letterFor(deps, request, request.params.code)
    const form = FORM.safeParse(request.body)
    const text = form.success ? form.data.text.replaceAll('\r\n', '\n') : ''
    const problems = problemsOf(text, form.success)
    if (problems.length > 0) {
      return render(reply.code(400), viewOf(kind, facts, asked, text.slice(0, MOST * 2), problems))
    }
    return fileCalled(reply, `${kind}-${facts.odsCode}-${asked.quarter.id}.txt`).send(`${text.trimEnd()}\n`)
  })
}

function problemsOf(text: string, isRead: boolean): readonly Problem[] {
  const problem = (code: string, message: string) => [{ field: 'text', code, message }]
  if (!isRead || text.length > MOST)
    return problem('too-long', `The letter must be ${MOST.toLocaleString('en-GB')} characters or fewer`)
  return text.trim() === '' ? problem('empty', 'Enter the letter') : []
}

function* lettersOf(kind: LetterKind, facts: readonly LetterFacts[]): Generator<string> {
  if (facts.length === 0) yield 'Every pharmacy has checked everything: there is no letter to write.\n'
  for (const [index, each] of facts.entries()) yield `${index > 0 ? NEXT_LETTER : ''}${letterText(kind, each)}`
}

/** Throws `NotFound` for a kind that there is none of, and for a notice while the quarter is not over. */
function kindIn(request: FastifyRequest, { quarter, today }: VerificationAsked): LetterKind {
  const text = lineIn(fieldsOf(request.query), 'kind')
  const kind = LETTER_KINDS.find((each) => each === text)
  if (!kind) throw new NotFound('There is no such letter')
  if (kind === 'reminder') return kind
  if (!mayDraftRemedial(request)) throw new Forbidden('Remedial notices are for ICBs and the national team')
  if (quarter.ends >= today) throw new NotFound('The quarter is not over: there is nothing to give notice of')
  return kind
}

/** One pharmacy's letter. Throws `NotFound` when it is out of reach, or has nothing left to check. */
async function letterFor(deps: ReportDeps, request: FastifyRequest, code: string) {
  const asked = await verificationAsked(deps, request)
  if (asked.problems.length > 0) throw new NotFound(asked.problems.join('. '))
  const kind = kindIn(request, asked)
  const odsCode = parsePharmacyCode(code)
  const [facts] = odsCode === undefined ? [] : await factsOf(deps, asked, odsCode)
  if (!facts) throw new NotFound('No pharmacy of yours with this code has something left to check in that quarter')
  return { kind, facts, asked }
}

async function factsOf(
  { db, baseUrl }: ReportDeps,
  { where, quarter, today }: VerificationAsked,
  only?: string,
): Promise<readonly LetterFacts[]> {
  const { pharmacies, seal } = await loadQuarterReport(db.pool, { ...where, quarter })
  const meant = only === undefined ? pharmacies : pharmacies.filter(({ odsCode }) => odsCode === only)
  return loadLetterFacts(db.pool, meant, { quarter, seal, today, baseUrl })
}

function viewOf(
  kind: LetterKind,
  facts: LetterFacts,
  asked: VerificationAsked,
  text: string,
  problems: readonly Problem[],
): View {
  const here = addressFor(asked)
  return {
    title: TITLES[kind],
    pharmacy: facts.name,
    odsCode: facts.odsCode,
    quarter: asked.quarter.name,
    isRemedial: kind === 'remedial',
    text,
    most: MOST,
    action: here(`${PATH}/letters/${facts.odsCode}`, { kind }),
    back: here(PATH),
    problems,
  }
}

const fileCalled = (reply: FastifyReply, name: string): FastifyReply =>
  reply.type('text/plain; charset=utf-8').header('content-disposition', `attachment; filename="${name}"`)
