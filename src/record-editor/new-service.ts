/** What a service says before anybody has said anything: nothing that would make a search return it. */
import type { ServiceRecord } from '#src/directory/service-record.ts'
import { WEEKDAYS } from '#src/rules/london-time.ts'

/** The record that the edit of a new service starts from. Its uid is given when it is published; 0 until then. */
export const NEW_SERVICE: ServiceRecord = {
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
