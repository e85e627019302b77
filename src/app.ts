/** The table of contents of the product: every feature is mounted here, by hand, in the order a reader would expect. */
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify'
import { loadAccessNews } from './access/access-news.ts'
import { accessPages, openAccessPages } from './access/access-pages.ts'
import { mailboxLinkKey } from './access/mailbox-link.ts'
import { accountPages } from './accounts/account.ts'
import { type Actor, actorOf } from './accounts/actor.ts'
import { moreNavigationFor, NAVIGATION } from './accounts/navigation.ts'
import { readSessions, signedInPages } from './accounts/session-cookie.ts'
import { signInPages } from './accounts/sign-in.ts'
import { isKeepableForm, keepUnsentForm, unsentFormPages } from './accounts/unsent-form.ts'
import { capacityStatusApi } from './apis/capacity-status/capacity-status.ts'
import { fuzzySearchApi } from './apis/fuzzy-search/fuzzy-search.ts'
import { openDataApi } from './apis/open-data/open-data.ts'
import { urgentCareRest } from './apis/urgent-care-rest/urgent-care-rest.ts'
import { urgentCareSoap } from './apis/urgent-care-soap/urgent-care-soap.ts'
import { asToldPage } from './as-told/pages/as-told.ts'
import { loadCapacityCard } from './capacity/capacity-card.ts'
import { countRed } from './capacity/pages/board-rows.ts'
import { capacityPages } from './capacity/pages/capacity-pages.ts'
import { closeWithoutSignIn } from './closures/by-code/close-without-sign-in.ts'
import { closureEmailsPages } from './closures/notices/closure-emails.ts'
import { closureNoticePages } from './closures/notices/mount-notices.ts'
import { closurePages } from './closures/pages/closure-pages.ts'
import { truthGauges } from './closures/time-to-truth.ts'
import { watchTruth } from './closures/watch-truth.ts'
import { whatMemoryShows } from './closures/what-memory-shows.ts'
import type { Config } from './config.ts'
import { contactsPages } from './contacts-register/pages/contacts-pages.ts'
import { loadQualityLine } from './data-quality/hub-line.ts'
import { qualityPages } from './data-quality/pages/quality-pages.ts'
import { workspacePages } from './directory-workspace/pages/workspace-pages.ts'
import { queueEmail } from './emails/email-jobs.ts'
import { showActing } from './emergency-desk/acting-banner.ts'
import { deskPages } from './emergency-desk/pages/desk-pages.ts'
import { fieldPages } from './field-queries/pages/field-pages.ts'
import { loadPharmacyNews } from './field-queries/pharmacy-news.ts'
import { publicPages } from './find-a-pharmacy/public-pages.ts'
import { FOOTER_LINKS, footerPages } from './footer-pages/footer-pages.ts'
import { branchesPages } from './head-office/pages/branches.ts'
import { mailIntake } from './help-desk/mail-intake.ts'
import { deskTicketPages } from './help-desk/pages/desk-pages.ts'
import { helpPages } from './help-desk/pages/help-pages.ts'
import { type Memory, memoryGauges, notReady } from './memory.ts'
import { onboardingPages } from './onboarding/pages/both-sides.ts'
import { sharePages } from './patient-shares/pages/share-pages.ts'
import { publicSheetPage } from './patient-shares/pages/sheet.ts'
import type { Clock } from './platform/clock.ts'
import type { Db } from './platform/db/db.ts'
import { assetAddresses, assetRoutes, loadAssets } from './platform/http/assets.ts'
import { operationsRoutes } from './platform/http/operations.ts'
import { pageScope } from './platform/http/page-scope.ts'
import { createRequestMetrics } from './platform/http/request-metrics.ts'
import { createServer } from './platform/http/server.ts'
import type { IdentityProvider } from './platform/identity/open-id.ts'
import { jobGauges } from './platform/jobs/job-gauges.ts'
import type { Log } from './platform/log.ts'
import { managePages } from './profiles/pages/manage-pages.ts'
import { placeChangeDecisionPages } from './profiles/pages/place-change-decisions.ts'
import { placeChangePages } from './profiles/pages/place-changes.ts'
import type { Profile } from './profiles/profile.ts'
import { clinicalPages } from './record-editor/clinical/clinical-pages.ts'
import { localPages } from './record-editor/local/local-pages.ts'
import { recordEditorPages } from './record-editor/pages/editor-pages.ts'
import { placesOfDirectory } from './reference-data/places-of-directory.ts'
import { gapsPages } from './reports/pages/gaps.ts'
import { reportPages } from './reports/pages/report-pages.ts'
import type { LocalDate } from './rules/london-time.ts'
import { positionOf } from './rules/map-point.ts'
import { sharedMailboxOf } from './rules/shared-mailbox.ts'
import { finderPages } from './service-finder/pages/finder-pages.ts'
import { referralProblemsPage } from './service-finder/pages/referral-problems.ts'
import { statusOf, truthLines } from './status.ts'
import { createGapCounter, gapGauges } from './urgent-care/gaps.ts'
import { searchTesterPage } from './urgent-care/pages/search-tester.ts'
import { searchesPage } from './urgent-care/pages/searches.ts'
import type { RoadProvider } from './urgent-care/road-distances.ts'
import { createSearchAudit, searchAuditGauges } from './urgent-care/search-audit.ts'
import { receiptIssuerFor } from './verification/issue-receipts.ts'
import { checkEverythingPage } from './verification/pages/check-everything.ts'
import { confirmPages } from './verification/pages/confirm.ts'
import { evidencePages } from './verification/pages/evidence.ts'
import { receiptPages } from './verification/pages/receipts.ts'
import { receiptKeysRoute, verifyPages } from './verification/pages/verify.ts'
import { signingKey } from './verification/receipt-key.ts'
import { wrongReportPages } from './wrong-reports/pages/report-pages.ts'
import { tellUsPage } from './wrong-reports/pages/tell-us.ts'
import { loadWrongNews } from './wrong-reports/pharmacy-news.ts'

/** What the product is built from; `main.ts` makes it once, tests make their own. */
export type AppParts = {
  readonly config: Config
  readonly log: Log
  readonly clock: Clock
  readonly db: Db
  readonly memory: Memory
  /** Where people sign in. */
  readonly identity: IdentityProvider
  /** Who knows how far things are by road. */
  readonly roads: RoadProvider
  /** Shown above every page; null for none. */
  readonly notice: string | null
  /** Where emails are read that do not leave this machine; by default they leave it. */
  readonly mailboxHref?: string | null
  /** Whether texts and calls can be made, and where they are read that reach nobody; by default they cannot. */
  readonly phone?: { readonly href: string | null } | null
  /** Pages that this installation has and others do not. */
  readonly mountMore?: (pages: FastifyInstance) => void
}

/** The whole product as one server that listens nowhere yet. */
export async function createApp(parts: AppParts): Promise<FastifyInstance> {
  const { config, log, clock, db, identity, memory } = parts
  const assets = loadAssets()
  const requests = createRequestMetrics()
  const https = config.baseUrl.startsWith('https://')
  const app = createServer({
    log,
    trustedProxies: config.trustedProxies,
    requests,
    shell: {
      security: {
        formOrigins: [new URL(identity.issuer).origin, ...config.nhsmailOrigins],
        imageOrigins: config.mapTiles?.origin ? [config.mapTiles.origin] : [],
        https,
      },
      mapTiles: config.mapTiles,
      navigation: NAVIGATION,
      footer: FOOTER_LINKS,
      notice: parts.notice,
      assets: assetAddresses(assets),
    },
  })
  const issueReceipts = receiptIssuerFor(config, () => memory.holidays)
  const searchAudit = createSearchAudit(db, { log })
  const gapCounter = createGapCounter(db, { gaps: memory.triage.gaps, log })
  app.addHook('onClose', async () => {
    await Promise.all([searchAudit.stop(), gapCounter.stop()])
  })
  const truth = watchTruth({ db, clock, log, ledger: memory.ledger, shows: whatMemoryShows(memory) })
  app.addHook('onClose', () => truth.stop())
  assetRoutes(app, assets)
  operationsRoutes(app, {
    requests,
    notReady: () => notReady(memory),
    gauges: async () => [
      ...memoryGauges(memory),
      ...parts.roads.gauges(),
      ...searchAuditGauges(searchAudit),
      ...gapGauges(gapCounter),
      ...(await jobGauges(db)),
      ...(await truthGauges(db.pool, clock.now())),
    ],
  })

  const receipts = { db, key: signingKey(config).jwk }
  receiptKeysRoute(app, receipts)

  openDataApi(app, {
    db,
    services: memory.services,
    profiles: memory.profiles,
    gazetteer: memory.gazetteer,
    holidays: memory.holidays,
    clock,
    baseUrl: config.baseUrl,
    requestsPerMinute: config.rateLimits.openDataPerMinute,
  })

  urgentCareRest(app, {
    db,
    accounts: memory.apiAccounts,
    index: memory.triage,
    reference: memory.reference,
    gazetteer: memory.gazetteer,
    audit: searchAudit,
    clock,
    settings: config.rest,
  })

  urgentCareSoap(app, {
    triage: memory.triage,
    reference: memory.reference,
    gazetteer: memory.gazetteer,
    roads: parts.roads,
    accounts: memory.apiAccounts,
    audit: searchAudit,
    gaps: gapCounter,
    clock,
    baseUrl: config.baseUrl,
    settings: config.triage,
    soap: config.soap,
  })

  fuzzySearchApi(app, {
    accounts: memory.apiAccounts,
    names: memory.names,
    services: memory.triage,
    reference: memory.reference,
    gazetteer: memory.gazetteer,
    audit: searchAudit,
    clock,
    pepper: config.secretsPepper,
    tooManyStatus: config.fuzzy.tooManyStatus,
  })

  capacityStatusApi(app, {
    db,
    clock,
    accounts: memory.apiAccounts,
    follower: memory.ledger,
    baseUrl: config.baseUrl,
    requestsPerSecond: config.rateLimits.capacityPerSecond,
  })

  const helpDesk = {
    ...config.helpDesk,
    db,
    clock,
    holidays: () => memory.holidays,
    pepper: config.secretsPepper,
    keptDays: config.helpDesk.requesterDays,
    linkKeyOf: (subject: string) => mailboxLinkKey(subject, config.secretsPepper),
  }
  mailIntake(app, { ...helpDesk, mailFrom: config.mailFrom })

  const places = placesOfDirectory({ ...memory, clock })

  // Pages: cookies, forms and sessions live in this scope only.
  const pages: FastifyPluginAsync = async (pages) => {
    await pageScope(pages, { sessionSecret: config.sessionSecret, https })
    readSessions(pages, { db, clock, baseUrl: config.baseUrl })
    pages.addHook('onRequest', (request, _reply, done) => {
      request.moreNavigation = moreNavigationFor(actorOf(request))
      done()
    })
    showActing(pages, { db })
    publicPages(pages, {
      services: memory.services,
      profiles: memory.profiles,
      places,
      holidays: memory.holidays,
      clock,
      baseUrl: config.baseUrl,
    })
    publicSheetPage(pages, { ...memory, clock, baseUrl: config.baseUrl })
    signInPages(pages, {
      db,
      clock,
      identity,
      baseUrl: config.baseUrl,
      sessionSecret: config.sessionSecret,
      secretsPepper: config.secretsPepper,
      nhsmailDomains: config.nhsmailDomains,
      limits: config.signInLimits,
      mailboxHref: parts.mailboxHref ?? null,
    })
    const access = {
      db,
      clock,
      baseUrl: config.baseUrl,
      holidays: () => memory.holidays,
      pepper: config.secretsPepper,
      sharedMailboxDomains: config.sharedMailboxDomains,
      mailboxHref: parts.mailboxHref ?? null,
    }
    openAccessPages(pages, access)
    closureEmailsPages(pages, { db, clock, linkKeyOf: (keyId) => mailboxLinkKey(keyId, config.secretsPepper) })
    closeWithoutSignIn(pages, {
      ...access,
      follower: memory.ledger,
      services: memory.services,
      profiles: memory.profiles,
      issueReceipts,
      hasPhone: !!parts.phone,
      phoneHref: parts.phone?.href ?? null,
      limits: config.closureCodeLimits,
      guessesPerMinute: config.signInLimits.signInsPerMinute,
    })
    helpPages(pages, helpDesk)
    const wrongReports = {
      ...{ db, clock, holidays: () => memory.holidays, pepper: config.secretsPepper },
      sharedMailboxOf: (profile: Profile) => sharedMailboxOf(profile, config.sharedMailboxDomains),
    }
    tellUsPage(pages, { ...wrongReports, profiles: memory.profiles })
    const sessions = { db, clock, baseUrl: config.baseUrl }
    const unsent = {
      isKeepable: isKeepableForm,
      keep: (request: FastifyRequest, page: string) => keepUnsentForm(request, sessions, page),
    }
    signedInPages(pages, { baseUrl: config.baseUrl, unsent }, (signedIn) => {
      const { finderLooksPerHour: looksPerHour } = config.rateLimits
      finderPages(signedIn, { ...memory, db, clock, places, roads: parts.roads, looksPerHour })
      sharePages(signedIn, {
        ...access,
        triage: memory.triage,
        profiles: memory.profiles,
        limits: config.shareLimits,
        hasPhone: !!parts.phone,
        phoneHref: parts.phone?.href ?? null,
      })
      const manage = {
        db,
        clock,
        baseUrl: config.baseUrl,
        holidays: () => memory.holidays,
        follower: memory.ledger,
        issueReceipts,
        queueEmail,
        loadAccessNews: (actor: Actor) => loadAccessNews(db.pool, actor, clock.now()),
        loadCapacityCard: (odsCode: string, now: Date) => loadCapacityCard(db.pool, odsCode, now),
        loadPharmacyNews: async (odsCode: string, now: Date) => [
          ...(await loadWrongNews(db.pool, odsCode)),
          ...(await loadPharmacyNews(db.pool, odsCode, now)),
        ],
        loadQualityLine: (odsCode: string, today: LocalDate) =>
          loadQualityLine(db.pool, odsCode, { today, holidays: memory.holidays }),
      }
      accountPages(signedIn, { db, clock, identity, baseUrl: config.baseUrl })
      unsentFormPages(signedIn, sessions)
      managePages(signedIn, manage)
      closurePages(signedIn, manage)
      closureNoticePages(signedIn, { ...manage, services: memory.services, profiles: memory.profiles })
      capacityPages(signedIn, manage)
      accessPages(signedIn, access)
      workspacePages(signedIn, { ...access, countRed: (asked) => countRed(db.pool, asked) })
      qualityPages(signedIn, manage)
      referralProblemsPage(signedIn, { ...manage, triage: memory.triage })
      contactsPages(signedIn, { db, clock, gazetteer: memory.gazetteer, profiles: memory.profiles })
      deskTicketPages(signedIn, helpDesk)
      deskPages(signedIn, {
        ...manage,
        pepper: config.secretsPepper,
        sharedMailboxDomains: config.sharedMailboxDomains,
        numbers: config.deskNumbers,
      })
      const place = {
        ...manage,
        centreOf: (postcode: string) => positionOf(memory.gazetteer.find(postcode)),
        sharedMailboxOf: (profile: Profile) => sharedMailboxOf(profile, config.sharedMailboxDomains),
      }
      placeChangePages(signedIn, place)
      fieldPages(signedIn, place)
      wrongReportPages(signedIn, wrongReports)
      placeChangeDecisionPages(signedIn, place)
      onboardingPages(signedIn, place)
      confirmPages(signedIn, manage)
      checkEverythingPage(signedIn, manage)
      receiptPages(signedIn, manage)
      evidencePages(signedIn, manage)
      branchesPages(signedIn, manage)
      const records = { ...manage, gazetteer: memory.gazetteer, reference: memory.reference }
      recordEditorPages(signedIn, records)
      clinicalPages(signedIn, { ...records, triage: memory.triage, settings: config.triage })
      localPages(signedIn, records)
      reportPages(signedIn, { db, clock, baseUrl: config.baseUrl })
      gapsPages(signedIn, { db, clock, baseUrl: config.baseUrl, reference: memory.reference })
      searchesPage(signedIn, {
        db,
        triage: memory.triage,
        reference: memory.reference,
        keptDays: config.searchAuditDays,
      })
      asToldPage(signedIn, { ...manage, settings: config })
      searchTesterPage(signedIn, {
        triage: memory.triage,
        reference: memory.reference,
        gazetteer: memory.gazetteer,
        roads: parts.roads,
        clock,
        settings: config.triage,
      })
    })
    await verifyPages(pages, { ...receipts, requestsPerMinute: config.rateLimits.openDataPerMinute })
    footerPages(pages, { clock, status: () => statusOf(memory, db), truth: () => truthLines(db, clock.now()) })
    parts.mountMore?.(pages)
  }
  await app.register(pages)
  return app
}

/** A process that only works through the outbox: no pages, but as easy to watch as the others. */
export function createWorkerApp({ config, log, db }: Pick<AppParts, 'config' | 'log' | 'db'>): FastifyInstance {
  const requests = createRequestMetrics()
  const app = createServer({
    log,
    trustedProxies: config.trustedProxies,
    requests,
    shell: {
      security: { formOrigins: [], imageOrigins: [], https: config.baseUrl.startsWith('https://') },
      navigation: [],
      footer: [],
      notice: null,
      assets: assetAddresses(loadAssets()),
    },
  })
  operationsRoutes(app, { requests, notReady: () => [], gauges: () => jobGauges(db) })
  return app
}
