/** What the wire says of a built-in type: its name and, for an array, what it holds. */
export interface KnownType {
  readonly name: string
  readonly element?: number
}

const SCALARS: readonly (readonly [oid: number, name: string, arrayOid: number])[] = [
  [16, 'boolean', 1000],
  [17, 'bytea', 1001],
  [18, '"char"', 1002],
  [19, 'name', 1003],
  [20, 'bigint', 1016],
  [21, 'smallint', 1005],
  [23, 'integer', 1007],
  [25, 'text', 1009],
  [26, 'oid', 1028],
  [114, 'json', 199],
  [142, 'xml', 143],
  [700, 'real', 1021],
  [701, 'double precision', 1022],
  [705, 'unknown', 0],
  [790, 'money', 791],
  [869, 'inet', 1041],
  [650, 'cidr', 651],
  [1042, 'character', 1014],
  [1043, 'character varying', 1015],
  [1082, 'date', 1182],
  [1083, 'time without time zone', 1183],
  [1114, 'timestamp without time zone', 1115],
  [1184, 'timestamp with time zone', 1185],
  [1186, 'interval', 1187],
  [1266, 'time with time zone', 1270],
  [1700, 'numeric', 1231],
  [2205, 'regclass', 2210],
  [2278, 'void', 0],
  [2950, 'uuid', 2951],
  [3802, 'jsonb', 3807],
]

const known: ReadonlyMap<number, KnownType> = new Map<number, KnownType>(
  SCALARS.flatMap(([oid, name, arrayOid]): [number, KnownType][] => {
    const scalar: [number, KnownType] = [oid, { name }]
    return arrayOid === 0 ? [scalar] : [scalar, [arrayOid, { name, element: oid }]]
  }),
)

/** Undefined for types that the server has to be asked about: enums, composites, extensions. */
export function knownType(oid: number): KnownType | undefined {
  return known.get(oid)
}

/**
 * The name of a built-in type with its modifier, as `format_type` writes it; undefined when the server has to be asked.
 * An array bears its element's modifier.
 */
export function typeName(oid: number, modifier: number): string | undefined {
  const type = known.get(oid)
  if (type === undefined) return undefined
  const name = withModifier(type.element ?? oid, type.name, modifier)
  return type.element === undefined || name === undefined ? name : `${name}[]`
}

function withModifier(oid: number, name: string, modifier: number): string | undefined {
  if (modifier < 0) return oid === 1042 ? 'bpchar' : name
  switch (oid) {
    case 1700: {
      const packed = modifier - 4
      // The scale is a signed number of eleven bits since version 15.
      return `numeric(${(packed >> 16) & 0xffff},${((packed & 0x7ff) ^ 0x400) - 0x400})`
    }
    case 1042:
    case 1043:
      return `${name}(${modifier - 4})`
    case 1083:
    case 1114:
    case 1184:
    case 1266:
      return name.replace(/^\w+/, (word) => `${word}(${modifier})`)
    default:
      return undefined
  }
}
