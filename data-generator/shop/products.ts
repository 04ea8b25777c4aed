import { isoDay } from '../calendar.ts'
import { type DataFile, header, type Line } from '../files/data-file.ts'
import { delimited } from '../files/delimited.ts'
import { withFaker } from '../names.ts'
import { Random } from '../random.ts'
import { type Scope, sizes } from '../scope.ts'
import { FIRST_DAY, isoOfUpdate, LAST_DAY } from './periods.ts'

export const CATEGORIES = ['Electronics', 'Home & Kitchen', 'Fashion', 'Beauty', 'Sports', 'Books'] as const

/** One state of a product. Money in cents. */
export interface Product {
  /** Above 2^53: neighbours are one double. */
  readonly id: bigint
  /** With leading zeros. */
  readonly sku: string
  readonly name: string
  readonly category: (typeof CATEGORIES)[number]
  readonly tags: readonly string[]
  readonly color: string
  readonly weightGrams: number
  /** Null: not for sale. */
  readonly listPrice: number | null
  readonly unitCost: number
  readonly introducedDay: number
  readonly updatedAt: string
}

const FIRST_ID = 9_007_199_254_740_993n

const PRICE_RANGE = {
  Electronics: [1_490, 149_900],
  'Home & Kitchen': [790, 29_900],
  Fashion: [790, 14_900],
  Beauty: [390, 5_900],
  Sports: [690, 39_900],
  Books: [399, 4_990],
} as const

export function productId(index: number): bigint {
  return FIRST_ID + BigInt(index)
}

/** Four in five are there from the first day, the others follow in the order of their numbers. */
export function introducedDay(index: number, scope: Scope): number {
  const share = index / sizes(scope).products
  return share < 0.8 ? FIRST_DAY - 30 : FIRST_DAY + Math.floor(((share - 0.8) / 0.2) * (LAST_DAY - FIRST_DAY - 60))
}

export function isForSale(index: number): boolean {
  return index % 216 !== 11
}

/** The states of one product, oldest first. */
export function productVersions(index: number, scope: Scope): readonly Product[] {
  const random = new Random(scope.seed, 'product', index)
  const category = CATEGORIES[index % CATEGORIES.length] as (typeof CATEGORIES)[number]
  const [low, high] = PRICE_RANGE[category]
  // Cubed, so that cheap products are many and dear ones few.
  const draw = random.next()
  const price = low + Math.floor(draw * draw * draw * (high - low))
  const unitCost = Math.max(1, Math.floor((price * random.int(35, 75)) / 100))
  const introduced = introducedDay(index, scope)
  const { name, color } = withFaker('US', random, (faker) => ({
    name: faker.commerce.productName(),
    color: faker.color.human(),
  }))
  const first: Product = {
    id: productId(index),
    sku: String(index * 7 + 11).padStart(7, '0'),
    name: index % 40 === 3 ? `${name}, 27" wide` : name,
    category,
    tags: random.chance(0.3) ? ['new', 'eco'] : random.chance(0.5) ? ['sale'] : [],
    color,
    weightGrams: random.int(40, 9_000),
    listPrice: isForSale(index) ? price : null,
    unitCost,
    introducedDay: introduced,
    updatedAt: isoOfUpdate(introduced, random),
  }
  const changeDay = introduced + random.int(100, 500)
  if (!random.chance(0.06) || changeDay > LAST_DAY || first.listPrice === null) return [first]
  return [first, { ...first, listPrice: Math.floor((price * 108) / 100), updatedAt: isoOfUpdate(changeDay, random) }]
}

/** What one unit costs a buyer on a day, in cents; for products that are for sale. */
export function priceOn(versions: readonly Product[], isoTime: string): number {
  let price = versions[0]?.listPrice ?? 0
  for (const version of versions) if (version.updatedAt <= isoTime) price = version.listPrice ?? price
  return price
}

// The catalogue names a product twice: the shop's own name and the supplier's.
const COLUMNS = 'product_id,sku,name,category,tags,attributes,list_price,unit_cost,introduced_on,updated_at,name'

function row(product: Product): string {
  return delimited([
    product.id,
    product.sku,
    product.name,
    product.category,
    JSON.stringify(product.tags),
    JSON.stringify({ color: product.color, weight_g: product.weightGrams }),
    product.listPrice === null ? 'not_available' : `${(product.listPrice / 100).toFixed(2)} USD`,
    `${(product.unitCost / 100).toFixed(2)} USD`,
    isoDay(product.introducedDay),
    product.updatedAt,
    product.name.toUpperCase(),
  ])
}

/** UTF-8 with a byte order mark, a header that repeats `name`, no line end after the last record. */
export function productsFile(scope: Scope): DataFile {
  return {
    path: 'shop/products.csv.gz',
    encoding: 'utf-8-bom',
    lineEnd: '\n',
    endsWithLineEnd: false,
    *lines() {
      yield* header(COLUMNS)
      for (let i = 0; i < sizes(scope).products; i++) yield* productLines(i, scope)
    },
  }
}

function* productLines(index: number, scope: Scope): Iterable<Line> {
  for (const [version, product] of productVersions(index, scope).entries()) {
    const text = row(product)
    if (version === 0 && index % 400 === 200) yield { text: text.replace(/^\d+/, 'SKU-?'), fate: 'quarantined' }
    if (version === 0 && index % 400 === 300) yield { text: `${text},`, fate: 'quarantined' }
    yield { text, fate: 'accepted' }
  }
}
