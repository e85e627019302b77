/** The details of a service to print, copy or scan: for a patient of a professional, and for anybody. View: sheet.njk */
import type { FastifyInstance } from 'fastify'
import { renderSVG } from 'uqr'
import type { ServiceIndex } from '#src/directory/service-index.ts'
import type { SharedDetails } from '#src/emails/patient-share.ts'
import { answerPublic } from '#src/find-a-pharmacy/public-answer.ts'
import { NotFound } from '#src/platform/errors.ts'
import { fieldsOf, lineIn } from '#src/platform/http/form-fields.ts'
import { template } from '#src/platform/views.ts'
import { toLondon } from '#src/rules/london-time.ts'
import { parsePharmacyCode } from '#src/rules/ods-code.ts'
import { partField } from '../share.form.ts'
import {
  isAddress,
  pageUrlOf,
  plainWords,
  SHARE_PARTS,
  type SharedFrom,
  type SharePart,
  sharedDetails,
} from '../share-details.ts'
import { type OfService, type ShareDeps, shareableOf, sharingActor } from './share-deps.ts'

type Way = 'print' | 'copy' | 'qr'
type Block = {
  readonly heading: string
  readonly lines: readonly string[]
  /** Where a line is an address: on paper it is of no use. */
  readonly links: readonly { readonly text: string; readonly href: string }[]
}
type View = {
  readonly title: string
  readonly back: { readonly text: string; readonly href: string }
  readonly way: Way
  readonly details: Omit<SharedDetails, 'blocks'>
  readonly blocks: readonly Block[]
  readonly plain: string
  /** SVG; null for a service without a public page. */
  readonly qr: string | null
}

const render = template<View>('patient-shares/pages/sheet.njk')
const TITLES: Readonly<Record<Way, string>> = {
  print: 'Print for a patient',
  copy: 'Copy for a patient',
  qr: 'Show a QR code',
}
const MAIN_TYPES: readonly number[] = [13, 134]

/** Mounts the sheet of a professional. */
export function sheetPage(app: FastifyInstance, deps: ShareDeps): void {
  app.get<OfService>('/finder/services/:uid/sheet', (request, reply) => {
    sharingActor(request)
    const { uid, from, isActive } = shareableOf(request, deps)
    if (!isActive) throw new NotFound('This service is not active')
    const asked = fieldsOf(request.query)
    const parts = SHARE_PARTS.filter((part) => lineIn(asked, partField(part)) === 'yes')
    const given = lineIn(asked, 'means')
    const way = given === 'copy' || given === 'qr' ? given : 'print'
    const back = { text: 'Back to sending', href: `/finder/services/${uid}/send` }
    const view = sheetOf(from, { parts, way, back, title: TITLES[way] })
    return render(reply.header('cache-control', 'no-store'), view)
  })
}

type PublicSheetDeps = Pick<ShareDeps, 'profiles' | 'clock' | 'baseUrl'> & {
  readonly services: Pick<ServiceIndex, 'byPharmacy'>
}

/** Mounts the sheet of a pharmacy that anybody may print. It needs no session and sets no cookie. */
export function publicSheetPage(app: FastifyInstance, deps: PublicSheetDeps) {
  app.get<{ Params: { odsCode: string } }>('/pharmacies/:odsCode/print', ({ params }, reply) => {
    const odsCode = parsePharmacyCode(params.odsCode)
    const profile = odsCode && deps.profiles.find(odsCode)
    if (!profile || profile.status === 'hidden' || profile.status === 'closed') {
      throw new NotFound('There is no such pharmacy')
    }
    const services = deps.services.byPharmacy(profile.odsCode)
    const active = services.filter(({ status }) => status === 'ACTIVE')
    const service = active.find(({ typeId }) => MAIN_TYPES.includes(typeId)) ?? active[0]
    if (!service) throw new NotFound('There are no details to print')
    const from = { service, profile, now: toLondon(deps.clock.now()), baseUrl: deps.baseUrl }
    const back = { text: `Back to ${profile.name}`, href: `/pharmacies/${profile.odsCode}` }
    return answerPublic(
      reply,
      render,
      sheetOf(from, { parts: SHARE_PARTS, way: 'print', back, title: 'Print or scan' }),
    )
  })
}

type Sheet = Pick<View, 'back' | 'way' | 'title'> & { readonly parts: readonly SharePart[] }

function sheetOf(from: SharedFrom, { parts, ...view }: Sheet): View {
  const details = sharedDetails(from, parts)
  const page = pageUrlOf(from)
  return {
    ...view,
    details,
    blocks: details.blocks.map(({ heading, lines }) => ({
      heading,
      lines: lines.filter((line) => !isAddress(line)),
      links: lines.filter(isAddress).map((href) => ({ href, text: linkWords(href) })),
    })),
    plain: plainWords(details),
    qr: page === null ? null : renderSVG(page, { border: 2 }),
  }
}

/** The heading above it says what it is about: a link that says it again reads like a slip. */
const linkWords = (href: string): string =>
  href.includes('/directions?') ? 'Plan the way on OpenStreetMap' : 'See it on OpenStreetMap'
