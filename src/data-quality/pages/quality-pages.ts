/** Every page about quality: under `/workspace/quality`, and the one of a pharmacy. */
import type { FastifyInstance } from 'fastify'
import { driftPage } from './drift.ts'
import { findingPages } from './finding.ts'
import { leaguePage } from './league.ts'
import { ownerPages } from './owner.ts'
import { pharmacyQualityPage } from './pharmacy-quality.ts'
import { qualityPage } from './quality.ts'
import type { QualityDeps } from './quality-visit.ts'
import { rulePage } from './rule.ts'

/** Mounts the pages, in a scope that only signed-in people reach. */
export function qualityPages(app: FastifyInstance, deps: QualityDeps): void {
  qualityPage(app, deps)
  driftPage(app, deps)
  leaguePage(app, deps)
  findingPages(app, deps)
  rulePage(app, deps)
  ownerPages(app, deps)
  pharmacyQualityPage(app, deps)
}
