/** The four expected failures of a request. Everything else that is thrown is a fault of ours. */
export class NotFound extends Error {
  override readonly name = 'NotFound'
  readonly statusCode = 404
}
export class Forbidden extends Error {
  override readonly name = 'Forbidden'
  readonly statusCode = 403
  /** Who may, for the page that says no; undefined: whoever is given access. */
  readonly whoMay: string | undefined
  constructor(message: string, whoMay?: string) {
    super(message)
    this.whoMay = whoMay
  }
}
export class Conflict extends Error {
  override readonly name = 'Conflict'
  readonly statusCode = 409
}
/** A dependency is down; the client may try again. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable'
  readonly statusCode = 503
}
/** Why the process cannot start, or cannot go on. The message is one line for the person who started it; exit code 1. */
export class StartProblem extends Error {
  override readonly name = 'StartProblem'
}
