/** What the page of a closure says of its notices: to the ICB, at the door, to neighbours and surgeries. */
import type { Queryable } from '#src/platform/db/db.ts'
import { isRemoteOnly } from '#src/profiles/kind-words.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { closureStateAt } from '#src/rules/closure-states.ts'
import { londonDateOf } from '#src/rules/london-time.ts'
import { phoneAsked } from '#src/rules/notice-policy.ts'
import { missingFields } from '#src/rules/suspension-notice.ts'
import type { StoredClosure } from '../closure-records.ts'
import { loadDeliveries, overallDelivery } from './notice-delivery.ts'
import { loadNotices, loadPolicy } from './notice-records.ts'
import { deliveryWords, type Tag } from './notice-view.ts'
import { countTold } from './tell-nearby.ts'

export type NoticeRow = {
  readonly key: string
  readonly tag: Tag | null
  readonly lines: readonly string[]
  readonly href: string
  readonly action: string
}

type Given = { readonly closure: StoredClosure; readonly profile: Profile; readonly now: Date }

/** The rows, as they stand now. Neighbours are left out for those who may not see who is told. */
export async function loadNoticeRows(
  db: Queryable,
  given: Given & { readonly maySeePeople: boolean },
): Promise<readonly NoticeRow[]> {
  const { closure, now } = given
  const state = closureStateAt(closure, now.getTime())
  const address = `/manage/${closure.odsCode}/closures/${closure.id}`
  const door: NoticeRow = {
    key: 'Notice for your door',
    tag: null,
    lines: ['Ready to print, with pharmacies nearby that are open'],
    href: `${address}/door-notice`,
    action: 'See and print it',
  }
  return [
    ...(await icbRow(db, given, address)),
    ...((state === 'planned' || state === 'closed') && !isRemoteOnly(given.profile.kind) ? [door] : []),
    ...(given.maySeePeople ? [await neighboursRow(db, closure)] : []),
  ]
}

async function icbRow(db: Queryable, { closure, profile, now }: Given, address: string): Promise<readonly NoticeRow[]> {
  const latest = (await loadNotices(db, closure.id)).at(-1)
  if (!latest) return []
  const policy = await loadPolicy(db, profile.commissioning.icbCode)
  const deliveries = await loadDeliveries(db, closure.id)
  const isOver = closure.end !== null
  const { tag, sentence, toDo } = deliveryWords(overallDelivery(latest.version, deliveries), policy, {
    today: londonDateOf(now),
    isOver,
  })
  const phone = policy && phoneAsked(policy, closure, now.getTime())
  const missing = missingFields(latest.words)
  return [
    {
      key: 'Notice to your ICB',
      tag,
      lines: [
        sentence,
        ...(toDo === null ? [] : [toDo]),
        ...(phone === undefined ? [] : [`${phone}.`]),
        ...(missing.length > 0 ? [`Still missing: ${missing.join(', ')}.`] : []),
      ],
      href: `${address}/notice`,
      action: 'See and change it',
    },
  ]
}

async function neighboursRow(db: Queryable, { id, odsCode }: StoredClosure): Promise<NoticeRow> {
  const { told, ended, isWaiting } = await countTold(db, id)
  return {
    key: 'Neighbours and GP surgeries',
    tag: null,
    lines: [
      ...(isWaiting ? ['Being told now'] : []),
      ...(told > 0 ? [`${told} told that you close`] : []),
      ...(told === 0 && !isWaiting ? ['Nobody was told: nobody asked for it'] : []),
      ...(ended > 0 ? [`${ended} told that it is over`] : []),
    ],
    href: `/manage/${odsCode}/closures/who-is-told`,
    action: 'Who is told',
  }
}
