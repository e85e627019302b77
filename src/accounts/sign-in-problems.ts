/** What can go wrong between us and NHSmail, and what we say then. Each page says what to do next. */

type ProblemPage = {
  readonly status: number
  readonly title: string
  readonly paragraphs: readonly string[]
  /** The words of the button that starts again; null when starting again would not help. */
  readonly again: string | null
}

const pages = {
  /** Unknown, used or old state, or another browser's. */
  startAgain: {
    status: 400,
    title: 'Start signing in again',
    paragraphs: [
      'Each sign-in can be used once, within 10 minutes, in the browser where it began.',
      'Nothing is wrong with your account. If this happens every time, check that your browser keeps cookies.',
    ],
    again: 'Sign in again',
  },
  declined: {
    status: 403,
    title: 'You are not signed in',
    paragraphs: [
      'NHSmail told us that signing in was cancelled, or that your account may not be used here.',
      'If you did not cancel, ask the NHSmail administrator of your organisation.',
    ],
    again: 'Try again',
  },
  rejected: {
    status: 400,
    title: 'We could not check that it was you',
    paragraphs: [
      'The answer we had from NHSmail did not fit the question we asked, so we did not use it.',
      'Start again from here. If you followed a link that somebody sent you, do not use it again.',
    ],
    again: 'Sign in again',
  },
  clocks: {
    status: 503,
    title: 'You cannot sign in for the moment',
    paragraphs: [
      'The clock of NHSmail and ours show different times, so we cannot tell whether its answer is fresh.',
      'Try again in a few minutes. If it still does not work, contact us.',
    ],
    again: 'Try again',
  },
  noEmail: {
    status: 403,
    title: 'NHSmail did not tell us your email address',
    paragraphs: [
      'We know people by their email address, so we cannot sign you in without it.',
      'Ask the NHSmail administrator of your organisation to check the address of your account, then try again.',
    ],
    again: 'Try again',
  },
  unverified: {
    status: 403,
    title: 'Confirm your email address first',
    paragraphs: [
      'NHSmail says that the email address of your account has not been confirmed yet.',
      'Confirm it in your NHSmail account, or ask the administrator of your organisation, then try again.',
    ],
    again: 'Try again',
  },
  assurance: {
    status: 403,
    title: 'Sign in to NHSmail with a second step',
    paragraphs: [
      'This service needs to know that it is really you, so a password alone is not enough.',
      'Set up multi-factor authentication for your NHSmail account, or ask the NHSmail administrator of your organisation, then try again.',
    ],
    again: 'Try again',
  },
  notAsked: {
    status: 403,
    title: 'NHSmail did not ask you to sign in again',
    paragraphs: [
      'What you wanted to do needs a fresh sign-in, and NHSmail let you through without one.',
      'Sign out of NHSmail in this browser, then try again.',
    ],
    again: 'Try again',
  },
  unavailable: {
    status: 503,
    title: 'NHSmail sign-in is not answering',
    paragraphs: [
      'This is not your fault, and nothing that you saved is lost. Wait a minute, then try again.',
      'People can still find pharmacies, and 111 can still find services, as they were last saved.',
    ],
    again: 'Try again',
  },
} as const satisfies Record<string, ProblemPage>

export type SignInProblem = keyof typeof pages
export const PROBLEMS: Readonly<Record<SignInProblem, ProblemPage>> = pages
