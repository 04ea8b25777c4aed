import type { LogicalType } from '../../adapters/logical-type.ts'
import type { TableauAggregation, TableauDatatype, TableauField, TableauFieldType, TableauRole } from './field.ts'

/** What Tableau makes of a column's type. `remoteType` is the number by which it names the type in metadata records. */
export interface ColumnKind {
  readonly datatype: TableauDatatype
  readonly remoteType: number
}

/**
 * How Tableau sees a column, in an extract and live alike; null for what it cannot show (bytes). Numbers of more than 64
 * bits and decimals are `real`, whatever has no type in Tableau is text.
 */
export function columnKind(type: LogicalType): ColumnKind | null {
  switch (type.kind) {
    case 'boolean':
      return { datatype: 'boolean', remoteType: 11 }
    case 'integer':
      if (type.bits === 128 || (type.bits === 64 && !type.signed)) return { datatype: 'real', remoteType: 131 }
      if (type.bits === 64 || (type.bits === 32 && !type.signed)) return { datatype: 'integer', remoteType: 20 }
      return { datatype: 'integer', remoteType: type.bits <= 16 && type.signed ? 2 : 3 }
    case 'decimal':
      return { datatype: 'real', remoteType: 131 }
    case 'float':
      return { datatype: 'real', remoteType: type.bits === 32 ? 4 : 5 }
    case 'date':
      return { datatype: 'date', remoteType: 133 }
    case 'timestamp':
      return { datatype: 'datetime', remoteType: 135 }
    case 'blob':
      return null
    default:
      return { datatype: 'string', remoteType: 129 }
  }
}

/** The aggregation that Tableau notes for a column of this type. */
export function recordAggregation(datatype: TableauDatatype): TableauAggregation {
  if (datatype === 'integer' || datatype === 'real') return 'Sum'
  return datatype === 'date' || datatype === 'datetime' ? 'Year' : 'Count'
}

/** What is taken for a field of which the project says nothing. */
export type FieldDefaults = Pick<TableauField, 'caption' | 'role' | 'type' | 'aggregation' | 'semanticRole'>

/** What a column tells by itself. `key`: it is part of the table's primary key or of a foreign key. */
export function fieldDefaults(name: string, datatype: TableauDatatype, key: 'key' | 'plain'): FieldDefaults {
  const caption = captionOf(name)
  const semanticRole = placeOf(name, datatype)
  if (datatype !== 'integer' && datatype !== 'real')
    return { caption, role: 'dimension', type: discreteType(datatype), aggregation: null, semanticRole }
  if (semanticRole === LATITUDE || semanticRole === LONGITUDE)
    return { caption, role: 'measure', type: 'quantitative', aggregation: 'Avg', semanticRole }
  if (semanticRole !== null || key === 'key' || (datatype === 'integer' && namesThings(name)))
    return { caption, role: 'dimension', type: 'ordinal', aggregation: 'Count', semanticRole }
  return {
    caption,
    role: 'measure',
    type: 'quantitative',
    aggregation: isRatio(name) ? 'Avg' : null,
    semanticRole,
  }
}

/** How a dimension of this type is shown. */
export function discreteType(datatype: TableauDatatype): TableauFieldType {
  return datatype === 'string' || datatype === 'boolean' || datatype === 'spatial' ? 'nominal' : 'ordinal'
}

/** How a field of this role is shown when nothing else is said. */
export function typeFor(role: TableauRole, datatype: TableauDatatype): TableauFieldType {
  return role === 'measure' && (datatype === 'integer' || datatype === 'real') ? 'quantitative' : discreteType(datatype)
}

/** `order_id` -> `Order ID`, `orderTotal` -> `Order Total`. A name with blanks is written for people and stays. */
export function captionOf(name: string): string {
  if (/\s/.test(name) || !/[\p{L}\p{N}]/u.test(name)) return name
  return name
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1_$2')
    .split(/[_\-.]+/)
    .filter((word) => word !== '')
    .map((word) => (ABBREVIATIONS.has(word.toLowerCase()) ? word.toUpperCase() : capitalized(word)))
    .join(' ')
}

const capitalized = (word: string): string => {
  const first = String.fromCodePoint(word.codePointAt(0)!)
  return (
    first.toUpperCase() +
    (word === word.toUpperCase() && word.length > 1 ? word.slice(first.length).toLowerCase() : word.slice(first.length))
  )
}

const ABBREVIATIONS = new Set(
  'id url uri uuid sku ip api vat sql utc iso roas roi cpc cpm cpa cpl ctr cvr cac ltv aov arpu kpi b2b b2c crm eu us uk emea apac dach latam usd eur gbp chf'.split(
    ' ',
  ),
)

/** Numbers that name something: adding them up says nothing. */
export function namesThings(name: string): boolean {
  const key = snakeCase(name)
  return (
    /(^|_)(id|ids|key|sk|pk|fk|no|nr|number|code)$/i.test(key) ||
    /^((order|fiscal|iso|calendar|cohort|birth|start|end)_)?(year|quarter|month|week|weekday|hour|day_of_(week|month|year)|month_number|zip|rank)$/i.test(
      key,
    )
  )
}

/** Numbers whose sum over rows says nothing, but whose mean does. */
export function isRatio(name: string): boolean {
  return /(^|_)(rate|ratio|pct|percent|percentage|share|roas|roi|ctr|cvr|cpc|cpm|cpa|cac|aov|arpu|avg|average|mean|median|score|p_value|lift)($|_)/i.test(
    snakeCase(name),
  )
}

const snakeCase = (name: string): string => name.replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1_$2').replace(/[\s-]+/g, '_')

const LATITUDE = '[Geographical].[Latitude]'
const LONGITUDE = '[Geographical].[Longitude]'

/** Places that a project may name, and how Tableau writes them. */
export const GEOGRAPHIC_ROLES = {
  country: '[Country].[ISO3166_2]',
  state: '[State].[Name]',
  county: '[County].[Name]',
  city: '[City].[Name]',
  zip: '[ZipCode].[Name]',
  latitude: LATITUDE,
  longitude: LONGITUDE,
} as const

const PLACES: { readonly [name: string]: keyof typeof GEOGRAPHIC_ROLES } = {
  country: 'country',
  country_code: 'country',
  country_name: 'country',
  country_iso: 'country',
  state: 'state',
  state_name: 'state',
  province: 'state',
  county: 'county',
  city: 'city',
  city_name: 'city',
  zip: 'zip',
  zip_code: 'zip',
  zipcode: 'zip',
  postcode: 'zip',
  postal_code: 'zip',
  latitude: 'latitude',
  lat: 'latitude',
  longitude: 'longitude',
  lon: 'longitude',
  lng: 'longitude',
}

/** A column with the plain name of a place is one, as in Tableau itself. */
function placeOf(name: string, datatype: TableauDatatype): string | null {
  const key = snakeCase(name).toLowerCase()
  const place = Object.hasOwn(PLACES, key) ? PLACES[key]! : undefined
  if (place === undefined) return null
  const point = place === 'latitude' || place === 'longitude'
  const fits = point ? datatype === 'real' : datatype === 'string' || (place === 'zip' && datatype === 'integer')
  return fits ? GEOGRAPHIC_ROLES[place] : null
}
