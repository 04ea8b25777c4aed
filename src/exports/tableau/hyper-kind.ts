import type { ColumnKind } from './field-defaults.ts'

const KINDS: { readonly [type: string]: ColumnKind } = {
  boolean: { datatype: 'boolean', remoteType: 11 },
  smallint: { datatype: 'integer', remoteType: 2 },
  integer: { datatype: 'integer', remoteType: 3 },
  bigint: { datatype: 'integer', remoteType: 20 },
  numeric: { datatype: 'real', remoteType: 131 },
  real: { datatype: 'real', remoteType: 4 },
  'double precision': { datatype: 'real', remoteType: 5 },
  date: { datatype: 'date', remoteType: 133 },
  timestamp: { datatype: 'datetime', remoteType: 135 },
  timestamptz: { datatype: 'datetime', remoteType: 135 },
  tabgeography: { datatype: 'spatial', remoteType: 129 },
}

const TEXT: ColumnKind = { datatype: 'string', remoteType: 129 }

/** What Tableau makes of a column of an extract, by Hyper's name of its type. */
export function hyperKind(type: string): ColumnKind {
  return KINDS[type.replace(/\(.*\)$/, '').replace(/^.*\./, '')] ?? TEXT
}
