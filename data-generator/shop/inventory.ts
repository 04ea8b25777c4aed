import { germanDay, isoDay, months } from '../calendar.ts'
import { type DataFile, header } from '../files/data-file.ts'
import { delimited } from '../files/delimited.ts'
import { Random } from '../random.ts'
import { type Scope, sizes } from '../scope.ts'
import { introducedDay, type Product, productVersions } from './products.ts'

export const WAREHOUSES = ['HAM', 'LEJ'] as const

/** Stock of a product in a warehouse at the end of a day. `unitCost` in cents. */
export interface Stock {
  readonly day: number
  readonly warehouse: (typeof WAREHOUSES)[number]
  readonly productId: bigint
  readonly onHand: number
  readonly reserved: number
  readonly unitCost: number
}

/** One snapshot at each month's end, for every product that exists by then. */
export function* stock(scope: Scope): Iterable<Stock> {
  for (const month of months('2023-01', '2024-12')) {
    for (let i = 0; i < sizes(scope).products; i++) {
      if (introducedDay(i, scope) > month.last) continue
      const { id, unitCost } = productVersions(i, scope)[0] as Product
      for (const warehouse of WAREHOUSES) {
        const random = new Random(scope.seed, 'stock', month.name, i, warehouse)
        const onHand = random.chance(0.04) ? 0 : random.int(1, 60)
        yield {
          day: month.last,
          warehouse,
          productId: id,
          onHand,
          reserved: random.int(0, Math.min(3, onHand)),
          unitCost,
        }
      }
    }
  }
}

/** UTF-16 with a byte order mark; the two warehouses write dates in two ways. */
export function inventoryFile(scope: Scope): DataFile {
  return {
    path: 'shop/inventory.csv.gz',
    encoding: 'utf-16le-bom',
    lineEnd: '\r\n',
    endsWithLineEnd: true,
    *lines() {
      yield* header('snapshot_date,warehouse,product_id,on_hand,reserved,unit_cost')
      for (const item of stock(scope)) {
        const cells = [item.warehouse, item.productId, item.onHand, item.reserved, (item.unitCost / 100).toFixed(2)]
        const date = item.warehouse === 'HAM' ? germanDay(item.day) : isoDay(item.day)
        yield { text: delimited([date, ...cells]), fate: 'accepted' }
      }
    },
  }
}
