/** `/manage/:odsCode/contact-details/delivery`: how people get their medicines. View: delivery-change.njk */
import { NotFound } from '#src/platform/errors.ts'
import { template } from '#src/platform/views.ts'
import { decideSetDelivery, LONGEST_DELIVERY_WORDS } from '#src/profiles/decide-delivery.ts'
import { isRemoteOnly } from '#src/profiles/kind-words.ts'
import type { Delivery, Profile } from '#src/profiles/profile.ts'
import { deliveryFields, parseDeliveryForm } from './delivery.form.ts'
import { statedDelivery } from './delivery-words.ts'
import { type Editor, withValueFrom } from './editing.ts'
import { type FormPage, formPage } from './form-page.ts'
import { differencesBetween, disputesBetween } from './stated.ts'

const renderForm = template<FormPage & { readonly longest: number }>('profiles/pages/delivery-change.njk')

export const deliveryEditor: Editor<Delivery> = {
  kind: 'delivery',
  section: 'contact',
  permission: 'edit-contact',
  path: 'contact-details/delivery',
  historyName: 'set-delivery',
  checkTitle: 'Check how you deliver',
  open: ({ stored: { profile } }) => deliveryFields(ofRemotePharmacy(profile).delivery),
  press: () => undefined,
  parse: (fields, base) => {
    ofRemotePharmacy(base)
    return parseDeliveryForm(fields)
  },
  decide: decideSetDelivery,
  differences: (before, after) => differencesBetween(statedDelivery(before), statedDelivery(after)),
  notes: () => [],
  publicView: () => [],
  afterwards: ({ odsCode }) => `/manage/${odsCode}/contact-details`,
  disputes: (base, mine, theirs) => disputesBetween(statedDelivery(base), statedDelivery(mine), statedDelivery(theirs)),
  settleDisputes: (fields, theirs, takeTheirs) =>
    [...takeTheirs].reduce((kept, key) => withValueFrom(kept, deliveryFields(theirs.delivery), key), fields),
  show: (reply, view) =>
    renderForm(reply, {
      ...formPage(deliveryEditor, view, 'How you deliver'),
      longest: LONGEST_DELIVERY_WORDS,
    }),
}

/** Throws `NotFound` for a pharmacy that people visit: it has no such form. */
function ofRemotePharmacy(profile: Profile): Profile {
  if (!isRemoteOnly(profile.kind)) throw new NotFound(`${profile.odsCode} is no distance selling pharmacy`)
  return profile
}
