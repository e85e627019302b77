/** `/manage/:odsCode/quality`: the score of a pharmacy now, what lowers it, and what to do next. View: pharmacy-quality.njk */
import type { FastifyInstance } from 'fastify'
import type { PharmacyAction } from '#src/accounts/can.ts'
import { template } from '#src/platform/views.ts'
import { visit } from '#src/profiles/visit.ts'
import { formatDateShort } from '#src/rules/clock-time.ts'
import { POINTS, type QualityRule, type RuleFound, type Severity } from '#src/rules/quality-rules.ts'
import { nextBestFix, scoreWord } from '#src/rules/quality-score.ts'
import { loadPharmacyQuality } from '../scores.ts'
import type { QualityDeps } from './quality-visit.ts'
import { severityTag, type Tag } from './quality-words.ts'

type Broken = {
  readonly name: string
  readonly why: string
  readonly fix: string
  readonly points: number
  readonly tag: Tag
  readonly details: readonly string[]
  /** Whether the pharmacy puts it right; otherwise the directory team does. */
  readonly isPharmacys: boolean
  /** Where it is put right; null for those who may not. */
  readonly address: string | null
}
type View = {
  readonly title: string
  readonly odsCode: string
  readonly pharmacy: string
  readonly score: number
  readonly word: string
  readonly points: Readonly<Record<Severity, number>>
  readonly next: Broken | null
  readonly others: readonly Broken[]
  readonly accepted: readonly { readonly detail: string; readonly until: string; readonly reason: string }[]
}

/** What somebody must be allowed to do on a page where something is put right. */
const PERMISSIONS: Readonly<Record<string, PharmacyAction>> = {
  'address-and-name': 'request-place-change',
  'bank-holidays': 'edit-holidays',
  'contact-details': 'edit-contact',
  'opening-times': 'edit-hours',
  'urgent-care-services': 'edit-services',
}
const permissionFor = (page: string): PharmacyAction => PERMISSIONS[page] ?? 'confirm-section'

const render = template<View>('data-quality/pages/pharmacy-quality.njk')

/** Mounts the page. */
export function pharmacyQualityPage(app: FastifyInstance, deps: QualityDeps): void {
  app.get('/manage/:odsCode/quality', async (request, reply) => {
    const seen = await visit(deps, request, 'view-profile')
    const { score, found, accepted } = await loadPharmacyQuality(deps.db.pool, seen.odsCode, seen)
    const brokenOf = (rule: QualityRule & { readonly points: number }): Broken => ({
      ...{ name: rule.name, why: rule.why, fix: rule.fix, points: rule.points, tag: severityTag(rule) },
      details: detailsOf(found, rule.key),
      isPharmacys: rule.by === 'pharmacy',
      address: rule.page !== null && seen.may(permissionFor(rule.page)) ? `/manage/${seen.odsCode}/${rule.page}` : null,
    })
    const next = nextBestFix(score, 'pharmacy')
    return render(reply, {
      title: 'Quality of the record',
      odsCode: seen.odsCode,
      pharmacy: seen.stored.profile.name,
      score: score.score,
      word: scoreWord(score.score),
      points: POINTS,
      next: next ? brokenOf(next) : null,
      others: score.broken.filter(({ key }) => key !== next?.key).map(brokenOf),
      accepted: accepted.map(({ detail, endsOn, reason }) => ({ detail, reason, until: formatDateShort(endsOn) })),
    })
  })
}

/** A service is named beside what is wrong with it. */
const detailsOf = (found: readonly RuleFound[], key: string): readonly string[] =>
  found
    .filter(({ rule }) => rule === key)
    .map(({ uid, detail }) => (uid === null ? detail : `Service ${uid}: ${detail}`))
