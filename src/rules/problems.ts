/** One thing that is wrong with an input. `message` says what to do, in NHS wording; `code` is for programs. */
export type Problem = { readonly field: string; readonly code: string; readonly message: string }

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] }

export const accepted = <T>(value: T): Result<T> => ({ ok: true, value })
export const refused = <T = never>(...problems: readonly Problem[]): Result<T> => ({ ok: false, problems })
