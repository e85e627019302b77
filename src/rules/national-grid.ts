/**
 * The National Grid of Great Britain (OSGB36, whole metres) and GPS coordinates (WGS84, degrees), each from the other.
 *
 * A seven-parameter shift between the two datums and a transverse Mercator projection: within about 5 m everywhere in
 * Great Britain, which is closer than a postcode is to its pharmacy.
 *
 * Source: Ordnance Survey, A guide to coordinate systems in Great Britain, annexes A to C.
 */
export type GridPoint = { readonly easting: number; readonly northing: number }
export type GpsPoint = { readonly latitude: number; readonly longitude: number }

type Ellipsoid = { readonly a: number; readonly b: number }
type Cartesian = readonly [x: number, y: number, z: number]

const AIRY_1830: Ellipsoid = { a: 6_377_563.396, b: 6_356_256.909 }
const WGS84: Ellipsoid = { a: 6_378_137, b: 6_356_752.314245 }

const RADIANS = Math.PI / 180
const ARC_SECONDS = RADIANS / 3600

/** From WGS84 to OSGB36: metres, parts of one, radians. */
const SHIFT = {
  x: -446.448,
  y: 125.157,
  z: -542.06,
  scale: 20.4894e-6,
  turnX: -0.1502 * ARC_SECONDS,
  turnY: -0.247 * ARC_SECONDS,
  turnZ: -0.8421 * ARC_SECONDS,
}

/** The projection's true origin, 49° N 2° W, and the scale on its meridian. */
const ORIGIN = { latitude: 49 * RADIANS, longitude: -2 * RADIANS, easting: 400_000, northing: -100_000 }
const SCALE = 0.9996012717

/** The grid reference of a point, rounded to whole metres. Any number is answered; outside Great Britain it means nothing. */
export function toGrid({ latitude, longitude }: GpsPoint): GridPoint {
  const shifted = toOsgb(toCartesian(latitude * RADIANS, longitude * RADIANS, WGS84))
  const [phi, lambda] = toGeodetic(shifted, AIRY_1830)
  const { nu, rho, eta2 } = curvature(phi)
  const [sin, cos, tan2] = [Math.sin(phi), Math.cos(phi), Math.tan(phi) ** 2]
  const east = lambda - ORIGIN.longitude
  const northing =
    meridian(phi) +
    ORIGIN.northing +
    (nu / 2) * sin * cos * east ** 2 +
    (nu / 24) * sin * cos ** 3 * (5 - tan2 + 9 * eta2) * east ** 4 +
    (nu / 720) * sin * cos ** 5 * (61 - 58 * tan2 + tan2 ** 2) * east ** 6
  const easting =
    ORIGIN.easting +
    nu * cos * east +
    (nu / 6) * cos ** 3 * (nu / rho - tan2) * east ** 3 +
    (nu / 120) * cos ** 5 * (5 - 18 * tan2 + tan2 ** 2 + 14 * eta2 - 58 * tan2 * eta2) * east ** 5
  return { easting: Math.round(easting), northing: Math.round(northing) }
}

/** The GPS coordinates of a grid reference, rounded to six decimals (about 10 cm). */
export function toGps({ easting, northing }: GridPoint): GpsPoint {
  const foot = footpoint(northing)
  const { nu, rho, eta2 } = curvature(foot)
  const [tan, sec] = [Math.tan(foot), 1 / Math.cos(foot)]
  const tan2 = tan ** 2
  const east = easting - ORIGIN.easting
  const phi =
    foot -
    (tan / (2 * rho * nu)) * east ** 2 +
    (tan / (24 * rho * nu ** 3)) * (5 + 3 * tan2 + eta2 - 9 * tan2 * eta2) * east ** 4 -
    (tan / (720 * rho * nu ** 5)) * (61 + 90 * tan2 + 45 * tan2 ** 2) * east ** 6
  const lambda =
    ORIGIN.longitude +
    (sec / nu) * east -
    (sec / (6 * nu ** 3)) * (nu / rho + 2 * tan2) * east ** 3 +
    (sec / (120 * nu ** 5)) * (5 + 28 * tan2 + 24 * tan2 ** 2) * east ** 5
  const [latitude, longitude] = toGeodetic(toWgs84(toCartesian(phi, lambda, AIRY_1830)), WGS84)
  return { latitude: sixDecimals(latitude / RADIANS), longitude: sixDecimals(longitude / RADIANS) }
}

const sixDecimals = (degrees: number): number => Math.round(degrees * 1e6) / 1e6

const eccentricity2 = ({ a, b }: Ellipsoid): number => 1 - (b * b) / (a * a)

function toCartesian(phi: number, lambda: number, ellipsoid: Ellipsoid): Cartesian {
  const e2 = eccentricity2(ellipsoid)
  const nu = ellipsoid.a / Math.sqrt(1 - e2 * Math.sin(phi) ** 2)
  return [nu * Math.cos(phi) * Math.cos(lambda), nu * Math.cos(phi) * Math.sin(lambda), nu * (1 - e2) * Math.sin(phi)]
}

/** Ten rounds are far more than the two or three that a millimetre needs. */
function toGeodetic([x, y, z]: Cartesian, ellipsoid: Ellipsoid): readonly [phi: number, lambda: number] {
  const e2 = eccentricity2(ellipsoid)
  const fromAxis = Math.hypot(x, y)
  let phi = Math.atan2(z, fromAxis * (1 - e2))
  for (let round = 0; round < 10; round++) {
    const nu = ellipsoid.a / Math.sqrt(1 - e2 * Math.sin(phi) ** 2)
    phi = Math.atan2(z + e2 * nu * Math.sin(phi), fromAxis)
  }
  return [phi, Math.atan2(y, x)]
}

const toOsgb = ([x, y, z]: Cartesian): Cartesian => [
  SHIFT.x + (1 + SHIFT.scale) * x - SHIFT.turnZ * y + SHIFT.turnY * z,
  SHIFT.y + SHIFT.turnZ * x + (1 + SHIFT.scale) * y - SHIFT.turnX * z,
  SHIFT.z - SHIFT.turnY * x + SHIFT.turnX * y + (1 + SHIFT.scale) * z,
]

/** The way back, corrected twice by how far it misses: the shift is so small that this is exact to a millimetre. */
function toWgs84(target: Cartesian): Cartesian {
  let guess = target
  for (let round = 0; round < 3; round++) {
    const there = toOsgb(guess)
    guess = [guess[0] + target[0] - there[0], guess[1] + target[1] - there[1], guess[2] + target[2] - there[2]]
  }
  return guess
}

/** Radii of curvature in and across the meridian, scaled, and the square of the second eccentricity's local value. */
function curvature(phi: number) {
  const e2 = eccentricity2(AIRY_1830)
  const bend = 1 - e2 * Math.sin(phi) ** 2
  const nu = (AIRY_1830.a * SCALE) / Math.sqrt(bend)
  const rho = (AIRY_1830.a * SCALE * (1 - e2)) / bend ** 1.5
  return { nu, rho, eta2: nu / rho - 1 }
}

/** Length of the meridian from the origin's latitude to `phi`, metres. */
function meridian(phi: number): number {
  const { a, b } = AIRY_1830
  const n = (a - b) / (a + b)
  const [difference, sum] = [phi - ORIGIN.latitude, phi + ORIGIN.latitude]
  return (
    b *
    SCALE *
    ((1 + n + 1.25 * n ** 2 + 1.25 * n ** 3) * difference -
      (3 * n + 3 * n ** 2 + 2.625 * n ** 3) * Math.sin(difference) * Math.cos(sum) +
      (1.875 * n ** 2 + 1.875 * n ** 3) * Math.sin(2 * difference) * Math.cos(2 * sum) -
      (35 / 24) * n ** 3 * Math.sin(3 * difference) * Math.cos(3 * sum))
  )
}

/** The latitude on the central meridian that has this northing. */
function footpoint(northing: number): number {
  let phi = ORIGIN.latitude
  for (let round = 0; round < 20; round++) {
    const missing = northing - ORIGIN.northing - meridian(phi)
    if (Math.abs(missing) < 1e-5) break
    phi += missing / (AIRY_1830.a * SCALE)
  }
  return phi
}
