/** Whom to ask about pharmacies that are not in England. Pure. */
import type { Elsewhere } from '#src/rules/postcode-country.ts'
import type { Link } from './search-request.ts'

/** Said beside a search near a place outside England. */
export type ElsewhereView = {
  /** `CF10 1AA is in Wales. This service covers England.` */
  readonly lead: string
  /** What to do instead, before the link. */
  readonly ask: string
  readonly link: Link | null
}

/**
 * Source: the pages that are linked; NHS 111 Wales and NHS 24 answer 111. Northern Ireland has no such number, and the
 * islands have health services of their own.
 */
const ASK: Readonly<Record<Elsewhere, Omit<ElsewhereView, 'lead'>>> = {
  Wales: {
    ask: 'For pharmacies in Wales, call 111 or go to',
    link: { text: 'NHS 111 Wales', href: 'https://111.wales.nhs.uk/' },
  },
  Scotland: {
    ask: 'For pharmacies in Scotland, call NHS 24 on 111 or go to',
    link: { text: 'NHS inform', href: 'https://www.nhsinform.scot/' },
  },
  'Northern Ireland': {
    ask: 'For pharmacies in Northern Ireland, go to',
    link: {
      text: 'Health and Social Care (HSC) pharmacies on nidirect',
      href: 'https://www.nidirect.gov.uk/articles/community-pharmacists',
    },
  },
  'the Isle of Man': {
    ask: 'For pharmacies on the Isle of Man, ask Manx Care, its health service',
    link: null,
  },
  'the Channel Islands': {
    ask: 'For pharmacies on Jersey or Guernsey, ask the health service of the island',
    link: null,
  },
}

/** What to say of a place; `name` is the postcode or outcode as people write it. */
export const elsewhereView = (name: string, country: Elsewhere): ElsewhereView => ({
  lead: `${name} is ${country.endsWith('Man') ? 'on' : 'in'} ${country}. This service covers England.`,
  ...ASK[country],
})
