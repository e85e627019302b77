/** The OpenAPI 3.1 document of the Capacity Status API, at `apidoc/`. */
import {
  DEFAULT_RESET_MINUTES,
  LONGEST_AHEAD_MINUTES,
  LONGEST_NOTE,
  LONGEST_RESET_MINUTES,
} from '#src/rules/capacity-setting.ts'

const STATUS = { type: 'string', enum: ['GREEN', 'AMBER', 'RED'] }
const INSTANT = { type: 'string', format: 'date-time', description: 'UTC, to the second, with Z' }

const json = (description: string, schema: object) => ({ description, content: { 'application/json': { schema } } })
const named = (name: string) => ({ $ref: `#/components/schemas/${name}` })

const UID = { name: 'uid', in: 'path', required: true, description: 'The service', schema: { type: 'integer' } }
const ODS_CODE = { name: 'odsCode', in: 'path', required: true, schema: { type: 'string', examples: ['FA002'] } }
const LIMIT = { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 } }

const STRANGER = json('No token, a wrong one, or one of an account that was shut out', {})
const ONLY_WORDS = { type: 'string' }
const COMMON = {
  401: STRANGER,
  404: json('There is no such service, or it is not active', ONLY_WORDS),
  429: json('More than the account may ask in a minute; see Retry-After', named('Detail')),
  503: json(
    'More than an address may ask in a second, or not available for a moment; see Retry-After',
    named('Detail'),
  ),
}

const CAPACITY_MEMBERS = {
  status: { ...STATUS, description: 'In any letter case' },
  resetStatusIn: {
    ...{ type: 'integer', minimum: 0, maximum: LONGEST_RESET_MINUTES, default: DEFAULT_RESET_MINUTES },
    description: 'Minutes until it is Green again; GREEN has none',
  },
  notes: { type: 'string', minLength: 1, maxLength: LONGEST_NOTE },
}

/** The document. `baseUrl` is where the API is reached from outside. */
export function capacityApiDocument(baseUrl: string): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Capacity Status API',
      version: '0.0.1',
      description: 'Red, Amber or Green of a service. Past its reset time a service is Green for everybody.',
    },
    servers: [{ url: `${baseUrl}/api/v0.0.1/capacity` }],
    security: [{ token: [] }],
    paths: {
      '/services/{uid}/capacitystatus/': {
        parameters: [UID],
        get: { operationId: 'getCapacity', responses: { 200: json('What holds now', named('Capacity')), ...COMMON } },
        put: {
          operationId: 'setCapacity',
          requestBody: json('The setting', named('Setting')),
          responses: {
            200: json('What holds now', named('Capacity')),
            202: json('What holds now, and what was asked for later', named('Capacity')),
            400: json('Faults by field, each with its code', named('Faults')),
            403: json('The account may not set this service', ONLY_WORDS),
            ...COMMON,
          },
        },
      },
      '/services/': {
        get: {
          operationId: 'getOwn',
          parameters: [{ name: 'page', in: 'query', schema: { type: 'integer', minimum: 1, default: 1 } }],
          responses: { 200: json('The active services that the account may set', named('Own')), ...COMMON },
        },
        put: {
          operationId: 'setCapacities',
          requestBody: json('1 to 200 settings', {
            type: 'array',
            minItems: 1,
            maxItems: 200,
            items: named('OneOfMany'),
          }),
          responses: {
            200: json('All were set', named('Results')),
            207: json('Some were not: each result has its own code', named('Results')),
            400: json('Not such a list', named('Detail')),
            ...COMMON,
          },
        },
      },
      '/services/{uid}/history/': {
        get: {
          operationId: 'getHistory',
          parameters: [UID, LIMIT],
          responses: { 200: json('The newest first', named('History')), ...COMMON },
        },
      },
      '/pharmacies/{odsCode}/': {
        get: {
          operationId: 'getPharmacy',
          parameters: [ODS_CODE],
          responses: { 200: json('Its active services', named('Pharmacy')), ...COMMON },
        },
      },
    },
    components: { securitySchemes: SECURITY, schemas: SCHEMAS },
  }
}

const SECURITY = {
  token: { type: 'apiKey', in: 'header', name: 'Authorization', description: '`Token SECRET`, or `Token NAME:SECRET`' },
}

const SCHEMAS = {
  Setting: {
    type: 'object',
    required: ['status'],
    properties: {
      ...CAPACITY_MEMBERS,
      startIn: { type: 'integer', minimum: 1, maximum: LONGEST_AHEAD_MINUTES, description: 'Minutes from now' },
      startAt: { type: 'string', format: 'date-time', description: 'With a zone; instead of startIn' },
    },
  },
  OneOfMany: {
    type: 'object',
    required: ['id', 'status'],
    properties: { id: { type: 'integer' }, ...CAPACITY_MEMBERS },
  },
  Capacity: {
    type: 'object',
    required: ['id', 'name', 'status'],
    properties: {
      id: { type: 'integer' },
      name: { type: 'string' },
      status: STATUS,
      resetDateTime: INSTANT,
      notes: { type: 'string' },
      modifiedBy: { type: 'string' },
      modifiedDate: INSTANT,
      scheduled: named('Scheduled'),
    },
  },
  Scheduled: {
    type: 'object',
    properties: { status: STATUS, startDateTime: INSTANT, resetDateTime: INSTANT, notes: { type: 'string' } },
  },
  History: {
    type: 'object',
    properties: {
      id: { type: 'integer' },
      name: { type: 'string' },
      scheduled: named('Scheduled'),
      history: { type: 'array', items: named('Past') },
    },
  },
  Past: {
    type: 'object',
    properties: {
      status: STATUS,
      resetDateTime: INSTANT,
      notes: { type: 'string' },
      modifiedBy: { type: 'string' },
      modifiedDate: INSTANT,
      endedDateTime: INSTANT,
      via: { type: 'string', enum: ['page', 'api'] },
    },
  },
  Pharmacy: {
    type: 'object',
    properties: {
      odsCode: { type: 'string' },
      services: { type: 'array', items: named('Capacity') },
    },
  },
  Own: {
    type: 'object',
    properties: {
      total: { type: 'integer' },
      page: { type: 'integer' },
      pageSize: { type: 'integer' },
      services: { type: 'array', items: named('Capacity') },
    },
  },
  Results: { type: 'object', properties: { results: { type: 'array', items: { type: 'object' } } } },
  Faults: { type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } },
  Detail: { type: 'object', properties: { detail: { type: 'string' } } },
}
