/**
 * `/close-without-sign-in`: from a pharmacy, by way of a code that goes to it, to half an hour in which it can be closed
 * and reopened; `/close/FA002` is the short way in, for a card by the till. Views: start.njk, choose.njk, code.njk, said.njk
 */
import rateLimit from '@fastify/rate-limit'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { networkOf } from '#src/accounts/failed-attempts.ts'
import { CODE_MINUTES, loadCode, parseCode, takeCode } from '#src/accounts/one-time-codes.ts'
import { cookieName, cookieOptions } from '#src/accounts/session-cookie.ts'
import { appendToLedger } from '#src/platform/db/ledger.ts'
import { type Fields, fieldsOf, lineIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { keylessName } from '#src/profiles/keyless-actors.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { parsePharmacyCode } from '#src/rules/ods-code.ts'
import type { Problem } from '#src/rules/problems.ts'
import { askForCode, type KnownAsk, loadAsk, PURPOSE } from './ask-code.ts'
import { type ByCodeDeps, CODE_PATH, HOME, PHARMACY_PATH } from './by-code-deps.ts'
import { beginClosing, setClosingCookie } from './closing-session.ts'
import { type Channel, type ChannelChoice, choicesFor, keylessOf, namedWithPlace, refusalFor } from './code-channels.ts'
import { SAID, type Said } from './said.ts'

/** Longer than a code is good for, so that whoever comes too late reads why. */
const COOKIE_SECONDS = 3600
const LONGEST_ECHO = 20

type StartView = { readonly asked: string; readonly ended: boolean; readonly problems: readonly Problem[] }
type ChooseView = {
  readonly pharmacy: string
  readonly action: string
  readonly choices: readonly ChannelChoice[]
  readonly chosen: string
  readonly problems: readonly Problem[]
}
type CodeView = {
  readonly sentTo: string
  readonly isCall: boolean
  readonly minutes: number
  readonly sentAgain: boolean
  readonly otherHref: string
  /** Where to read it, where nothing leaves this machine. */
  readonly readHref: string | null
  readonly problems: readonly Problem[]
}

const renderStart = template<StartView>('closures/by-code/start.njk')
const renderChoose = template<ChooseView>('closures/by-code/choose.njk')
const renderCode = template<CodeView>('closures/by-code/code.njk')
const renderSaid = template<(typeof SAID)[Said] & { href: string; buttonText: string }>('closures/by-code/said.njk')

/** Mounts them. No session of a person is read or made. */
export const codePages: FastifyPluginAsync<ByCodeDeps> = async (pages, deps) => {
  await pages.register(rateLimit, { global: false, keyGenerator: (request: FastifyRequest) => networkOf(request.ip) })
  const { guessesPerMinute: max } = deps
  const guessing = { onRequest: max > 0 ? [pages.rateLimit({ max, timeWindow: '1 minute' })] : [] }
  pages.setErrorHandler((error, _request, reply) => {
    if ((error as { readonly statusCode?: number }).statusCode !== 429) throw error
    return say(reply, 'tooFast', CODE_PATH)
  })

  pages.get('/close/:odsCode', (request, reply) => {
    const odsCode = parsePharmacyCode((request.params as { odsCode: string }).odsCode)
    return reply.redirect(odsCode ? `${HOME}/${odsCode}` : HOME)
  })
  pages.get(HOME, (request, reply) => {
    const ended = lineIn(fieldsOf(request.query), 'ended') === 'yes'
    return renderStart(reply, { asked: '', ended, problems: [] })
  })
  pages.post(HOME, async (request, reply) => {
    const asked = lineIn(fieldsOf(request.body), 'ods-code').slice(0, LONGEST_ECHO)
    const odsCode = parsePharmacyCode(asked)
    const known = odsCode && (await loadProfile(deps.db.pool, odsCode))?.profile
    if (odsCode && refusalFor(odsCode, known || undefined) !== 'unknown') {
      return reply.redirect(`${HOME}/${odsCode}`, 303)
    }
    const problems = [odsCodeProblem(asked, odsCode)]
    return renderStart(reply.code(422), { asked, ended: false, problems })
  })

  pages.get(CODE_PATH, async (request, reply) => {
    const asked = await askedIn(request, deps)
    if (!asked) return say(reply, 'elsewhere', HOME)
    const sentAgain = lineIn(fieldsOf(request.query), 'again') === 'yes'
    return showCode(reply, deps, asked, { sentAgain, problems: [] })
  })
  pages.post(CODE_PATH, guessing, (request, reply) => enterCode(request, reply, deps))
  pages.post(`${HOME}/new-code`, async (request, reply) => {
    const asked = await askedIn(request, deps)
    const profile = asked && (await loadProfile(deps.db.pool, asked.odsCode))?.profile
    if (!asked || !profile) return say(reply, 'elsewhere', HOME)
    const refused = refusalFor(profile.odsCode, profile)
    return refused ? say(reply, refused, HOME) : sendCode(request, reply, deps, { profile, ...asked, again: true })
  })

  pages.get(`${HOME}/:odsCode`, async (request, reply) => {
    const found = await pharmacyIn(request, deps)
    if (typeof found === 'string') return say(reply, found, HOME)
    return showChoices(reply, deps, found, { chosen: '', problems: [] })
  })
  pages.post(`${HOME}/:odsCode`, async (request, reply) => {
    const found = await pharmacyIn(request, deps)
    if (typeof found === 'string') return say(reply, found, HOME)
    const channel = channelIn(fieldsOf(request.body), choicesFor(found, deps))
    if (!channel) return showChoices(reply.code(422), deps, found, { chosen: '', problems: [NO_CHANNEL] })
    return await sendCode(request, reply, deps, { profile: found, channel, again: false })
  })
}

/** Sends a code and leads to the page that asks for it. Only this browser's cookie has the id of the code. */
async function sendCode(
  request: FastifyRequest,
  reply: FastifyReply,
  deps: ByCodeDeps,
  { profile, channel, again }: { readonly profile: Profile; readonly channel: Channel; readonly again: boolean },
): Promise<FastifyReply> {
  const asked = await askForCode(deps, { profile, channel, address: request.ip })
  if (asked === 'limit') {
    request.log.warn({ pharmacy: profile.odsCode }, 'too many codes to close a pharmacy were asked for')
    return say(reply, 'tooMany', HOME)
  }
  if (asked === 'nothing-on-record') {
    return showChoices(reply.code(422), deps, profile, { chosen: channel, problems: [NOTHING_ON_RECORD] })
  }
  reply.setCookie(codeCookie(deps.baseUrl), asked.codeId, {
    ...cookieOptions(deps.baseUrl),
    sameSite: 'strict',
    maxAge: COOKIE_SECONDS,
  })
  return reply.redirect(again ? `${CODE_PATH}?again=yes` : CODE_PATH, 303)
}

async function enterCode(request: FastifyRequest, reply: FastifyReply, deps: ByCodeDeps): Promise<FastifyReply> {
  const asked = await askedIn(request, deps)
  if (!asked) return say(reply, 'elsewhere', HOME)
  const typed = lineIn(fieldsOf(request.body), 'code')
  const code = parseCode(typed)
  const show = (message: string) => {
    const problems = [{ field: 'code', code: 'invalid', message }]
    return showCode(reply.code(422), deps, asked, { sentAgain: false, problems })
  }
  if (!code) return show(typed === '' ? 'Enter the code' : 'Code must be 6 numbers')
  const { codeId, odsCode, channel } = asked
  const now = deps.clock.now()
  const { answer, token } = await deps.db.transact(async (tx) => {
    const answer = await takeCode(tx, { codeId, purpose: PURPOSE, code, now, pepper: deps.pepper })
    if (answer !== 'ok') return { answer, token: undefined }
    const token = await beginClosing(tx, { odsCode, channel, now })
    const actor = keylessName(keylessOf(channel), odsCode)
    const entry = {
      actor,
      action: 'enter-closure-code',
      target: `profile:${odsCode}`,
      detail: { channel },
      changes: [],
    }
    await appendToLedger(tx, now.toISOString(), [entry])
    return { answer, token }
  })
  if (answer === 'wrong' && asked.guessesLeft > 1) return show(wrongCode(asked.guessesLeft - 1))
  if (answer === 'wrong' || answer === 'too-many') {
    request.log.warn({ pharmacy: odsCode }, 'a code to close a pharmacy was guessed too often')
  }
  if (!token) return say(reply, SAID_OF[answer as keyof typeof SAID_OF], `${HOME}/${odsCode}`)
  setClosingCookie(reply, token, deps.baseUrl)
  return reply.redirect(PHARMACY_PATH, 303)
}

const SAID_OF = { wrong: 'guessed', 'too-many': 'guessed', expired: 'expired', used: 'used' } as const

/** The code that this browser asked for; undefined when it asked for none, or long ago. */
async function askedIn(
  request: FastifyRequest,
  { db, baseUrl }: ByCodeDeps,
): Promise<(KnownAsk & { readonly codeId: string; readonly guessesLeft: number }) | undefined> {
  const codeId = request.cookies[codeCookie(baseUrl)]
  if (!codeId || !/^[\w-]{22}$/.test(codeId)) return undefined
  const [code, ask] = await Promise.all([loadCode(db.pool, { codeId, purpose: PURPOSE }), loadAsk(db.pool, codeId)])
  return code && ask && { ...ask, codeId, guessesLeft: code.guessesLeft }
}

async function pharmacyIn(request: FastifyRequest, { db }: ByCodeDeps): Promise<Profile | Said> {
  const odsCode = parsePharmacyCode((request.params as { odsCode: string }).odsCode)
  if (!odsCode) return 'unknown'
  const profile = (await loadProfile(db.pool, odsCode))?.profile
  return refusalFor(odsCode, profile) ?? profile ?? 'unknown'
}

function channelIn(fields: Fields, choices: readonly ChannelChoice[]): Channel | undefined {
  return choices.find(({ channel }) => channel === lineIn(fields, 'channel'))?.channel
}

function showChoices(
  reply: FastifyReply,
  deps: ByCodeDeps,
  profile: Profile,
  shown: Pick<ChooseView, 'chosen' | 'problems'>,
): FastifyReply {
  const action = `${HOME}/${profile.odsCode}`
  return renderChoose(reply, {
    pharmacy: namedWithPlace(profile),
    action,
    choices: choicesFor(profile, deps),
    ...shown,
  })
}

function showCode(
  reply: FastifyReply,
  { mailboxHref, phoneHref }: ByCodeDeps,
  { channel, sentTo, odsCode }: KnownAsk,
  shown: Pick<CodeView, 'sentAgain' | 'problems'>,
): FastifyReply {
  return renderCode(reply, {
    sentTo,
    isCall: channel.startsWith('call'),
    minutes: CODE_MINUTES,
    otherHref: `${HOME}/${odsCode}`,
    readHref: channel === 'mailbox' ? mailboxHref : phoneHref,
    ...shown,
  })
}

const say = (reply: FastifyReply, said: Said, href: string): FastifyReply =>
  renderSaid(reply.code(SAID[said].status), { ...SAID[said], href, buttonText: BUTTONS[href] ?? 'Ask for a new code' })

const BUTTONS: Readonly<Record<string, string>> = { [HOME]: 'Start again', [CODE_PATH]: 'Go back to the code' }

function odsCodeProblem(asked: string, odsCode: string | undefined): Problem {
  if (asked === '') return { field: 'ods-code', code: 'missing', message: 'Enter an ODS code' }
  return odsCode
    ? { field: 'ods-code', code: 'unknown', message: `No pharmacy in this directory has the ODS code ${odsCode}` }
    : { field: 'ods-code', code: 'invalid', message: 'ODS code must be 5 letters and numbers, like FA002' }
}

const NO_CHANNEL: Problem = { field: 'channel', code: 'missing', message: 'Select where we should send the code' }
const NOTHING_ON_RECORD: Problem = {
  field: 'channel',
  code: 'nothing-on-record',
  message: 'We have none on record for this pharmacy. Select another way',
}
const wrongCode = (left: number): string =>
  `This is not the code we sent. Check it and try again: you have ${left} ${left === 1 ? 'try' : 'tries'} left`
const codeCookie = (baseUrl: string): string => cookieName('signpost-closure-code', baseUrl)
