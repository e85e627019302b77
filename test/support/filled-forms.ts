/** The forms that anybody and any professional may send, as people fill them in, with a mistake first. */
import assert from 'node:assert/strict'
import { REFERRAL_PROBLEMS } from '#src/rules/referral-problems.ts'
import type { Browser, Page } from './browser.ts'
import { secret } from './marked-database.ts'
import { UID } from './marked-pharmacy.ts'

/** Whoever told us something of themselves: no other person may read that. */
export const REPORTER = `${secret('reporter.email')}@mail.example`
export const ASKER = `${secret('asker.email')}@mail.example`
export const PATIENT = `${secret('patient.email')}@mail.example`
/** Signs in with a code. */
export const VISITOR = 'visitor@chemist.example'

/** On the page `at`, the form whose action contains `form`, sent once with each of `filled`. */
type FilledForm = {
  readonly at: string
  readonly form: string
  readonly filled: readonly Readonly<Record<string, string>>[]
  /** The last is a mistake too: otherwise it is accepted. */
  readonly onlyMistakes?: true
}

const HOME = '/close-without-sign-in'
/** One after the other in one browser: the later ones go on where the earlier ones led. */
export const PUBLIC_FORMS: readonly FilledForm[] = [
  {
    at: '/pharmacies/FX123/wrong',
    form: '/wrong',
    filled: [{ email: 'no' }, { what: 'closed', words: 'It was shut at noon', email: REPORTER }],
  },
  {
    at: '/help/ask',
    form: '/help/ask',
    filled: [
      { message: 'x' },
      { category: 'other', about: 'FX123', message: 'Who can help?', name: 'Ann', email: ASKER },
    ],
  },
  { at: '/help/feedback?page=/pharmacies/FX123', form: '/help/feedback', filled: [{}, { message: 'It is too small' }] },
  { at: '/help/wishlist/suggest', form: '/suggest', filled: [{}, { title: 'A bell', message: 'It rings' }] },
  { at: '/sign-in', form: '/sign-in', filled: [{}, { way: 'email' }] },
  { at: '/sign-in/email', form: '/sign-in/email', filled: [{ email: 'no' }, { email: VISITOR }] },
  {
    at: '/sign-in/email/code',
    form: '/sign-in/email/code',
    filled: [{ code: '1' }, { code: '000000' }],
    onlyMistakes: true,
  },
  { at: HOME, form: HOME, filled: [{ 'ods-code': 'FZ999' }, { 'ods-code': 'FX123' }] },
  { at: `${HOME}/FX123`, form: `${HOME}/FX123`, filled: [{}, { channel: 'mailbox' }] },
  { at: `${HOME}/code`, form: `${HOME}/code`, filled: [{ code: '1' }, { code: '000000' }], onlyMistakes: true },
]

const SERVICE = `/finder/services/${UID}`
const ALL_PARTS = {
  ...{ 'part-address': 'yes', 'part-phone': 'yes', 'part-hours': 'yes' },
  ...{ 'part-directions': 'yes', 'part-map': 'yes' },
}
const SENT = [
  { means: 'email', 'patient-email': PATIENT },
  { means: 'text', 'patient-mobile': '07700 900982' },
  ...['print', 'copy', 'qr'].map((means) => ({ means })),
]
export const PROFESSIONAL_FORMS: readonly FilledForm[] = [
  {
    at: `${SERVICE}/send`,
    form: '/send',
    filled: [{ means: 'email', 'patient-email': 'no' }, ...SENT.map((each) => ({ ...ALL_PARTS, ...each }))],
  },
  { at: SERVICE, form: '/problem', filled: REFERRAL_PROBLEMS.slice(0, 1).map(({ key }) => ({ reason: key })) },
  { at: SERVICE, form: '/finder/saved/services/', filled: [{}] },
  { at: '/finder/results?need=pharmacy&place=M33', form: '/finder/saved/searches', filled: [{}] },
  { at: '/finder/saved', form: '/saved/choice', filled: [{ place: 'nowhere' }, { place: 'M33' }] },
]

/** Sends them, and gives every page that came: those with the forms, and those that answer. */
export async function fillIn(browser: Browser, forms: readonly FilledForm[]): Promise<readonly Page[]> {
  const pages: Page[] = []
  for (const { at, form, filled, onlyMistakes = false } of forms) {
    const page = await browser.open(at)
    pages.push(page)
    for (const fields of filled) pages.push(await browser.submit(page, form, fields))
    assert.equal(pages.at(-1)?.status, onlyMistakes ? 422 : 200, `the last answer to the form of ${at}`)
  }
  return pages
}
