/** The form "check everything": body to what was answered. No I/O. */
import type { ProfileSection } from '#src/profiles/profile.ts'
import type { Problem } from '#src/rules/problems.ts'

export type SectionAnswer = 'correct' | 'change'

export type CheckForm = {
  /** The version that the person was reading; 0, which no profile has, when the form does not say. */
  readonly version: number
  readonly answers: ReadonlyMap<ProfileSection, SectionAnswer>
  readonly declared: boolean
  /** The one button for all of it, which is an answer to everything and the declaration as well. */
  readonly all: boolean
}

/** Reads what was sent. Never throws; what is not an answer of the form counts as none. */
export function readCheckForm(body: unknown, sections: readonly ProfileSection[]): CheckForm {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>
  const { version, declaration, do: button } = fields
  const answers = sections.flatMap((section) => {
    const answer = fields[section]
    return answer === 'correct' || answer === 'change' ? [[section, answer] as const] : []
  })
  return {
    version: typeof version === 'string' && /^\d{1,9}$/.test(version) ? Number(version) : 0,
    answers: new Map(answers),
    declared: declaration === 'yes',
    all: button === 'all',
  }
}

/** What is missing: an answer to each section asked, and the declaration when something is said to be correct. */
export function checkFormProblems(
  { answers, declared, all }: CheckForm,
  asked: readonly { readonly section: ProfileSection; readonly name: string }[],
): readonly Problem[] {
  if (all) return []
  const unanswered = asked
    .filter(({ section }) => !answers.has(section))
    .map(({ section, name }) => ({ field: section, code: 'missing', message: `Tell us if your ${name} are correct` }))
  const needsDeclaration = asked.some(({ section }) => answers.get(section) !== 'change')
  const undeclared: readonly Problem[] =
    needsDeclaration && !declared
      ? [{ field: 'declaration', code: 'missing', message: 'Confirm that you have read these details' }]
      : []
  return [...unanswered, ...undeclared]
}
