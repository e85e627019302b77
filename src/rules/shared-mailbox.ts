/**
 * The mailbox that the people of a pharmacy share: its professional email address, when that lies in a domain where
 * shared mailboxes are given out to pharmacies (`nhs.net`). Null when it has none, or uses another provider, whose
 * mailboxes prove nothing. In lower case. Never throws.
 *
 * Source: NHSmail gives every community pharmacy one shared mailbox, which only people it names can open.
 */
export function sharedMailboxOf(
  profile: { readonly contact: { readonly professionalEmail?: string | null } },
  domains: readonly string[],
): string | null {
  const email = profile.contact.professionalEmail?.trim().toLowerCase() ?? ''
  const [name = '', domain = '', ...rest] = email.split('@')
  return name !== '' && rest.length === 0 && domains.includes(domain) ? email : null
}
