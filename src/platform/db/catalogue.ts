/** What tables the database has, asked of the database itself, so that a new migration needs no second list. */
import { sql } from 'kysely'
import type { Queryable } from './db.ts'

export type Column = { readonly name: string; readonly type: string }

export type Table = {
  readonly name: string
  /** In the table's order, without generated columns, which fill themselves. */
  readonly columns: readonly Column[]
  readonly primaryKey: readonly string[]
  /** A column that numbers rows by itself (`generated always as identity`), if there is one. */
  readonly identity: string | undefined
}

type CatalogueRow = { name: string; column_name: string; type: string; identity: boolean; key_place: number | null }

/** Every table of the schema, those that others refer to first. */
export async function loadTables(db: Queryable): Promise<readonly Table[]> {
  const { rows } = await sql<CatalogueRow>`
    select tables.relname as name, columns.attname as column_name, format_type(columns.atttypid, columns.atttypmod) as type,
      columns.attidentity <> '' as identity, array_position(keys.indkey::int2[], columns.attnum) as key_place
    from pg_class as tables
    join pg_attribute as columns on columns.attrelid = tables.oid and columns.attnum > 0 and not columns.attisdropped
    left join pg_index as keys on keys.indrelid = tables.oid and keys.indisprimary
    where tables.relkind = 'r' and tables.relnamespace = current_schema()::regnamespace and columns.attgenerated = ''
    order by tables.relname, columns.attnum`.execute(db)
  const byName = Map.groupBy(rows, (row) => row.name)
  const tables = [...byName].map(([name, columns]) => tableOf(name, columns))
  return inOrder(tables, await loadReferences(db))
}

function tableOf(name: string, rows: readonly CatalogueRow[]): Table {
  const keys = rows.filter((row) => row.key_place !== null).sort((a, b) => Number(a.key_place) - Number(b.key_place))
  return {
    name,
    columns: rows.map((row) => ({ name: row.column_name, type: row.type })),
    primaryKey: keys.map((row) => row.column_name),
    identity: rows.find((row) => row.identity)?.column_name,
  }
}

/** Which tables each table refers to. */
async function loadReferences(db: Queryable): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { rows } = await sql<{ child: string; parent: string }>`
    select child.relname as child, parent.relname as parent
    from pg_constraint as link
    join pg_class as child on child.oid = link.conrelid
    join pg_class as parent on parent.oid = link.confrelid
    where link.contype = 'f' and child.relnamespace = current_schema()::regnamespace`.execute(db)
  const byChild = Map.groupBy(rows, (row) => row.child)
  return new Map([...byChild].map(([child, links]) => [child, new Set(links.map((link) => link.parent))]))
}

function inOrder(tables: readonly Table[], references: ReadonlyMap<string, ReadonlySet<string>>): readonly Table[] {
  const ordered: Table[] = []
  let left = [...tables]
  while (left.length > 0) {
    const waiting = new Set(left.map((table) => table.name))
    const waits = ({ name }: Table): boolean =>
      [...(references.get(name) ?? [])].some((parent) => parent !== name && waiting.has(parent))
    const ready = left.filter((table) => !waits(table))
    if (ready.length === 0) throw new Error(`Tables refer to each other in a circle: ${[...waiting].join(', ')}`)
    ordered.push(...ready)
    left = left.filter(waits)
  }
  return ordered
}
