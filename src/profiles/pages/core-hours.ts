/** `/manage/:odsCode/opening-times/core-hours`: which hours were agreed with the NHS. View: core-hours-change.njk */
import { template } from '#src/platform/views.ts'
import { decideSetContract } from '#src/profiles/decide.ts'
import { isRemoteOnly, kindWords } from '#src/profiles/kind-words.ts'
import type { Profile } from '#src/profiles/profile.ts'
import { formatSessions } from '#src/rules/clock-time.ts'
import {
  type Contract,
  durationInWords,
  LEAST_HUNDRED_HOUR_MINUTES,
  USUAL_CORE_MINUTES,
} from '#src/rules/core-hours.ts'
import { minutesOf, sessionsWithout, weeklyMinutes } from '#src/rules/shared-sessions.ts'
import { contractFields, parseContractForm } from './core-hours.form.ts'
import { type Editor, withValueFrom } from './editing.ts'
import { type FormPage, formPage } from './form-page.ts'
import { DAYS, type DayInForm, daysInForm, weeklyFormAfter } from './opening-times.form.ts'
import { differencesBetween, disputesBetween, type Stated } from './stated.ts'

const renderForm = template<FormPage & { readonly days: readonly DayInForm[] }>('profiles/pages/core-hours-change.njk')

const CONDITIONS: Readonly<Record<Contract['condition'], string>> = {
  forty: 'Core hours, usually 40',
  hundred: '100 hours condition, now or in the past',
}

/** What was agreed, value by value; a value nobody ever gave is null. */
export const statedContract = ({ contract }: Profile): readonly Stated[] => [
  { key: 'condition', label: 'Kind of contract', text: contract ? CONDITIONS[contract.condition] : null },
  ...DAYS.map(({ prefix, name }, day) => ({
    key: prefix,
    label: `Core hours on ${name}`,
    text: contract ? (contract.core[day]?.length ? formatSessions(contract.core[day]) : 'None') : null,
  })),
]

export const coreHoursEditor: Editor<Contract> = {
  kind: 'core-hours',
  section: 'hours',
  permission: 'edit-hours',
  path: 'opening-times/core-hours',
  historyName: 'set-core-hours',
  checkTitle: 'Check your core hours',
  open: ({ stored: { profile } }) => contractFields(profile.contract, profile.weekly),
  press: (fields, button) => weeklyFormAfter(fields, button),
  parse: (fields, base) => parseContractForm(fields, base.contract?.core ?? base.weekly),
  decide: decideSetContract,
  differences: (before, after) => differencesBetween(statedContract(before), statedContract(after)),
  notes: (_before, after, contract) => [...oddTotal(contract), ...coreWhileShut(contract, after)],
  publicView: () => [],
  afterwards: ({ odsCode }) => `/manage/${odsCode}/opening-times`,
  disputes: (base, mine, theirs) => disputesBetween(statedContract(base), statedContract(mine), statedContract(theirs)),
  settleDisputes: (fields, theirs, takeTheirs) =>
    [...takeTheirs].reduce(
      (kept, key) => withValueFrom(kept, contractFields(theirs.contract, theirs.weekly), key),
      fields,
    ),
  show: (reply, view) =>
    renderForm(reply, {
      ...formPage(coreHoursEditor, view, 'Core hours'),
      days: daysInForm(view.fields, view.edit.stored.profile.contract?.core ?? view.edit.stored.profile.weekly),
    }),
}

/** Most contracts say 40 hours, or 72 to 100: another total is possible, and more often a slip. */
function oddTotal({ condition, core }: Contract): readonly string[] {
  const total = weeklyMinutes(core)
  const least = condition === 'hundred' ? LEAST_HUNDRED_HOUR_MINUTES : USUAL_CORE_MINUTES
  if (condition === 'forty' ? total === least : total >= least) return []
  const usual = condition === 'forty' ? 'Most contracts say 40 hours' : 'With a 100 hours condition it is 72 or more'
  return [`These are ${durationInWords(total)} of core hours a week. ${usual}. Check your contract.`]
}

function coreWhileShut({ core }: Contract, { weekly, kind }: Profile): readonly string[] {
  const shut = DAYS.filter((_, day) => minutesOf(sessionsWithout(core[day] ?? [], weekly[day] ?? [])) > 0)
  if (shut.length === 0) return []
  return [
    `Your ${kindWords(kind).week} are shorter than your core hours on ${shut.map(({ name }) => name).join(', ')}. You have to be ${isRemoteOnly(kind) ? 'there' : 'open'} for all core hours.`,
  ]
}
