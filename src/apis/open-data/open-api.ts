/** The OpenAPI 3.1 document of the open-data API, made once from the forms of requests and answers. */
import { z } from 'zod'
import { changesAnswerForm, pharmacyAnswerForm, problemForm, servicesAnswerForm } from './answers.ts'
import { changesParameters } from './changes.ts'
import { servicesParameters } from './services-request.ts'

const problemAnswer = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
})
const BAD_REQUEST = problemAnswer('A parameter is wrong, unknown or given twice; `errors` says which and what to do')
const TOO_MANY = {
  ...problemAnswer('Too many requests from your address in this minute'),
  headers: { 'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer' } } },
}
const NOT_NOW = problemAnswer('The database is away for a moment; Retry-After says when to ask again')

/** The document. `baseUrl` is where the API is reached from outside. */
export function openApiDocument(baseUrl: string): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Signpost open data',
      version: '1',
      description:
        'Public facts about NHS pharmacies and DoS services in England: where they are, when they are open, what changed. Open to anyone, limited by address. Names ending in At are UTC instants; other times are London wall clock.',
      license: {
        name: 'Open Government Licence v3.0',
        url: 'https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/',
      },
    },
    servers: [{ url: baseUrl }],
    paths: {
      '/api/v1/services': {
        get: {
          operationId: 'findServices',
          summary: 'The Active services nearest to a place',
          description:
            'Nearest first, by whole metres along a great circle, then by uid. Give a postcode, or latitude and longitude.',
          parameters: queryParameters(servicesParameters),
          responses: {
            200: answer('The services', 'Services'),
            400: BAD_REQUEST,
            404: problemAnswer('Nobody knows this postcode'),
            429: TOO_MANY,
          },
        },
      },
      '/api/v1/pharmacies/{odsCode}': {
        get: {
          operationId: 'getPharmacy',
          summary: 'What a pharmacy says about itself',
          parameters: [
            {
              name: 'odsCode',
              in: 'path',
              required: true,
              description: 'The five letters and digits of the pharmacy',
              schema: { type: 'string', examples: ['FA002'] },
            },
          ],
          responses: {
            200: answer('The public profile', 'Pharmacy'),
            304: { description: 'As the client holds it (If-None-Match)' },
            400: BAD_REQUEST,
            404: problemAnswer('No pharmacy has this code'),
            429: TOO_MANY,
          },
        },
      },
      '/api/v1/changes': {
        get: {
          operationId: 'listChanges',
          summary: 'Every change of every service, in order',
          description:
            'Ask with `after` = the `next` of the answer before. Nothing is ever skipped or repeated, and cursors sort as text in the order of the changes.',
          parameters: queryParameters(changesParameters),
          responses: { 200: answer('Changes, oldest first', 'Changes'), 400: BAD_REQUEST, 429: TOO_MANY, 503: NOT_NOW },
        },
      },
    },
    components: {
      schemas: {
        Services: schemaOf(servicesAnswerForm),
        Pharmacy: schemaOf(pharmacyAnswerForm),
        Changes: schemaOf(changesAnswerForm),
        Problem: schemaOf(problemForm),
      },
    },
  }
}

const answer = (description: string, name: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
})

function schemaOf(form: z.ZodType): object {
  const { $schema: _, ...schema } = z.toJSONSchema(form, { io: 'input' })
  return schema
}

function queryParameters(shape: z.ZodObject): readonly object[] {
  return Object.entries(shape.shape).map(([name, form]) => {
    const { description, example, ...schema } = schemaOf(form as z.ZodType) as Record<string, unknown>
    return { name, in: 'query', required: false, description, example, schema }
  })
}
