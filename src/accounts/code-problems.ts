/** What can be wrong with a one-time code, and what we say then. Each page says what to do next. */

type ProblemPage = { readonly status: number; readonly title: string; readonly paragraphs: readonly string[] }

const pages = {
  /** No code was asked for in this browser, or more than an hour ago. */
  elsewhere: {
    status: 400,
    title: 'Use the browser where you asked for the code',
    paragraphs: [
      'A code works only in the browser where you entered your email address, within 10 minutes.',
      'Go back to that browser, or start again here. If you start again here, check that your browser keeps cookies.',
    ],
  },
  expired: {
    status: 422,
    title: 'This code has run out',
    paragraphs: [
      'A code works for 10 minutes, and only until you ask for another one.',
      'If you asked for several, use the one in the latest email, or ask for a new one.',
    ],
  },
  used: {
    status: 422,
    title: 'This code was used before',
    paragraphs: [
      'Each code works once. If it was you who used it a moment ago, you are signed in.',
      'If it was not you, contact us.',
    ],
  },
  guessed: {
    status: 422,
    title: 'Ask for a new code',
    paragraphs: [
      'You entered a wrong code 5 times. To keep your account safe, the code that we sent cannot be used any more.',
    ],
  },
  tooMany: {
    status: 429,
    title: 'You cannot have another code yet',
    paragraphs: [
      'Too many codes were asked for in a short time.',
      'Wait an hour, then try again. The latest code that we sent you works for 10 minutes after we sent it.',
    ],
  },
  tooFast: {
    status: 429,
    title: 'Wait a minute',
    paragraphs: ['Too many codes were entered in a short time. Wait a minute, then go back and enter yours again.'],
  },
} as const satisfies Record<string, ProblemPage>

export type CodeProblem = keyof typeof pages
export const CODE_PROBLEMS: Readonly<Record<CodeProblem, ProblemPage>> = pages
