/** What can go wrong on the way to closing without signing in, and what we say then. */

type SaidPage = { readonly status: number; readonly title: string; readonly paragraphs: readonly string[] }

const pages = {
  unknown: {
    status: 404,
    title: 'We cannot find that pharmacy',
    paragraphs: [
      'No pharmacy in this directory has this ODS code. It may have a new owner, which gives it a new code.',
    ],
  },
  training: {
    status: 409,
    title: 'The training pharmacy cannot be closed here',
    paragraphs: ['It is not a real pharmacy. Sign in to try things on it.'],
  },
  'closed-for-good': {
    status: 409,
    title: 'This pharmacy has closed for good',
    paragraphs: ['There is nothing to close. If this is wrong, contact us.'],
  },
  'distance-selling': {
    status: 409,
    title: 'An online pharmacy cannot be closed here',
    paragraphs: ['Nobody comes to its door, so this page is not for it. Sign in to change when it can be reached.'],
  },
  /** No code was asked for in this browser, or more than an hour ago. */
  elsewhere: {
    status: 400,
    title: 'Use the browser where you asked for the code',
    paragraphs: [
      'A code works only in the browser where it was asked for, within 10 minutes.',
      'Go back to that browser, or start again here. If you start again here, check that your browser keeps cookies.',
    ],
  },
  expired: {
    status: 422,
    title: 'This code has run out',
    paragraphs: ['A code works for 10 minutes, and only until another one is asked for.'],
  },
  used: {
    status: 422,
    title: 'This code was used before',
    paragraphs: ['Each code works once. If it was not you who used it, phone the pharmacy and contact us.'],
  },
  guessed: {
    status: 422,
    title: 'Ask for a new code',
    paragraphs: [
      'A wrong code was entered 5 times. To keep the pharmacy safe, the code that we sent cannot be used any more.',
    ],
  },
  tooMany: {
    status: 429,
    title: 'You cannot have another code yet',
    paragraphs: [
      'Too many codes were asked for, for this pharmacy or from your network.',
      'The latest code that we sent you works for 10 minutes after we sent it. Otherwise wait an hour, or ask somebody who can sign in to close the pharmacy.',
    ],
  },
  tooFast: {
    status: 429,
    title: 'Wait a minute',
    paragraphs: ['Too many codes were entered in a short time. Wait a minute, then go back and enter yours again.'],
  },
} as const satisfies Record<string, SaidPage>

export type Said = keyof typeof pages
export const SAID: Readonly<Record<Said, SaidPage>> = pages
