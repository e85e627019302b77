/** What a change of many branches does, in a line. */
import { formatDate, formatSessions } from '#src/rules/clock-time.ts'
import type { LocalDate } from '#src/rules/london-time.ts'
import { offeredServiceKind } from '#src/rules/offered-services.ts'
import { BRANCH_KINDS, type BranchCommand } from './branch-command.ts'

/** `Closed on Thursday 24 December 2026`. */
export function titleOf(command: BranchCommand): string {
  switch (command.kind) {
    case 'holidays':
      return holidaysTitle(Object.keys(command.answers) as LocalDate[])
    case 'change':
      return changeTitle(command.change)
    case 'services': {
      const [code = '', offered] = Object.entries(command.offered)[0] ?? []
      return `${offered ? 'Offer' : 'Do not offer'} ${offeredServiceKind(code)?.label ?? code}`
    }
    case 'contact':
      return `${BRANCH_KINDS.contact.title}: ${Object.keys(command.contact).length} to change`
    case 'check':
      return BRANCH_KINDS.check.title
  }
}

function holidaysTitle(dates: readonly LocalDate[]): string {
  const [first = '1970-01-01', ...more] = dates.toSorted()
  return more.length === 0
    ? `Bank holiday: ${formatDate(first)}`
    : `${more.length + 1} bank holidays, from ${formatDate(first)}`
}

function changeTitle({ from, to, sessions }: Extract<BranchCommand, { kind: 'change' }>['change']): string {
  const days = from === to ? `on ${formatDate(from)}` : `from ${formatDate(from)} to ${formatDate(to)}`
  return sessions.length === 0 ? `Closed ${days}` : `${formatSessions(sessions)} ${days}`
}
