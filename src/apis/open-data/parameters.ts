/** Reading query parameters: a zod object per address, and what is wrong with a request in words that say what to do. */
import { z } from 'zod'
import { accepted, type Problem, type Result, refused } from '#src/rules/problems.ts'

/** A parameter that may be given once. `what` continues "Give …" when it is empty. */
export const text = (what: string) =>
  z.string({ error: 'Give it once only' }).min(1, { error: `Give ${what}, or leave the parameter out`, abort: true })

/** Reads the query of a request. Unknown parameters are refused by name, because a misspelt filter filters nothing. */
export function readParameters<Shape extends z.ZodObject>(shape: Shape, query: unknown): Result<z.infer<Shape>> {
  const read = shape.safeParse(query)
  if (read.success) return accepted(read.data)
  return refused(...read.error.issues.flatMap((issue) => problemsOf(issue, Object.keys(shape.shape))))
}

function problemsOf(issue: z.core.$ZodIssue, known: readonly string[]): readonly Problem[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownParameter(key, known))
  const field = issue.path.join('.')
  return [{ field, code: issue.code, message: `${field}: ${issue.message}` }]
}

const unknownParameter = (key: string, known: readonly string[]): Problem => ({
  field: key,
  code: 'unknown',
  message: `${key}: There is no such parameter here${known.length > 0 ? `; there are ${known.join(', ')}` : ''}`,
})

/** For addresses that take no parameters. */
export const noParameters = z.strictObject({})
