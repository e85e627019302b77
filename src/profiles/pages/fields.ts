/** The fields of a form, under the name that the pages of Profile Manager know. */
export {
  type Fields,
  fieldsOf,
  isUnreadable,
  lineIn,
  proseIn,
  rawIn,
  tickIn,
} from '#src/platform/http/form-fields.ts'
