/** Style sheets, scripts and icons: read and compressed once, at start, then served from memory. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { NotFound } from '../errors.ts'
import { isHeld } from './held-copy.ts'

const NHSUK = new URL('../../../node_modules/nhsuk-frontend/dist/nhsuk/', import.meta.url)
const TYPE_AHEAD = new URL('../../../node_modules/accessible-autocomplete/dist/', import.meta.url)
const LEAFLET = new URL('../../../node_modules/leaflet/dist/', import.meta.url)
const MAP = new URL('../map/', import.meta.url)
/** Enough to be within 3 % of the smallest size, at a twentieth of its time. */
const BROTLI_QUALITY = 6
const WORTH_COMPRESSING_BYTES = 512
const FOR_EVER = 'public, max-age=31536000, immutable'
const FOR_AN_HOUR = 'public, max-age=3600'

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/manifest+json; charset=utf-8',
  '.geojson': 'application/geo+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
}

type Asset = {
  readonly type: string
  readonly version: string
  readonly plain: Buffer
  readonly gzip: Buffer | undefined
  readonly brotli: Buffer | undefined
}
export type Assets = ReadonlyMap<string, Asset>

/** They lie beside this file. */
const OUR_OWN = ['signpost.css', 'use-my-location.js'] as const

let loaded: Assets | undefined

/** The NHS design system's files and our own style sheet, read and compressed once a process: that takes about 50 ms. */
export function loadAssets(): Assets {
  loaded ??= readAssets()
  return loaded
}

function readAssets(): Assets {
  const images = readdirSync(new URL('assets/images/', NHSUK)).map(
    (name) => [`images/${name}`, readFileSync(new URL(`assets/images/${name}`, NHSUK))] as const,
  )
  return new Map(
    [
      [
        'nhsuk-frontend.css',
        Buffer.from(withoutOutsideFiles(readText(new URL('nhsuk-frontend.min.css', NHSUK)))),
      ] as const,
      [
        'nhsuk-frontend.js',
        Buffer.from(withoutOutsideFiles(readText(new URL('nhsuk-frontend.min.js', NHSUK)))),
      ] as const,
      ...['css', 'js'].map(
        (kind) =>
          [
            `accessible-autocomplete.${kind}`,
            Buffer.from(withoutOutsideFiles(readText(new URL(`accessible-autocomplete.min.${kind}`, TYPE_AHEAD)))),
          ] as const,
      ),
      ...OUR_OWN.map((name) => [name, readFileSync(fileURLToPath(new URL(name, import.meta.url)))] as const),
      ['manifest.json', readFileSync(new URL('assets/manifest.json', NHSUK))] as const,
      ['leaflet.js', Buffer.from(withoutOutsideFiles(readText(new URL('leaflet.js', LEAFLET))))] as const,
      ['map.js', readFileSync(new URL('map.js', MAP))] as const,
      ['map.css', Buffer.from(readText(new URL('leaflet.css', LEAFLET)) + readText(new URL('map.css', MAP)))] as const,
      ['england.geojson', readFileSync(new URL('england.geojson', MAP))] as const,
      ...images,
    ].map(([name, plain]) => [name, prepare(name, plain)]),
  )
}

/** Name to address, with the version that lets browsers keep the file for ever. */
export const assetAddresses = (assets: Assets): Readonly<Record<string, string>> =>
  Object.fromEntries([...assets].map(([name, { version }]) => [name, `/assets/${name}?v=${version}`]))

/** Mounts `/assets/…`. */
export function assetRoutes(app: FastifyInstance, assets: Assets): void {
  app.get<{ Params: { '*': string }; Querystring: { v?: string } }>('/assets/*', (request, reply) => {
    const asset = assets.get(request.params['*'])
    if (!asset) throw new NotFound(`There is no file ${request.params['*']}`)
    const etag = `"${asset.version}"`
    reply
      .header('cache-control', request.query.v === asset.version ? FOR_EVER : FOR_AN_HOUR)
      .header('etag', etag)
      .header('vary', 'accept-encoding')
    if (isHeld(reply, etag)) return reply.code(304).send()
    return sendAs(reply.type(asset.type), asset, acceptedEncoding(request))
  })
}

function sendAs(reply: FastifyReply, asset: Asset, encoding: 'br' | 'gzip' | undefined): FastifyReply {
  const body = encoding === 'br' ? asset.brotli : encoding === 'gzip' ? asset.gzip : undefined
  return body && encoding ? reply.header('content-encoding', encoding).send(body) : reply.send(asset.plain)
}

function acceptedEncoding(request: FastifyRequest): 'br' | 'gzip' | undefined {
  const accepted = String(request.headers['accept-encoding'] ?? '')
  if (/\bbr\b(?!;q=0(\.0+)?(,|$))/.test(accepted)) return 'br'
  return /\bgzip\b(?!;q=0(\.0+)?(,|$))/.test(accepted) ? 'gzip' : undefined
}

function prepare(name: string, plain: Buffer): Asset {
  const compressible = /\.(css|js|json|geojson|svg)$/.test(name) && plain.length > WORTH_COMPRESSING_BYTES
  return {
    type: TYPES[extname(name)] ?? 'application/octet-stream',
    version: createHash('sha256').update(plain).digest('hex').slice(0, 12),
    plain,
    gzip: compressible ? gzipSync(plain) : undefined,
    brotli: compressible
      ? brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } })
      : undefined,
  }
}

/** The NHS typeface lies on a server that we do not depend on, and its licence does not cover us; Arial takes its place. */
const withoutOutsideFiles = (text: string): string =>
  text.replace(/@font-face\{[^}]*\}/g, '').replace(/(\/\*#|\/\/#) sourceMappingURL=\S+( \*\/)?/g, '')

const readText = (file: URL): string => readFileSync(file, 'utf8')
