/** What a column holds, told alike by every engine: what files and other programs need to know of its type. */
export type LogicalType =
  | { readonly kind: 'boolean' | 'text' | 'uuid' | 'json' | 'date' | 'interval' | 'blob' | 'geometry' }
  /** `bits` of the stored number: 8 to 128. */
  | { readonly kind: 'integer'; readonly bits: 8 | 16 | 32 | 64 | 128; readonly signed: boolean }
  /** Both null: any number of digits, as Postgres' `numeric` without a modifier. */
  | { readonly kind: 'decimal'; readonly precision: number | null; readonly scale: number | null }
  | { readonly kind: 'float'; readonly bits: 32 | 64 }
  | { readonly kind: 'time' | 'timestamp'; readonly zone: boolean }
  /** Lists, structs, maps, arrays, composites. */
  | { readonly kind: 'nested' }
  /** Whatever the engine can only show as text. */
  | { readonly kind: 'other' }
