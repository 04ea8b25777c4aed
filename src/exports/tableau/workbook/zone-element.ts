import type { Element } from 'xast'
import { x } from 'xastscript'
import type { FilterControl, WorkbookSpec } from '../../../config/exports/workbook/workbook-spec.ts'
import { formattedText } from './formatted-text.ts'
import { format } from './style-rule.ts'
import { type PlacedBox, zoneUnits } from './zone-tree.ts'

/** What zones of one dashboard need to know. */
export interface ZoneContext {
  readonly spec: WorkbookSpec
  readonly page: { readonly width: number; readonly height: number }
  /** The next id; ids are unique within a dashboard. */
  nextId(): string
  /** `[federated.…].[none:country:nk]` of a dashboard's filter, and the sheet that the card belongs to. */
  filterCard(at: number): { readonly ref: string; readonly sheet: string }
  /** The field that colours or sizes a sheet; null when none does. */
  legendField(sheet: string, of: 'color' | 'size'): string | null
  /** Path of an image within the package. */
  imagePath(path: string): string
  /** Rounded corners are known to newer versions only; null leaves them out. */
  readonly corners: number | null
}

const CONTROLS: { readonly [c in FilterControl]: string | null } = {
  list: null,
  dropdown: 'checkdropdown',
  single_list: 'radiolist',
  single_dropdown: 'dropdown',
  slider: 'slider',
  search: 'typeinlist',
}

export function zoneElement(box: PlacedBox, context: ZoneContext): Element {
  const { item, place } = box
  const { theme } = context.spec
  const id = context.nextId()
  const size = box.fixed === null ? {} : { 'fixed-size': String(box.fixed), 'is-fixed': 'true' }
  const common = { ...zoneUnits(place, context.page), id, ...size }
  switch (item.kind) {
    case 'stack':
      return x('zone', { ...common, param: item.direction === 'rows' ? 'vert' : 'horz', 'type-v2': 'layout-flow' }, [
        ...box.children.map((child) => zoneElement(child, context)),
        zoneStyle(box, context),
      ])
    case 'sheet':
      return x('zone', { ...common, name: item.sheet, 'show-title': item.showTitle ? null : 'false' }, [
        zoneStyle(box, context),
      ])
    case 'text': {
      const otherwise = {
        size: item.heading ? theme.headingSize : theme.fontSize + 1,
        color: item.heading ? theme.text : theme.secondaryText,
        bold: item.heading,
        align: 'left',
      } as const
      return x('zone', { ...common, forceUpdate: 'true', 'type-v2': 'text' }, [
        formattedText(item.text, otherwise, theme, null),
        zoneStyle(box, context),
      ])
    }
    case 'filter': {
      const { ref, sheet } = context.filterCard(item.filter)
      const mode = CONTROLS[item.control]
      return x(
        'zone',
        {
          ...common,
          'custom-title': item.title === null ? null : 'true',
          mode,
          name: sheet,
          param: ref,
          'type-v2': 'filter',
          values: 'database',
        },
        [...titleOf(item.title, context), zoneStyle(box, context)],
      )
    }
    case 'legend': {
      const ref = context.legendField(item.sheet, item.of)
      if (ref === null) return x('zone', { ...common, 'type-v2': 'empty' }, [zoneStyle(box, context)])
      return x(
        'zone',
        {
          ...common,
          'custom-title': item.title === null ? null : 'true',
          'leg-item-layout': 'horz',
          name: item.sheet,
          'pane-specification-id': '0',
          param: ref,
          'type-v2': item.of,
        },
        [...titleOf(item.title, context), zoneStyle(box, context)],
      )
    }
    case 'image':
      return x(
        'zone',
        {
          ...common,
          'is-centered': '1',
          'is-scaled': '1',
          param: context.imagePath(item.path),
          'type-v2': 'bitmap',
          ...(item.url === null ? {} : { url: item.url }),
        },
        [zoneStyle(box, context)],
      )
    case 'blank':
      return x('zone', { ...common, 'type-v2': 'empty' }, [zoneStyle(box, context)])
  }
}

function titleOf(title: string | null, { spec }: ZoneContext): Element[] {
  if (title === null) return []
  const { theme } = spec
  const style = { size: theme.fontSize, color: theme.secondaryText, bold: false, align: 'left' } as const
  return [formattedText({ parts: [title], size: null, color: null, bold: null, align: null }, style, theme, null)]
}

function zoneStyle(box: PlacedBox, context: ZoneContext): Element {
  const { item, margin, padding } = box
  const { theme } = context.spec
  const sheet = item.kind === 'sheet'
  const border = item.border ?? (sheet ? theme.border : null)
  const background = item.background ?? (sheet ? theme.surface : null)
  return x('zone-style', [
    format('border-color', border ?? '#000000'),
    format('border-style', border === null ? 'none' : 'solid'),
    format('border-width', border === null ? 0 : 1),
    format('margin', margin),
    format('padding', padding),
    ...(background === null ? [] : [format('background-color', background)]),
    ...(context.corners === null || background === null || context.corners === 0
      ? []
      : [format('corner-radius', context.corners)]),
  ])
}
