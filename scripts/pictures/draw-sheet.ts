import { drawBars } from './draw-bars.ts'
import { drawFunnel } from './draw-funnel.ts'
import { drawHighlight } from './draw-highlight.ts'
import { drawIntervals } from './draw-intervals.ts'
import { drawKpi } from './draw-kpi.ts'
import { drawLines } from './draw-lines.ts'
import { drawMap } from './draw-map.ts'
import { drawScatter } from './draw-scatter.ts'
import { drawTextTable } from './draw-text-table.ts'
import type { SheetView } from './sheet-view.ts'

/** What a sheet shows, as SVG elements from (0, 0) on. `countries` is the seed of all countries with their codes. */
export async function drawSheet(view: SheetView, countries: string): Promise<string> {
  switch (view.sheet.kind) {
    case 'line':
    case 'area':
      return drawLines(view)
    case 'bar':
      return drawBars(view)
    case 'map':
      return drawMap(view, countries)
    case 'text':
      return drawTextTable(view)
    case 'kpi':
      return drawKpi(view)
    case 'highlight':
      return drawHighlight(view)
    case 'scatter':
      return drawScatter(view)
    case 'interval':
      return drawIntervals(view)
    case 'funnel':
      return drawFunnel(view)
  }
}
