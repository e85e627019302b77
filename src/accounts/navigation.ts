/** The links at the top of every page: those that everybody has, and those of what one may do. */
import type { Actor } from './actor.ts'
import { can, type GeneralAction } from './can.ts'

type NavigationLink = { readonly href: string; readonly text: string }

export const NAVIGATION: readonly NavigationLink[] = [
  { href: '/', text: 'Find a pharmacy' },
  { href: '/manage', text: 'Profile Manager' },
  { href: '/help', text: 'Help' },
]

const FOR_THOSE_WHO_MAY: readonly (NavigationLink & { readonly action: GeneralAction })[] = [
  { action: 'use-finder', href: '/finder', text: 'Service Finder' },
  { action: 'see-capacity', href: '/capacity', text: 'Capacity' },
  { action: 'see-workspace', href: '/workspace', text: 'Workspace' },
  { action: 'see-reports', href: '/reports', text: 'Reports' },
  { action: 'see-on-call', href: '/on-call', text: 'On call' },
]

/** What this person has besides; nobody has nothing. */
export const moreNavigationFor = (actor: Actor | null): readonly NavigationLink[] =>
  FOR_THOSE_WHO_MAY.filter(({ action }) => can(actor, action)).map(({ href, text }) => ({ href, text }))
