/** What a service says before anybody has said anything: nothing that would make a search return it. */
import { WEEKDAYS } from '#src/rules/london-time.ts'
import type { ServiceRecord } from './service-record.ts'

/** What a new service starts from. Its uid is given when it is stored; 0 until then. Empty lists never match a triage search. */
export const BLANK_SERVICE: ServiceRecord = {
  uid: 0,
  name: '',
  publicName: null,
  typeId: 0,
  odsCode: null,
  status: 'COMMISSIONING',
  address: [],
  postcode: null,
  easting: null,
  northing: null,
  latitude: null,
  longitude: null,
  phone: null,
  web: null,
  nonPublicPhone: null,
  email: null,
  publicInformation: null,
  referralInformation: null,
  hours: { weekly: WEEKDAYS.map(() => null), bankHoliday: null, openAllHours: false, specified: {} },
  other: {
    capacity: { status: 'GREEN' },
    genders: [],
    ages: [],
    sgsd: {},
    dispositions: [],
    roles: [],
    restricted: false,
    referrals: [],
    endpoints: [],
  },
}
