/** What a section of a record is: which fields it holds, how its form shows them, and how the form is read. No I/O. */
import type { ServiceRecord } from '#src/directory/service-record.ts'
import type { TriageReference } from '#src/directory/triage/triage-reference.ts'
import { type Fields, fieldsOf } from '#src/platform/http/form-fields.ts'
import type { Gazetteer } from '#src/reference-data/gazetteer.ts'
import type { Problem, Result } from '#src/rules/problems.ts'
import type { ServicePatch } from '../service-edit.ts'

export type Item = { readonly value: string; readonly text: string; readonly hint?: string }

/** One box of a form. `group` puts a legend over some of them. */
export type Input =
  | {
      readonly kind: 'line'
      readonly name: string
      readonly label: string
      readonly hint?: string
      readonly width?: string
    }
  | {
      readonly kind: 'prose'
      readonly name: string
      readonly label: string
      readonly hint?: string
      readonly rows: number
    }
  | {
      readonly kind: 'select'
      readonly name: string
      readonly label: string
      readonly hint?: string
      readonly items: readonly Item[]
    }
  | {
      readonly kind: 'radios'
      readonly name: string
      readonly label: string
      readonly hint?: string
      readonly items: readonly Item[]
    }
  | { readonly kind: 'tick'; readonly name: string; readonly label: string }
  | { readonly kind: 'group'; readonly legend: string; readonly inputs: readonly Input[] }

export type FormContext = {
  /** The record as the reader's edit would make it: what the form is filled from. */
  readonly shown: ServiceRecord
  /** The record as it is. */
  readonly now: ServiceRecord
  readonly isNew: boolean
  readonly reference: TriageReference
  readonly gazetteer: Pick<Gazetteer, 'find'>
}

export type Section = {
  /** Stands in the address. */
  readonly key: string
  readonly title: string
  readonly intro?: string
  /** The fields it holds, as in the interchange format. The record's page shows them in this order. */
  readonly fields: readonly string[]
  fill(context: FormContext): Fields
  inputs(fields: Fields, context: FormContext): readonly Input[]
  parse(fields: Fields, context: FormContext): Result<ServicePatch>
  /** Which box a problem of a field belongs to, where it has another name. */
  readonly boxes: Readonly<Record<string, string>>
}

export const problem = (field: string, code: string, message: string): Problem => ({ field, code, message })

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that are refused.
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g

/** The fields of a form, with the line breaks that somebody typed into boxes for long texts. */
export function formFieldsOf(body: unknown, prose: readonly string[]): Fields {
  const given = body as Readonly<Record<string, unknown>> | null
  const texts = prose.flatMap((name) => {
    const value = given?.[name]
    return typeof value === 'string' ? [[name, tidyLines(value)] as const] : []
  })
  return { ...fieldsOf(body), ...Object.fromEntries(texts) }
}

/** Line breaks as one character, no spaces at the ends of lines, at most one empty line between two; else as it was typed. */
const tidyLines = (text: string): string =>
  text
    .toWellFormed()
    .normalize('NFC')
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replaceAll('\t', ' ')
    .replace(CONTROLS, '\uFFFD')
    .replace(/[^\S\n]+$/gm, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim()

/** The boxes of a form that stand in groups too. */
export const flatInputs = (inputs: readonly Input[]): readonly Exclude<Input, { readonly kind: 'group' }>[] =>
  inputs.flatMap((input) => (input.kind === 'group' ? flatInputs(input.inputs) : [input]))
