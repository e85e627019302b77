/** Where an outcode is, from our own table of rounded points (`outcodes.csv`, which says where they come from). */
import { readFileSync } from 'node:fs'
import type { Position } from '#src/rules/distance.ts'

/**
 * Reads the table beside this file: outcode (`M33`) to its middle, degrees WGS84, good to about a kilometre.
 * Outcodes without a pharmacy or surgery, and nearly all outside England, are absent.
 */
export function loadOutcodes(): ReadonlyMap<string, Position> {
  const lines = readFileSync(new URL('outcodes.csv', import.meta.url), 'utf8').split('\n')
  const rows = lines.filter((line) => /^[A-Z]/.test(line)).map((line) => line.split(','))
  return new Map(rows.map(([outcode = '', latitude, longitude]) => [outcode, positionOf(latitude, longitude)]))
}

const positionOf = (latitude: string | undefined, longitude: string | undefined): Position => ({
  latitude: Number(latitude),
  longitude: Number(longitude),
})
