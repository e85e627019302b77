/** `/manage/:odsCode/contact-details`: read, confirm, change. Views: contact-details.njk, contact-details-change.njk */
import type { FastifyInstance } from 'fastify'
import { template } from '#src/platform/views.ts'
import { type ContactAnswers, decideSetContact } from '#src/profiles/decide.ts'
import { isRemoteOnly } from '#src/profiles/kind-words.ts'
import type { ProfileKind } from '#src/profiles/profile.ts'
import { type ManageDeps, visit } from '#src/profiles/visit.ts'
import { isPremiumRate } from '#src/rules/contact-details.ts'
import { registerAddress } from '#src/rules/premises-number.ts'
import { CONTACT_FIELDS, contactFields, parseContactForm } from './contact-details.form.ts'
import { deliveryEditor } from './delivery.ts'
import { statedDelivery } from './delivery-words.ts'
import { type Editor, withValueFrom } from './editing.ts'
import { editingPages } from './editing-pages.ts'
import { type FormPage, formPage } from './form-page.ts'
import { type SectionView, sectionView } from './section-view.ts'
import { differencesBetween, disputesBetween, type Stated, statedContact } from './stated.ts'

type ContactView = SectionView & {
  readonly rows: readonly { readonly label: string; readonly text: string | null; readonly visibility: string }[]
  /** How it delivers; null for a pharmacy that people visit. */
  readonly delivery: readonly Stated[] | null
  readonly register: string | null
  readonly postalAddress: readonly string[]
}

const render = template<ContactView>('profiles/pages/contact-details.njk')
const renderForm = template<FormPage & { readonly inputs: typeof INPUTS; readonly postalAddress: readonly string[] }>(
  'profiles/pages/contact-details-change.njk',
)

/** What each input needs beside its label: its hint, and what helps a phone's keyboard. */
const INPUTS = CONTACT_FIELDS.map(({ name, label, visibility }) => ({
  name,
  label,
  visibility,
  ...{
    phone: { type: 'tel', autocomplete: 'tel', hint: 'Patients call this number. 111 and GP practices see it too.' },
    website: { type: 'url', autocomplete: 'url', hint: 'For example, www.example.com. Leave empty if you have none.' },
    email: { type: 'email', autocomplete: 'email', hint: 'Anyone can see this address. Leave empty if you have none.' },
    'professional-phone': {
      type: 'tel',
      autocomplete: 'off',
      hint: 'A number that patients do not have, for 111, GP practices and hospitals.',
    },
    'professional-email': {
      type: 'email',
      autocomplete: 'off',
      hint: 'A shared NHSmail address that somebody reads every day is best.',
    },
  }[name],
}))

const ORDERED_THERE = 'For example, www.example.com. People order your services there, so it is required.'

/** The inputs; people can order from a distance selling pharmacy on its website only. */
const inputsFor = (kind: ProfileKind): typeof INPUTS =>
  INPUTS.map((input) => (isRemoteOnly(kind) && input.name === 'website' ? { ...input, hint: ORDERED_THERE } : input))

/** Mounts the section and its edit. */
export function contactDetailsPages(app: FastifyInstance, deps: ManageDeps): void {
  app.get('/manage/:odsCode/contact-details', async (request, reply) => {
    const seen = await visit(deps, request, 'view-profile')
    const { profile } = seen.stored
    const stated = statedContact(profile)
    return render(reply, {
      ...(await sectionView(deps.db.pool, seen, 'contact', request.query)),
      rows: CONTACT_FIELDS.map(({ label, visibility }, index) => ({
        label,
        visibility,
        text: stated[index]?.text ?? null,
      })),
      delivery: isRemoteOnly(profile.kind) ? statedDelivery(profile) : null,
      register: profile.delivery?.premisesNumber ? registerAddress(profile.delivery.premisesNumber) : null,
      postalAddress: [...profile.address.lines, profile.address.postcode],
    })
  })
  editingPages(app, deps, contactEditor)
  editingPages(app, deps, deliveryEditor)
}

const contactEditor: Editor<ContactAnswers> = {
  kind: 'contact',
  section: 'contact',
  permission: 'edit-contact',
  path: 'contact-details/change',
  historyName: 'set-contact-details',
  checkTitle: 'Check your contact details',
  open: ({ stored }) => contactFields(stored.profile.contact),
  press: () => undefined,
  parse: (fields, base) => parseContactForm(fields, base.contact, base.kind),
  decide: decideSetContact,
  differences: (before, after) => differencesBetween(statedContact(before), statedContact(after)),
  notes: (_before, _after, { phone, professionalPhone }) =>
    [phone, professionalPhone]
      .filter((number) => number !== null && isPremiumRate(number))
      .map((number) => `${number} is a premium rate number: people pay more to call it.`),
  publicView: () => [],
  disputes: (base, mine, theirs) => disputesBetween(statedContact(base), statedContact(mine), statedContact(theirs)),
  settleDisputes: (fields, theirs, takeTheirs) =>
    [...takeTheirs].reduce((kept, key) => withValueFrom(kept, contactFields(theirs.contact), key), fields),
  show: (reply, view) =>
    renderForm(reply, {
      ...formPage(contactEditor, view, 'Change contact details'),
      inputs: inputsFor(view.edit.stored.profile.kind),
      postalAddress: [...view.edit.stored.profile.address.lines, view.edit.stored.profile.address.postcode],
    }),
}
