import assert from 'node:assert/strict'
import { test } from 'node:test'
import { endpointAddressFault } from './service-endpoints.ts'

const cases: [transport: string, address: string, fault: RegExp | undefined][] = [
  ['email', 'a@nhs.example', undefined],
  ['email', 'https://a.example', /email address/],
  ['telno', '01632 960 001', undefined],
  ['telno', 'a@nhs.example', /telephone number/],
  ['itk', 'https://itk.example/in?x=1', undefined],
  ['http', 'ODS:C84016', undefined],
  ['http', 'ftp://x', /https/],
  ['itk', 'https://a b', /https/],
  ['dts', 'anything that an import brought', undefined],
  ['', '', /Enter the address/],
  ['dts', 'x'.repeat(501), /500/],
]
for (const [transport, address, fault] of cases) {
  test(`${transport || 'no transport'} to ${address.slice(0, 30) || 'nowhere'}`, () => {
    const found = endpointAddressFault(transport, address)
    if (fault) assert.match(found ?? '', fault)
    else assert.equal(found, undefined)
  })
}
