/** Kinds of columns beyond those that Kysely has. */
import type { ColumnType } from 'kysely'

/** Reads as parsed JSON, is written as JSON text. */
export type Json<T> = ColumnType<T, string, string>
/** As `Json`, for a column with a default. */
export type GeneratedJson<T> = ColumnType<T, string | undefined, string>
/** UTC ISO text, for a column with a default. */
export type GeneratedInstant = ColumnType<string, string | undefined, string>
