/** What a browser calls itself, in words that its owner recognises. */

/** The first that fits counts: nearly every browser also claims to be Chrome, Safari or both. */
const BROWSERS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\bEdg(A|iOS|e)?\//, 'Edge'],
  [/\bOPR\/|\bOpera\b|\bOPT\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/Chrome\/|\bCriOS\/|\bChromium\//, 'Chrome'],
  [/\bVersion\/[\d.]+ .*\bSafari\//, 'Safari'],
]
const SYSTEMS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'Chromebook'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'Mac'],
  [/\bLinux\b/, 'Linux'],
]

/**
 * `Chrome on Windows`; what is not recognised becomes `A browser` and `an unknown device`. Null when it says nothing.
 * Nothing of the text itself is in the answer. Never throws.
 */
export function deviceWords(userAgent: string | undefined): string | null {
  if (!userAgent?.trim()) return null
  const known = (names: typeof BROWSERS) => names.find(([pattern]) => pattern.test(userAgent))?.[1]
  return `${known(BROWSERS) ?? 'A browser'} on ${known(SYSTEMS) ?? 'an unknown device'}`
}
