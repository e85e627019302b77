/** The part of the package that the measurement uses; it brings no types. */
declare module 'moment-opening-times' {
  import type { Moment } from 'moment'

  type Times = readonly { readonly opens: string; readonly closes: string }[]
  class OpeningTimes {
    constructor(week: Readonly<Record<string, Times>>, timeZone: string, alterations?: Readonly<Record<string, Times>>)
    getStatus(
      moment: Moment,
      options?: { readonly next: boolean },
    ): { readonly isOpen: boolean; readonly nextOpen?: Moment; readonly nextClosed?: Moment }
  }
  export = OpeningTimes
}
