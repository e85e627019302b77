/** Profile Manager: every page under `/manage`. */
import type { FastifyInstance } from 'fastify'
import type { RequestDeps } from '#src/profiles/save-request.ts'
import { bankHolidaysPages } from './bank-holidays.ts'
import { closuresAndChangesPages } from './closures-and-changes.ts'
import { contactDetailsPages } from './contact-details.ts'
import { facilitiesPages } from './facilities.ts'
import { type FindDeps, findYourPharmacyPage } from './find-your-pharmacy.ts'
import { historyPages } from './history.ts'
import { type HubDeps, hubPage } from './hub.ts'
import { oneServicePages } from './one-service.ts'
import { openingTimesPages } from './opening-times.ts'
import { requestPages } from './requests.ts'
import { restorePages } from './restore.ts'
import { servicesPages } from './services.ts'
import { standingPage } from './standing.ts'
import { trainingPage } from './training.ts'
import { urgentCareServicesPages } from './urgent-care-services.ts'

/** Mounts the pages, in a scope that only signed-in people reach. */
export function managePages(app: FastifyInstance, deps: FindDeps & RequestDeps & HubDeps): void {
  findYourPharmacyPage(app, deps)
  trainingPage(app, deps)
  requestPages(app, deps)
  hubPage(app, deps)
  contactDetailsPages(app, deps)
  openingTimesPages(app, deps)
  bankHolidaysPages(app, deps)
  closuresAndChangesPages(app, deps)
  servicesPages(app, deps)
  oneServicePages(app, deps)
  urgentCareServicesPages(app, deps)
  facilitiesPages(app, deps)
  standingPage(app, deps)
  historyPages(app, deps)
  restorePages(app, deps)
}
