import type { Span } from '../../../base/span.ts'
import type { Expression } from './measure-expression.ts'
import type { ValueFormat } from './value-format.ts'

/**
 * A workbook as its author describes it: sheets, dashboards and their look. It knows nothing of any program's file
 * format; what draws it needs no other words than these and the rows of the tables.
 */
export interface WorkbookSpec {
  readonly theme: Theme
  /** Those of the file; built-in ones are in `palettes.ts`. */
  readonly palettes: readonly Palette[]
  readonly calculations: readonly Calculation[]
  readonly sheets: readonly Sheet[]
  readonly dashboards: readonly Dashboard[]
}

/** Colours are `#rrggbb`, lower case. */
export type Color = string

export interface Palette {
  readonly name: string
  /** Categories take the colours in turn; the other two run through them, `diverging` around a middle. */
  readonly kind: 'categorical' | 'sequential' | 'diverging'
  readonly colors: readonly Color[]
}

/** What every sheet and dashboard looks like where they say nothing themselves. Sizes of fonts are points. */
export interface Theme {
  readonly name: string
  /** First choice and what stands in for it. */
  readonly fonts: readonly string[]
  readonly fontSize: number
  readonly titleSize: number
  readonly headingSize: number
  readonly kpiSize: number
  readonly text: Color
  readonly secondaryText: Color
  readonly accent: Color
  /** Behind a dashboard. */
  readonly background: Color
  /** Behind a sheet. */
  readonly surface: Color
  readonly grid: Color
  readonly axisLine: Color | null
  readonly border: Color | null
  /** Between the edge of a sheet's box and its contents, and around the box; pixels. */
  readonly padding: number
  readonly gap: number
  /** Radius of the corners of boxes with a background, pixels; for programs that can draw them. */
  readonly corners: number
  /** Names of palettes. */
  readonly categorical: string
  readonly sequential: string
  readonly diverging: string
}

/** A named measure over aggregates, or a formula in the words of the program that shows the workbook. */
export interface Calculation {
  readonly name: string
  readonly title: string
  /** Of the export; null when it has only one. */
  readonly data: string | null
  readonly value:
    | { readonly kind: 'expression'; readonly expression: Expression }
    | {
        readonly kind: 'formula'
        /** Tableau's language. */
        readonly formula: string
        readonly role: 'measure' | 'dimension'
        readonly type: 'real' | 'integer' | 'string' | 'boolean' | 'date' | 'datetime'
        readonly span: Span
      }
  readonly format: ValueFormat | null
  readonly description: string
  readonly span: Span
}

export type DateLevel = 'year' | 'quarter' | 'month' | 'week' | 'day' | 'hour' | 'minute'
export type DatePart = DateLevel | 'weekday'

/** What a field of a sheet is. */
export type FieldValue =
  /** A column as it is: a category, or an exact date. */
  | { readonly kind: 'column'; readonly column: string }
  /** `truncated`: the first day of the period, on a time axis. Otherwise the part alone: `3` for March of any year. */
  | { readonly kind: 'date'; readonly column: string; readonly truncated: true; readonly level: DateLevel }
  | { readonly kind: 'date'; readonly column: string; readonly truncated: false; readonly level: DatePart }
  | { readonly kind: 'measure'; readonly expression: Expression }
  /** One of the workbook's; else one that the model brings along (`agg(name)`). */
  | { readonly kind: 'calculation'; readonly name: string }

export interface Field {
  readonly value: FieldValue
  /** Instead of the caption of the column or calculation. */
  readonly title: string | null
  readonly format: ValueFormat | null
  /** Own header for each value (true) or an axis (false); null: as usual for the kind of value. */
  readonly discrete: boolean | null
  readonly axis: Axis | null
  /** As written. */
  readonly text: string
  readonly span: Span
}

export interface Axis {
  readonly visible: boolean
  /** Null: by the data. */
  readonly minimum: number | null
  readonly maximum: number | null
  readonly includeZero: boolean
  readonly grid: boolean
}

export type SheetKind =
  | 'line'
  | 'area'
  | 'bar'
  | 'map'
  | 'text'
  | 'kpi'
  | 'highlight'
  | 'scatter'
  | 'funnel'
  | 'interval'

/** One view of one table. Shelves that the kind does not use are empty. */
export interface Sheet {
  readonly name: string
  readonly kind: SheetKind
  /** Table of the export; null when it has only one. */
  readonly data: string | null
  readonly title: StyledText | null
  readonly description: string
  /** From left to right; dimensions before the last one split the view into panes. */
  readonly columns: readonly Field[]
  /** From top to bottom. */
  readonly rows: readonly Field[]
  /**
   * `text`: the measures in the cells. `kpi`: the first one is the large number, the others stand below it. `interval`: the
   * point, and the ends of the line through it.
   */
  readonly values: readonly Field[]
  /** `map`: a field with a geographic role, filled; or a place by its coordinates, as a symbol. */
  readonly location: MapLocation | null
  readonly color: ColorUse
  readonly size: Field | null
  readonly labels: readonly Field[]
  readonly detail: readonly Field[]
  /** Null: the program's own tooltip of all fields. */
  readonly tooltip: StyledText | null
  readonly filters: readonly Filter[]
  readonly sorts: readonly Sort[]
  readonly referenceLines: readonly ReferenceLine[]
  /** `bar`, `area`: parts of one bar on top of each other, each as its share of the whole, or beside one another. */
  readonly stack: 'stacked' | 'percent' | 'none'
  /** `line`: a point at each value. */
  readonly markers: boolean
  /** Two measures on one shelf drawn over each other, each with an axis of its own. */
  readonly dualAxis: boolean
  /** `funnel`: bars around the middle, or from the left. */
  readonly funnelShape: 'centered' | 'left'
  /** `text`: sums at the end of rows and columns. */
  readonly totals: { readonly rows: boolean; readonly columns: boolean }
  readonly span: Span
}

export type MapLocation =
  | { readonly kind: 'area'; readonly fields: readonly Field[] }
  | { readonly kind: 'point'; readonly latitude: Field; readonly longitude: Field }

/** `colors` are those for single values, `palette` a name or the colours themselves, else the theme's. */
export type ColorUse =
  | { readonly kind: 'fixed'; readonly color: Color }
  | { readonly kind: 'accent' }
  | {
      readonly kind: 'field'
      readonly field: Field
      readonly palette: string | readonly Color[] | null
      readonly colors: readonly { readonly value: string; readonly color: Color }[]
      readonly reversed: boolean
      /** Number of shades; null: a gradient. */
      readonly steps: number | null
      /** The value in the middle of a diverging palette. */
      readonly center: number | null
      readonly minimum: number | null
      readonly maximum: number | null
    }

/** Text with fields in it: `{sum(spend)}` stands for the value at the mark. */
export interface StyledText {
  readonly parts: readonly (string | Field)[]
  /** Null: as the theme has it for this place. */
  readonly size: number | null
  readonly color: Color | null
  readonly bold: boolean | null
  readonly align: 'left' | 'center' | 'right' | null
}

export type FilterRule =
  | { readonly kind: 'all' }
  | { readonly kind: 'values'; readonly values: readonly FilterCell[]; readonly exclude: boolean }
  /** Both ends inclusive; null: open. Numbers or ISO dates. */
  | { readonly kind: 'range'; readonly from: number | string | null; readonly to: number | string | null }
  /** The last `count` whole periods up to and with the one of `until`, an ISO date; null: today. */
  | { readonly kind: 'last'; readonly count: number; readonly period: DateLevel; readonly until: string | null }
  | { readonly kind: 'top'; readonly count: number; readonly end: 'top' | 'bottom'; readonly by: Field }

export type FilterCell = string | number | boolean | null

export interface Filter {
  readonly field: Field
  readonly rule: FilterRule
  readonly span: Span
}

export interface Sort {
  readonly field: Field
  readonly rule:
    | { readonly kind: 'by'; readonly by: Field; readonly descending: boolean }
    | { readonly kind: 'self'; readonly descending: boolean }
    | { readonly kind: 'manual'; readonly order: readonly string[] }
}

export interface ReferenceLine {
  /** The measure on whose axis it stands. */
  readonly field: Field
  readonly value: 'average' | 'median' | 'minimum' | 'maximum' | 'total' | number
  readonly label: string | null
  readonly color: Color | null
  readonly dashed: boolean
  readonly scope: 'table' | 'pane' | 'cell'
}

/** Pixels. `automatic` fills the window. */
export type DashboardSize =
  | { readonly kind: 'fixed'; readonly width: number; readonly height: number }
  | { readonly kind: 'automatic' }
  | {
      readonly kind: 'range'
      readonly minWidth: number
      readonly minHeight: number
      readonly maxWidth: number
      readonly maxHeight: number
    }

export interface Dashboard {
  readonly name: string
  readonly description: string
  readonly size: DashboardSize
  readonly background: Color | null
  readonly layout: LayoutItem
  /** Another arrangement for narrow screens. */
  readonly phone: { readonly height: number; readonly layout: LayoutItem } | null
  readonly filters: readonly DashboardFilter[]
  readonly actions: readonly DashboardAction[]
  readonly span: Span
}

/** A box of a dashboard. Its extent runs along the direction of the stack that it is in. */
export type LayoutItem = LayoutBox & LayoutContent

export interface LayoutBox {
  /** Pixels; null: a share of what fixed ones leave, by weight. */
  readonly fixed: number | null
  readonly weight: number
  readonly background: Color | null
  /** Pixels; null: by the theme. */
  readonly padding: number | null
  readonly margin: number | null
  readonly border: Color | null
  readonly span: Span
}

export type LayoutContent =
  | { readonly kind: 'stack'; readonly direction: 'rows' | 'columns'; readonly items: readonly LayoutItem[] }
  | { readonly kind: 'sheet'; readonly sheet: string; readonly showTitle: boolean; readonly fit: SheetFit }
  | { readonly kind: 'text'; readonly text: StyledText; readonly heading: boolean }
  /** `filter` is the place in the dashboard's `filters`. */
  | { readonly kind: 'filter'; readonly filter: number; readonly control: FilterControl; readonly title: string | null }
  | { readonly kind: 'legend'; readonly sheet: string; readonly of: 'color' | 'size'; readonly title: string | null }
  /** Path below the project. */
  | { readonly kind: 'image'; readonly path: string; readonly url: string | null }
  | { readonly kind: 'blank' }

/** How a sheet uses the room of its box. */
export type SheetFit = 'entire' | 'width' | 'height' | 'standard'

export type FilterControl = 'list' | 'dropdown' | 'single_list' | 'single_dropdown' | 'slider' | 'search'

/** One filter that several sheets of a dashboard share. */
export interface DashboardFilter extends Filter {
  readonly name: string
  /** All of one table. */
  readonly sheets: readonly string[]
}

export type DashboardAction = {
  readonly name: string
  /** Sheets of the dashboard. */
  readonly from: readonly string[]
  readonly on: 'select' | 'hover' | 'menu'
  readonly span: Span
} & (
  | {
      readonly kind: 'filter'
      readonly to: readonly string[]
      /** Columns; empty: all fields of the marks. */
      readonly fields: readonly string[]
      readonly clearing: 'show_all' | 'keep' | 'exclude_all'
    }
  | { readonly kind: 'highlight'; readonly to: readonly string[]; readonly fields: readonly string[] }
  | { readonly kind: 'url'; readonly url: StyledText }
)
