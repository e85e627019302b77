/** A date as three boxes, under the name that the pages of Profile Manager know. */
export { dateFields, parseDateFields } from '#src/platform/http/date-fields.ts'
