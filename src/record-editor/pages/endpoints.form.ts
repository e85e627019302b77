/** The sections that are lists: where messages go, and attributes. One empty row at the end adds one. No I/O. */
import { type Fields, isUnreadable, lineIn, proseIn, rawIn } from '#src/platform/http/form-fields.ts'
import { accepted, type Problem, refused } from '#src/rules/problems.ts'
import { COMPRESSIONS, endpointAddressFault, FORMATS, SCENARIOS, TRANSPORTS } from '#src/rules/service-endpoints.ts'
import type { Attribute, Endpoint } from '../service-edit.ts'
import { fieldOf } from '../service-edit.ts'
import { type FormContext, type Input, type Item, problem, type Section } from './section.ts'

const MOST_ROWS = 50
const LONGEST_CELL = 500

const listOf = <T>({ shown }: FormContext, field: string): readonly T[] => (fieldOf(shown, field) ?? []) as readonly T[]

/** How many rows a form shows: those of the record, those that were typed, and an empty one. */
function rowCount(fields: Fields, prefix: string, stored: number): number {
  const typed = Object.keys(fields).flatMap((name) => new RegExp(`^${prefix}-(\\d{1,2})-`).exec(name)?.[1] ?? [])
  return Math.min(MOST_ROWS, Math.max(stored + 1, ...typed.map(Number)))
}

/** What may be chosen, and whatever else the row says already. */
const itemsWith = (values: readonly string[], now: string, empty?: string): readonly Item[] => [
  ...(empty === undefined ? [] : [{ value: '', text: empty }]),
  ...[...values, ...(now === '' || values.includes(now) ? [] : [now])].map((value) => ({ value, text: value })),
]

const endpointFields = (endpoint: Endpoint, row: number): Fields => ({
  [`endpoint-${row}-order`]: String(endpoint.order),
  [`endpoint-${row}-transport`]: endpoint.transport ?? '',
  [`endpoint-${row}-address`]: endpoint.address ?? '',
  [`endpoint-${row}-format`]: endpoint.format ?? '',
  [`endpoint-${row}-interaction`]: endpoint.interaction ?? '',
  [`endpoint-${row}-scenario`]: endpoint.scenario ?? '',
  [`endpoint-${row}-compression`]: endpoint.compression ?? '',
  [`endpoint-${row}-comment`]: endpoint.comment ?? '',
})

function endpointInputs(fields: Fields, row: number, isLast: boolean): Input {
  const name = (part: string) => `endpoint-${row}-${part}`
  const at = (part: string) => rawIn(fields, name(part))
  return {
    kind: 'group',
    legend: isLast ? 'Add an endpoint (leave empty to add none)' : `Endpoint ${row}`,
    inputs: [
      { kind: 'line', name: name('order'), label: 'Order', hint: 'The lowest is tried first', width: '3' },
      {
        kind: 'select',
        name: name('transport'),
        label: 'Transport',
        items: itemsWith(TRANSPORTS, at('transport'), 'Choose'),
      },
      { kind: 'line', name: name('address'), label: 'Address' },
      {
        kind: 'select',
        name: name('format'),
        label: 'Format (optional)',
        items: itemsWith(FORMATS, at('format'), 'None'),
      },
      { kind: 'line', name: name('interaction'), label: 'Interaction (optional)' },
      {
        kind: 'select',
        name: name('scenario'),
        label: 'Business scenario',
        items: itemsWith(SCENARIOS, at('scenario'), 'Choose'),
      },
      {
        kind: 'select',
        name: name('compression'),
        label: 'Compression (optional)',
        items: itemsWith(COMPRESSIONS, at('compression'), 'Not said'),
      },
      { kind: 'line', name: name('comment'), label: 'Comment (optional)' },
      ...(isLast ? [] : [{ kind: 'tick', name: name('remove'), label: 'Remove this endpoint' } as const]),
    ],
  }
}

export const ENDPOINTS_SECTION: Section = {
  key: 'endpoints',
  title: 'Endpoints',
  intro: 'Where referrals and messages are sent to.',
  fields: ['endpoints'],
  boxes: { endpoints: 'endpoint-1-order' },
  fill: (context) =>
    Object.assign({}, ...listOf<Endpoint>(context, 'endpoints').map((one, index) => endpointFields(one, index + 1))),
  inputs(fields, context) {
    const rows = rowCount(fields, 'endpoint', listOf(context, 'endpoints').length)
    return Array.from({ length: rows }, (_, index) => endpointInputs(fields, index + 1, index === rows - 1))
  },
  parse(fields, context) {
    const stored = listOf<Endpoint>(context, 'endpoints')
    const rows = Array.from({ length: rowCount(fields, 'endpoint', stored.length) }, (_, index) =>
      readEndpoint(fields, index + 1, stored[index]),
    )
    const problems = rows.flatMap((row) => row.problems)
    if (problems.length > 0) return refused(...problems)
    const endpoints = rows.flatMap(({ endpoint }) => endpoint ?? [])
    return accepted({ endpoints: endpoints.toSorted((one, other) => one.order - other.order) })
  },
}

const PARTS = ['transport', 'address', 'format', 'interaction', 'scenario', 'compression', 'comment'] as const

type Cells = Readonly<Record<(typeof PARTS)[number], string>>

function readEndpoint(
  fields: Fields,
  row: number,
  stored: Endpoint | undefined,
): { readonly endpoint: Endpoint | undefined; readonly problems: readonly Problem[] } {
  const name = (part: string) => `endpoint-${row}-${part}`
  const cells = Object.fromEntries(PARTS.map((part) => [part, lineIn(fields, name(part))])) as Cells
  const order = lineIn(fields, name('order'))
  const isEmpty = order === '' && PARTS.every((part) => cells[part] === '')
  if (isEmpty || lineIn(fields, name('remove')) === 'yes') return { endpoint: undefined, problems: [] }
  const optional = (part: 'compression' | 'comment') =>
    cells[part] === '' && stored?.[part] === undefined ? {} : { [part]: cells[part] || null }
  const endpoint: Endpoint = {
    ...stored,
    order: Number(order),
    transport: cells.transport || null,
    format: cells.format || null,
    interaction: cells.interaction || null,
    scenario: cells.scenario || null,
    address: cells.address || null,
    ...optional('compression'),
    ...optional('comment'),
  }
  return { endpoint, problems: endpointProblems(cells, { row, order, stored }) }
}

/** What an import brought may stay as it is; only what is new is judged. */
function endpointProblems(
  cells: Cells,
  { row, order, stored }: { readonly row: number; readonly order: string; readonly stored: Endpoint | undefined },
): readonly Problem[] {
  const { transport, address, scenario } = cells
  const wrong = (part: string, code: string, words: string) =>
    problem(`endpoint-${row}-${part}`, code, `Endpoint ${row}: ${words}`)
  const isAsStored = stored?.address === address && stored.transport === transport
  const fault = isAsStored ? undefined : endpointAddressFault(transport, address)
  const long = PARTS.find((part) => [...cells[part]].length > LONGEST_CELL || isUnreadable(cells[part]))
  return [
    ...(/^\d{1,4}$/.test(order) ? [] : [wrong('order', 'invalid', 'enter its order as a number, like 1')]),
    ...(transport === '' ? [wrong('transport', 'missing', 'choose its transport')] : []),
    ...(fault ? [wrong('address', 'invalid', fault)] : []),
    ...(scenario === '' && !stored ? [wrong('scenario', 'missing', 'choose its business scenario')] : []),
    ...(long ? [wrong(long, 'too-long', `${long} must be ${LONGEST_CELL} characters or fewer, in plain letters`)] : []),
  ]
}

const wordsOf = (value: unknown): string => (value === null || value === undefined ? '' : String(value))

export const ATTRIBUTES_SECTION: Section = {
  key: 'attributes',
  title: 'Attributes',
  fields: ['attributes'],
  boxes: { attributes: 'attribute-1-name' },
  fill: (context) =>
    Object.assign(
      {},
      ...listOf<Attribute>(context, 'attributes').map(({ name, dataType, value }, index) => ({
        [`attribute-${index + 1}-name`]: name,
        [`attribute-${index + 1}-type`]: dataType ?? '',
        [`attribute-${index + 1}-value`]: wordsOf(value),
      })),
    ),
  inputs(fields, context) {
    const rows = rowCount(fields, 'attribute', listOf(context, 'attributes').length)
    return Array.from({ length: rows }, (_, index): Input => {
      const row = index + 1
      return {
        kind: 'group',
        legend: row === rows ? 'Add an attribute (leave empty to add none)' : `Attribute ${row}`,
        inputs: [
          { kind: 'line', name: `attribute-${row}-name`, label: 'Name', hint: 'Empty it to remove the attribute' },
          { kind: 'line', name: `attribute-${row}-type`, label: 'Data type (optional)', width: '20' },
          { kind: 'line', name: `attribute-${row}-value`, label: 'Value' },
        ],
      }
    })
  },
  parse(fields, context) {
    const stored = listOf<Attribute>(context, 'attributes')
    const rows = Array.from({ length: rowCount(fields, 'attribute', stored.length) }, (_, index) =>
      readAttribute(fields, index + 1, stored[index]),
    )
    const problems = rows.flatMap((row) => row.problems)
    if (problems.length > 0) return refused(...problems)
    const attributes = rows.flatMap(({ attribute }) => attribute ?? [])
    // A record without the key does not get an empty one.
    return accepted(attributes.length === 0 && stored.length === 0 ? {} : { attributes })
  },
}

function readAttribute(fields: Fields, row: number, stored: Attribute | undefined) {
  const [name, dataType, value] = ['name', 'type', 'value'].map((part) =>
    proseIn(fields, `attribute-${row}-${part}`),
  ) as [string, string, string]
  if (name === '') {
    const lost = value !== '' && !stored
    const words = `Attribute ${row}: enter its name, or empty its value`
    return { attribute: undefined, problems: lost ? [problem(`attribute-${row}-name`, 'missing', words)] : [] }
  }
  const long = [name, dataType, value].some((cell) => [...cell].length > LONGEST_CELL || isUnreadable(cell))
  const words = `Attribute ${row}: each box must hold ${LONGEST_CELL} characters or fewer, in plain letters`
  // A number stays a number as long as it is the same one.
  const kept = stored && wordsOf(stored.value) === value ? stored.value : value
  const attribute: Attribute = { ...stored, name, dataType: dataType || null, value: kept }
  return { attribute, problems: long ? [problem(`attribute-${row}-name`, 'too-long', words)] : [] }
}
