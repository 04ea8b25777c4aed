import { byCountryFiles } from './ads/by-country.ts'
import { googleFiles } from './ads/google.ts'
import { metaFiles } from './ads/meta.ts'
import type { DataFile } from './files/data-file.ts'
import { exchangeRatesFile } from './reference/exchange-rates.ts'
import type { Scope } from './scope.ts'
import { campaignsFile } from './shop/campaigns.ts'
import { clickstreamFiles } from './shop/clickstream.ts'
import { customersFile } from './shop/customers.ts'
import { experimentsFile } from './shop/experiments.ts'
import { inventoryFile } from './shop/inventory.ts'
import { orderItemsFiles, ordersFiles } from './shop/order-files.ts'
import { productsFile } from './shop/products.ts'
import { superstoreFile } from './superstore.ts'
import { columnHeadersFile, hitFiles, mobileAttributesFile } from './web/hit-files.ts'

/** Every file of the data set. `root` is the folder whose node_modules holds the real data. */
export function allFiles(scope: Scope, root: string): readonly DataFile[] {
  return [
    customersFile(scope),
    productsFile(scope),
    campaignsFile(scope),
    ...ordersFiles(scope),
    ...orderItemsFiles(scope),
    ...clickstreamFiles(scope),
    experimentsFile(scope),
    inventoryFile(scope),
    ...googleFiles(scope),
    ...metaFiles(scope),
    ...byCountryFiles(scope),
    ...hitFiles(scope),
    columnHeadersFile(),
    mobileAttributesFile(),
    exchangeRatesFile(scope),
    superstoreFile(root),
  ]
}
