/** The parts of a clinical profile as the overview tells them: what each says, and where it is changed. Pure. */
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import { ageWords, type ProfileFields } from '#src/rules/clinical-profile.ts'
import type { ServicePatch } from '../service-edit.ts'
import { LIST_TOPICS } from './list-topics.ts'

export type Topic = {
  readonly slug: string
  readonly title: string
  /** The fields that it changes. */
  readonly fields: readonly (keyof ProfileFields)[]
  /** What the profile says, in a line. */
  say(profile: ProfileFields, reference: TriageReference): string
}

/** Of patients. Whose sex is not known is asked for as indeterminate. */
export const GENDER_NAMES: readonly (readonly [code: string, name: string])[] = [
  ['F', 'Female'],
  ['M', 'Male'],
  ['I', 'Indeterminate or not known'],
]

const count = new Intl.NumberFormat('en-GB')
const many = (number: number, [one, more]: readonly [string, string]): string =>
  number === 0 ? 'None' : `${count.format(number)} ${number === 1 ? one : more}`

/** The number of a referral role, however it is given. */
export const roleId = (role: number | { readonly id: number }): number => (typeof role === 'number' ? role : role.id)

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)

const SAID: Readonly<Record<string, Topic['say']>> = {
  pairs: ({ sgsd }) => {
    const lists = Object.values(sgsd ?? {}).filter((list) => list.length > 0)
    const pairs = lists.reduce((sum, list) => sum + list.length, 0)
    return pairs === 0 ? 'None' : `${many(pairs, ['pair', 'pairs'])} in ${many(lists.length, ['group', 'groups'])}`
  },
  dispositions: ({ dispositions }) => many((dispositions ?? []).length, ['disposition', 'dispositions']),
  surgeries: ({ restricted, referrals }) => {
    const listed = many((referrals ?? []).length, ['surgery', 'surgeries'])
    return restricted === true
      ? `Only patients of ${listed.toLowerCase()}`
      : `Open to all; ${listed.toLowerCase()} listed`
  },
  'limited-areas': ({ limitedTo }) => (limitedTo?.length ? limitedTo.join(', ') : 'Not limited'),
  'promoted-areas': ({ promotedTo }) => (promotedTo?.length ? promotedTo.join(', ') : 'Not promoted'),
}

const FORM_TOPICS: readonly Topic[] = [
  {
    slug: 'genders',
    title: 'Genders',
    fields: ['genders'],
    say: ({ genders }) =>
      (genders ?? []).map((code) => GENDER_NAMES.find(([known]) => known === code)?.[1] ?? code).join(', ') || 'None',
  },
  {
    slug: 'ages',
    title: 'Ages',
    fields: ['ages'],
    say: ({ ages }) => capital((ages ?? []).map(ageWords).join('; ')) || 'None',
  },
  {
    slug: 'roles',
    title: 'Referral roles',
    fields: ['roles'],
    say: ({ roles }, reference) =>
      (roles ?? []).map((role) => reference.roles.get(roleId(role)) ?? String(roleId(role))).join(', ') || 'None',
  },
]
const LAST_TOPIC: Topic = {
  slug: 'return-if-open',
  title: 'Returned only if open',
  fields: ['returnIfOpenMinutes'],
  say: ({ returnIfOpenMinutes: minutes }) =>
    minutes === null ? 'No' : `Only when open, or opening within ${minutes} minutes`,
}

const listTopics: readonly Topic[] = LIST_TOPICS.map(({ slug, title, field }) => ({
  slug,
  title,
  fields: slug === 'surgeries' ? ['referrals', 'restricted'] : [field],
  say: SAID[slug] ?? (() => ''),
}))

/** Every topic, in the order in which a profile is read: what for, who, from where. */
export const TOPICS: readonly Topic[] = [...listTopics.slice(0, 2), ...FORM_TOPICS, ...listTopics.slice(2), LAST_TOPIC]

/** Whether an edit touches a topic. */
export const isTouched = ({ fields }: Topic, proposed: ServicePatch | undefined): boolean =>
  fields.some((field) => proposed !== undefined && Object.hasOwn(proposed, field))
