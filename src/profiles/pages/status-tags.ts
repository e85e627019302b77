/** The tags of a profile's and a DoS service's status. */
import type { ServiceStatus } from '#src/directory/service-record.ts'
import type { ProfileStatus } from '#src/profiles/profile.ts'

export type Tag = { readonly text: string; readonly colour: 'green' | 'yellow' | 'grey' | 'orange' | 'red' }

/** The tag of a profile's status. */
export function statusTag(status: ProfileStatus): Tag {
  switch (status) {
    case 'open':
      return { text: 'Open', colour: 'green' }
    case 'temporarily-closed':
      return { text: 'Temporarily closed', colour: 'orange' }
    case 'closed':
      return { text: 'Closed for good', colour: 'red' }
    case 'hidden':
      return { text: 'Hidden from the public', colour: 'grey' }
  }
}

/** The tag of a DoS service's status, in the words of the Directory of Services. */
export function serviceTag(status: ServiceStatus): Tag {
  switch (status) {
    case 'ACTIVE':
      return { text: 'Active', colour: 'green' }
    case 'COMMISSIONING':
      return { text: 'Commissioning', colour: 'yellow' }
    case 'SUSPENDED':
      return { text: 'Suspended', colour: 'orange' }
    case 'CLOSED':
      return { text: 'Closed', colour: 'grey' }
    case 'RETIRED':
      return { text: 'Retired', colour: 'grey' }
  }
}
