/** `/manage/branches/new/:kind`: say what many branches become, in a form or by a file. View: new-change.njk */
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import { scopeOf } from '#src/accounts/can.ts'
import { csvLine } from '#src/platform/csv-line.ts'
import { NotFound } from '#src/platform/errors.ts'
import { type Fields, fieldsOf, lineIn, rawIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { holidaysToAnswer } from '#src/profiles/decide.ts'
import type { StatutoryDay } from '#src/rules/bank-holidays.ts'
import { CHANGE_REASONS } from '#src/rules/change-reasons.ts'
import { formatDate } from '#src/rules/clock-time.ts'
import { dateOf, dayOf, type LocalDate, toLondon } from '#src/rules/london-time.ts'
import { OFFERED_SERVICES } from '#src/rules/offered-services.ts'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'
import { createBranchChange } from '../branch-changes-store.ts'
import { BRANCH_KINDS, type BranchKind } from '../branch-command.ts'
import { type Branch, branchesMatching, branchesWithCodes } from '../branches-in-scope.ts'
import { titleOf } from '../command-words.ts'
import type { HeadOfficeDeps } from '../run-branch-change.ts'
import { LARGEST_FILE, readSheetRows } from '../sheet.ts'
import { readSheetCommands, SHEET_COLUMNS, SHEET_EXAMPLES } from '../sheet-commands.ts'
import { type Chosen, CONTACT_INPUTS, holidayHours, holidayName, parseChosen, parseCommand } from './new-change.form.ts'
import { branchManager } from './require-branches.ts'

type NewChangeView = {
  readonly title: string
  readonly kind: BranchKind
  readonly address: string
  readonly fields: Fields
  readonly problems: readonly Problem[]
  readonly holidays: {
    readonly soon: readonly HolidayField[]
    readonly later: readonly HolidayField[]
    /** True when something was entered for one of the later ones. */
    readonly isLaterAnswered: boolean
  }
  readonly reasons: readonly string[]
  readonly services: readonly { readonly value: string; readonly text: string }[]
  readonly inputs: typeof CONTACT_INPUTS
  readonly columns: readonly string[]
}

type HolidayField = {
  readonly name: string
  readonly hours: string
  readonly title: string
  readonly date: string
  readonly note: string | null
}

/** Bank holidays within these days are asked about at once, the others only on demand. */
const SOON_DAYS = 183

const render = template<NewChangeView>('head-office/pages/new-change.njk')

/** Mounts the form, the upload and the templates. */
export function newChangePages(app: FastifyInstance, deps: HeadOfficeDeps): void {
  const today = (): LocalDate => dateOf(toLondon(deps.clock.now()).day)
  const asked = () => holidaysToAnswer(today(), deps.holidays())
  const show = (reply: FastifyReply, kind: BranchKind, fields: Fields, problems: readonly Problem[]) =>
    render(problems.length > 0 ? reply.code(422) : reply, {
      title: BRANCH_KINDS[kind].title,
      kind,
      address: `/manage/branches/new/${kind}`,
      fields,
      problems,
      holidays: holidayFields(asked(), today(), fields),
      reasons: CHANGE_REASONS,
      services: OFFERED_SERVICES.map(({ code, label }) => ({ value: code, text: label })),
      inputs: CONTACT_INPUTS,
      columns: SHEET_COLUMNS[kind].map((name) => name.replace('*', '')),
    })

  app.get('/manage/branches/new/:kind', async (request, reply) => {
    branchManager(request)
    return show(reply, kindOf(request), {}, [])
  })

  app.post('/manage/branches/new/:kind', async (request, reply) => {
    const actor = branchManager(request)
    const kind = kindOf(request)
    const fields = fieldsOf(request.body)
    const command = parseCommand(kind, fields, asked())
    const chosen = parseChosen(fields)
    if (!command.ok || !chosen.ok) {
      const problems = [command, chosen].flatMap((read) => (read.ok ? [] : read.problems))
      return show(reply, kind, fields, problems)
    }
    const branches = await branchesOf(deps, actor, kind, chosen.value)
    if (!branches.ok) return show(reply, kind, fields, branches.problems)
    const rows = branches.value.map(({ odsCode, version }, place) => ({
      odsCode,
      place,
      command: command.value,
      versionBefore: version,
    }))
    const id = await draft(deps, actor, { kind, title: titleOf(command.value), source: null, unread: [], rows })
    return reply.redirect(`/manage/branches/${id}`, 303)
  })

  app.get('/manage/branches/templates/:kind.csv', async (request, reply) => {
    branchManager(request)
    const kind = kindOf(request)
    return download(reply, `${kind}.csv`, 'text/csv; charset=utf-8').send(templateRows(kind).map(csvLine).join(''))
  })
  app.get('/manage/branches/templates/:kind.xlsx', async (request, reply) => {
    branchManager(request)
    const kind = kindOf(request)
    const rows = templateRows(kind).map((cells) => cells.map((value) => ({ value, type: String })))
    const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
    const { default: writeExcelFile } = await import('write-excel-file/node')
    return download(reply, `${kind}.xlsx`, type).send(await writeExcelFile(rows).toBuffer())
  })
  const uploadScope: FastifyPluginAsync = (uploads) => uploadPage(uploads, deps, show)
  app.register(uploadScope)
}

function holidayFields(asked: readonly StatutoryDay[], today: LocalDate, fields: Fields): NewChangeView['holidays'] {
  const soonUntil = dayOf(today) + SOON_DAYS
  const fieldOf = ({ date, title, note }: StatutoryDay): HolidayField => ({
    name: holidayName(date),
    hours: holidayHours(date),
    title,
    date: formatDate(date),
    note,
  })
  const later = asked.filter(({ date }) => dayOf(date) > soonUntil)
  return {
    soon: asked.filter((day) => !later.includes(day)).map(fieldOf),
    later: later.map(fieldOf),
    isLaterAnswered: later.some(({ date }) => lineIn(fields, holidayName(date)) !== ''),
  }
}

type Show = (reply: FastifyReply, kind: BranchKind, fields: Fields, problems: readonly Problem[]) => FastifyReply

/** A scope of its own, because it alone takes files. */
async function uploadPage(uploads: FastifyInstance, deps: HeadOfficeDeps, show: Show): Promise<void> {
  await uploads.register(multipart, {
    attachFieldsToBody: 'keyValues',
    throwFileSizeLimit: false,
    limits: { fileSize: LARGEST_FILE, files: 1, fields: 5, parts: 6, fieldSize: 10_000 },
    onFile: async (part) => {
      const content = await part.toBuffer()
      const upload: Upload = { name: part.filename, content, isWhole: !part.file.truncated }
      Object.assign(part, { value: upload })
    },
  })
  uploads.post('/manage/branches/upload/:kind', async (request, reply) => {
    const actor = branchManager(request)
    const kind = kindOf(request)
    const upload = uploadIn(request.body)
    const read = await readUpload(kind, upload)
    if (!read.ok) return show(reply, kind, {}, read.problems)
    const { commands, refused: unread } = read.value
    const versions = new Map(
      (
        await branchesWithCodes(
          deps.db.pool,
          scopeOf(actor, BRANCH_KINDS[kind].action),
          commands.map(({ odsCode }) => odsCode),
        )
      ).map(({ odsCode, version }) => [odsCode, version]),
    )
    const rows = commands.map(({ odsCode, line, command }) => ({
      odsCode,
      place: line,
      command,
      versionBefore: versions.get(odsCode) ?? null,
    }))
    const source = fileName(upload?.name ?? '')
    const title = `${BRANCH_KINDS[kind].title}, from ${source}`
    const id = await draft(deps, actor, { kind, title, source, unread, rows })
    return reply.redirect(`/manage/branches/${id}`, 303)
  })
}

type Upload = { readonly name: string; readonly content: Buffer; readonly isWhole: boolean }

function uploadIn(body: unknown): Upload | undefined {
  const { file } = (body ?? {}) as { file?: Partial<Upload> }
  return file && Buffer.isBuffer(file.content) ? (file as Upload) : undefined
}

async function readUpload(kind: BranchKind, upload: Upload | undefined) {
  if (!upload || upload.content.length === 0) {
    return refused<never>({ field: 'file', code: 'missing', message: 'Select a file' })
  }
  if (!upload.isWhole) {
    const message = `The file must be smaller than ${LARGEST_FILE / 1_000_000} MB. Send it in parts`
    return refused<never>({ field: 'file', code: 'too-large', message })
  }
  const rows = await readSheetRows(upload.content)
  return rows.ok ? readSheetCommands(kind, rows.value) : rows
}

/** The name of a file without its folder, short enough to be shown. */
const fileName = (name: string): string =>
  rawIn(fieldsOf({ name: name.split(/[\\/]/).at(-1) ?? '' }), 'name').slice(0, 100) || 'a file'

const templateRows = (kind: BranchKind): readonly (readonly string[])[] => [
  SHEET_COLUMNS[kind].map((name) => name.replace('*', '')),
  SHEET_EXAMPLES[kind],
]

const download = (reply: FastifyReply, name: string, type: string): FastifyReply =>
  reply.header('content-type', type).header('content-disposition', `attachment; filename="signpost-${name}"`)

/** The kind in the address; throws `NotFound` for any other. */
function kindOf(request: FastifyRequest): BranchKind {
  const { kind } = request.params as { kind: string }
  if (!Object.hasOwn(BRANCH_KINDS, kind)) throw new NotFound(`Branches cannot be changed by “${kind}”`)
  return kind as BranchKind
}

async function branchesOf(
  { db }: HeadOfficeDeps,
  actor: Actor,
  kind: BranchKind,
  chosen: Chosen,
): Promise<Result<readonly Branch[]>> {
  const scope = scopeOf(actor, BRANCH_KINDS[kind].action)
  if (chosen.which === 'codes') return accepted(await inOrderAsked(db.pool, scope, chosen.odsCodes))
  const text = chosen.which === 'matching' ? chosen.text : ''
  const found = await branchesMatching(db.pool, scope, text)
  if (found.length > 0) return accepted(found)
  return refused({ field: 'text', code: 'none', message: `None of your pharmacies matches “${text}”` })
}

/** Codes outside of the scope stay in: the preview says of each that it cannot be changed. */
async function inOrderAsked(
  db: HeadOfficeDeps['db']['pool'],
  scope: Parameters<typeof branchesWithCodes>[1],
  odsCodes: readonly string[],
): Promise<readonly Branch[]> {
  const found = new Map((await branchesWithCodes(db, scope, odsCodes)).map((branch) => [branch.odsCode, branch]))
  return odsCodes.map((odsCode) => found.get(odsCode) ?? { odsCode, version: 0 })
}

const draft = (
  { db, clock }: HeadOfficeDeps,
  actor: Actor,
  change: Omit<Parameters<typeof createBranchChange>[1], 'personId' | 'actor' | 'now'>,
): Promise<number> =>
  db.transact((tx) =>
    createBranchChange(tx, { ...change, personId: actor.personId, actor: auditNameOf(actor), now: clock.now() }),
  )
