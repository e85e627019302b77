/** Lines of the interchange format of directory services, for tests of its import. */

/** A pharmacy's service, open nine to half past five from Monday to Friday, at ZZ1 1AA. */
export const aServiceLine = (given: object): Readonly<Record<string, unknown>> => ({
  uid: 1,
  name: 'Pharmacy: Hill, Leeds',
  publicName: null,
  typeId: 13,
  odsCode: 'FZ001',
  status: 'ACTIVE',
  address: ['1 High Street', 'Leeds'],
  postcode: 'ZZ1 1AA',
  easting: 429_067,
  northing: 433_934,
  latitude: 53.80111,
  longitude: -1.56022,
  phone: '0113 496 0101',
  nonPublicPhone: null,
  web: null,
  publicInformation: null,
  referralInformation: null,
  openAllHours: false,
  weekly: [...Array.from({ length: 5 }, () => [['09:00', '17:30']]), [], []],
  bankHoliday: [],
  specified: {},
  capacity: { status: 'GREEN' },
  genders: ['M', 'F', 'I'],
  ages: [[0, 47481.5]],
  sgsd: { '1004': [4027] },
  dispositions: [1003],
  roles: [1],
  restricted: false,
  referrals: [],
  endpoints: [],
  ...given,
})

export const servicesJsonl = (lines: readonly object[]): string =>
  lines.map((line) => `${JSON.stringify(line)}\n`).join('')

export const REFERENCE_JSON = JSON.stringify({
  types: [13, 40, 116, 131, 132, 134, 148, 149].map((id) => ({ id, name: `Type ${id}`, rank: 1, limit: 2 })),
  roles: [{ id: 1, name: 'User' }],
  areas: { QOP: { kind: 'icb', postcodes: ['ZZ1 1AA'] } },
  bankHolidays: ['2026-12-25', '2026-12-28'],
})
