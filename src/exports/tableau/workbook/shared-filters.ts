import type { DashboardFilter, WorkbookSpec } from '../../../config/exports/workbook/workbook-spec.ts'

/** A dashboard's filter with the number by which Tableau knows that its sheets share it. */
export interface SharedFilter {
  readonly dashboard: string
  /** Place in the dashboard's `filters`. */
  readonly at: number
  readonly filter: DashboardFilter
  readonly group: number
}

export function sharedFilters(spec: WorkbookSpec): readonly SharedFilter[] {
  let group = 0
  return spec.dashboards.flatMap((dashboard) =>
    dashboard.filters.map((filter, at) => {
      group++
      return { dashboard: dashboard.name, at, filter, group }
    }),
  )
}
