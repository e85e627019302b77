/** What the page of a call shows: how far it has come, what can be done next, and who was told. */
import { randomUUID } from 'node:crypto'
import { type Actor, auditNameOf } from '#src/accounts/actor.ts'
import { loadClosure, loadOpenClosures, type StoredClosure } from '#src/closures/closure-records.ts'
import type { ToldParty } from '#src/emails/on-call-acted.ts'
import { loadProfile } from '#src/profiles/load-profiles.ts'
import { formatMomentIn, loadNames } from '#src/profiles/names-and-moments.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { FACT_QUESTIONS, type FactKind } from '#src/rules/challenge-facts.ts'
import { closureStateAt } from '#src/rules/closure-states.ts'
import { sharedMailboxOf } from '#src/rules/shared-mailbox.ts'
import { loadActs, type StoredAct } from '../act-for.ts'
import { actWords, readBack } from '../act-words.ts'
import type { StoredCall } from '../call-store.ts'
import { OUTCOME_WORDS, standingOf } from '../call-words.ts'
import { factsToAsk, loadChallengeLeft } from '../challenge.ts'
import { type DeskDeps, handsOver, takesCalls, toolAddress } from '../desk-deps.ts'
import { telOf } from '../desk-words.ts'
import { isAcknowledged, loadNotices, type Notice, PARTIES } from '../notices.ts'

export type Step = 'ended' | 'coach' | 'challenge' | 'locked' | 'begin' | 'act'

export type CallView = {
  readonly title: string
  readonly pharmacy: string
  readonly odsCode: string
  readonly address: string
  readonly call: StoredCall
  readonly standing: string
  readonly openedLine: string
  readonly tel: string
  readonly tool: string
  readonly step: Step
  readonly mayTake: boolean
  readonly mayReview: boolean
  readonly hasMailbox: boolean
  readonly questions: readonly { readonly kind: FactKind; readonly label: string; readonly hint: string }[] | null
  readonly guessesLeft: number
  readonly open: readonly { readonly id: string; readonly words: string; readonly isPlanned: boolean }[]
  readonly readBack: readonly string[]
  readonly acts: readonly ActView[]
  readonly review: { readonly due: string; readonly isDue: boolean; readonly takenBy: string | null } | null
  readonly outcome: string | null
  /** A new closure's id, so that a second press is the same closure. */
  readonly newClosure: string
}

type ActView = {
  readonly words: string
  readonly by: string
  readonly parties: readonly {
    readonly title: string
    readonly isAcknowledged: boolean
    readonly isTold: boolean
    readonly lines: readonly string[]
  }[]
}

/** Gathers it. */
export async function callView(deps: DeskDeps, actor: Actor, call: StoredCall): Promise<CallView> {
  const { db, clock, baseUrl, sharedMailboxDomains } = deps
  const now = clock.now()
  const profile = (await loadProfile(db.pool, call.odsCode))?.profile as Profile
  const acts = await loadActs(db.pool, call.id)
  const closures = new Map<string, StoredClosure>()
  for (const { closureId } of acts) {
    const closure = await loadClosure(db.pool, closureId)
    if (closure) closures.set(closureId, closure)
  }
  const notices = await loadNotices(db.pool, call.id)
  const people = [
    call.openedBy,
    call.reviewTakenBy,
    ...acts.map(({ actor: by }) => by),
    ...notices.map((each) => each.acknowledgedBy),
  ]
  const nameOf = await loadNames(db.pool, people)
  const { guessesLeft } = await loadChallengeLeft(db.pool, call, now)
  const mayTake = takesCalls(actor)
  const step = stepOf(call, auditNameOf(actor), guessesLeft)
  const facts = step === 'challenge' && mayTake ? await factsToAsk(deps, call.id) : null
  const open = (await loadOpenClosures(db.pool, call.odsCode)).filter((closure) =>
    ['closed', 'planned'].includes(closureStateAt(closure, now.getTime())),
  )
  const last = acts.at(-1)
  const lastClosure = last && closures.get(last.closureId)
  return {
    title: `Call ${call.id}`,
    pharmacy: profile.name,
    odsCode: call.odsCode,
    address: [...profile.address.lines, profile.address.postcode].join(', '),
    call,
    standing: standingOf(call),
    openedLine: `${formatMomentIn(call.openedAt)}, ${nameOf(call.openedBy)}`,
    tel: telOf(call.callback ?? ''),
    tool: toolAddress(baseUrl).replace(/^https?:\/\//, ''),
    step,
    mayTake,
    mayReview: handsOver(actor),
    hasMailbox: sharedMailboxOf(profile, sharedMailboxDomains) !== null,
    questions: facts?.map((kind) => ({ kind, ...FACT_QUESTIONS[kind] })) ?? null,
    guessesLeft,
    open: open.map((closure) => ({
      id: closure.id,
      words: actWords('close', closure),
      isPlanned: closureStateAt(closure, now.getTime()) === 'planned',
    })),
    readBack: last && lastClosure ? readBack(last.what, profile.name, lastClosure, partiesTold(notices, last.id)) : [],
    acts: acts.flatMap((act) => actView(act, closures.get(act.closureId), notices, nameOf)),
    review: reviewOf(call, now, nameOf),
    outcome: call.outcome && OUTCOME_WORDS[call.outcome],
    newClosure: randomUUID(),
  }
}

function stepOf(call: StoredCall, me: string, guessesLeft: number): Step {
  if (call.endedAt) return 'ended'
  if (call.actingBy === me) return 'act'
  if (call.provedAt) return 'begin'
  if (call.triedTool === null) return 'coach'
  return guessesLeft > 0 ? 'challenge' : 'locked'
}

const PARTY_TITLES: Readonly<Record<ToldParty, string>> = {
  owner: 'Owners',
  'local-team': 'Local team',
  'service-desk': 'Service desk',
}
const SPOKEN_PARTIES: Readonly<Record<ToldParty, string>> = {
  owner: 'your owner',
  'local-team': 'the local team',
  'service-desk': 'the service desk',
}
const partiesTold = (notices: readonly Notice[], actId: number): readonly string[] =>
  PARTIES.filter((party) => notices.some((notice) => notice.actId === actId && notice.party === party)).map(
    (party) => SPOKEN_PARTIES[party],
  )
const NOBODY: Readonly<Record<ToldParty, string>> = {
  owner: 'Nobody owns this profile yet: nobody was told',
  'local-team': 'Nobody leads this area here: tell its team by telephone',
  'service-desk': 'Nobody has the role of the service desk: tell it by telephone',
}

function actView(
  act: StoredAct,
  closure: StoredClosure | undefined,
  notices: readonly Notice[],
  nameOf: (actor: string) => string,
): readonly ActView[] {
  if (!closure) return []
  const own = notices.filter(({ actId }) => actId === act.id)
  const line = (notice: Notice): string => {
    if (notice.acknowledgedAt) {
      return `${notice.recipient}: acknowledged ${formatMomentIn(notice.acknowledgedAt)}${
        notice.acknowledgedBy === `person:${notice.recipient}` ? '' : ` by ${nameOf(notice.acknowledgedBy ?? '')}`
      }`
    }
    const told = `${notice.recipient}: told ${formatMomentIn(notice.toldAt)}`
    return notice.remindedAt ? `${told}, reminded ${formatMomentIn(notice.remindedAt)}` : told
  }
  const parties = PARTIES.map((party) => {
    const lines = own.filter((notice) => notice.party === party).map(line)
    return {
      title: PARTY_TITLES[party],
      isAcknowledged: isAcknowledged(own, party),
      isTold: lines.length > 0,
      lines: lines.length > 0 ? lines : [NOBODY[party]],
    }
  })
  return [{ words: actWords(act.what, closure), by: `${nameOf(act.actor)}, ${formatMomentIn(act.begunAt)}`, parties }]
}

function reviewOf(call: StoredCall, now: Date, nameOf: (actor: string) => string): CallView['review'] {
  if (!call.reviewAt) return null
  return {
    due: formatMomentIn(call.reviewAt),
    isDue: Date.parse(call.reviewAt) <= now.getTime(),
    takenBy: call.reviewTakenBy && nameOf(call.reviewTakenBy),
  }
}
