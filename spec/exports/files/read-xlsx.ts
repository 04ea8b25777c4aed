import { readFileSync } from 'node:fs'
import { strFromU8, unzipSync } from 'fflate'
import { fromXml } from 'xast-util-from-xml'

type Root = ReturnType<typeof fromXml>
type Element = Extract<Root['children'][number], { readonly type: 'element' }>

export interface ReadSheet {
  readonly name: string
  /** The header first. Dates and times are ISO text, found by the number format of their cell. */
  readonly rows: readonly (readonly (string | number | boolean | null)[])[]
  /** Number format of each cell of the second row. */
  readonly formats: readonly string[]
  readonly frozen: string | undefined
  readonly filter: string | undefined
  readonly widths: readonly number[]
}

function children(element: Element | Root, name: string): readonly Element[] {
  const nodes: readonly (Element | Root)['children'][number][] = element.children
  return nodes.filter((c): c is Element => c.type === 'element' && c.name === name)
}

function at(element: Element | Root, ...path: readonly string[]): Element | undefined {
  let found: Element | Root | undefined = element
  for (const name of path) found = found === undefined ? undefined : children(found, name)[0]
  return found as Element | undefined
}

function textOf(element: Element | undefined): string {
  return (element?.children ?? []).map((c) => (c.type === 'text' ? c.value : '')).join('')
}

/** A workbook as a reader of the format sees it, which knows nothing of how it was written. */
export function readXlsx(path: string): readonly ReadSheet[] {
  const files = unzipSync(readFileSync(path))
  const part = (name: string) => fromXml(strFromU8(files[name]!))
  const styles = at(part('xl/styles.xml'), 'styleSheet')!
  const codes = new Map(
    children(at(styles, 'numFmts') ?? styles, 'numFmt').map((f) => [
      f.attributes['numFmtId'],
      f.attributes['formatCode']!,
    ]),
  )
  const formats = children(at(styles, 'cellXfs')!, 'xf').map((xf) => codes.get(xf.attributes['numFmtId']!) ?? 'General')
  const targets = new Map(
    children(at(part('xl/_rels/workbook.xml.rels'), 'Relationships')!, 'Relationship').map((r) => [
      r.attributes['Id'],
      r.attributes['Target']!,
    ]),
  )
  return children(at(part('xl/workbook.xml'), 'workbook', 'sheets')!, 'sheet').map(({ attributes }) => {
    const sheet = at(part(`xl/${targets.get(attributes['r:id']!)}`), 'worksheet')!
    const rows = children(at(sheet, 'sheetData')!, 'row')
    const width = children(rows[0]!, 'c').length
    return {
      name: attributes['name']!,
      rows: rows.map((row) => readRow(row, width, formats)),
      formats: children(rows[1] ?? rows[0]!, 'c').map((c) => formats[Number(c.attributes['s'])]!),
      frozen: at(sheet, 'sheetViews', 'sheetView', 'pane')?.attributes['topLeftCell'] ?? undefined,
      filter: at(sheet, 'autoFilter')?.attributes['ref'] ?? undefined,
      widths: children(at(sheet, 'cols')!, 'col').map((c) => Number(c.attributes['width'])),
    }
  })
}

function readRow(row: Element, width: number, formats: readonly string[]): (string | number | boolean | null)[] {
  const values: (string | number | boolean | null)[] = Array.from({ length: width }, () => null)
  for (const cell of children(row, 'c')) {
    const letters = /^[A-Z]+/.exec(cell.attributes['r']!)![0]
    const index = [...letters].reduce((n, letter) => n * 26 + letter.charCodeAt(0) - 64, 0) - 1
    values[index] = readCell(cell, formats[Number(cell.attributes['s'])]!)
  }
  return values
}

function readCell(cell: Element, format: string): string | number | boolean {
  if (cell.attributes['t'] === 'inlineStr') {
    const text = textOf(at(cell, 'is', 't'))
    return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  }
  const value = textOf(at(cell, 'v'))
  if (cell.attributes['t'] === 'b') return value === '1'
  if (format.startsWith('yyyy')) return isoOf(Number(value), format.includes('hh'))
  return format.startsWith('hh') ? clockOf(Number(value)) : Number(value)
}

function isoOf(serial: number, withTime: boolean): string {
  const days = Math.floor(serial)
  // What a number of this size can hold.
  const unit = days > 1_000_000 ? 1000 : 1
  const micros = Math.round(((serial - days) * 86_400_000_000) / unit) * unit
  const date = new Date(Date.UTC(1899, 11, days < 60 ? 31 + days : 30 + days)).toISOString().slice(0, 10)
  return withTime ? `${date} ${clock(micros)}` : date
}

const clockOf = (serial: number): string => clock(Math.round(serial * 86_400_000_000))

function clock(micros: number): string {
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0')
  const seconds = micros / 1_000_000
  const fraction = String(Math.round(micros) % 1_000_000)
    .padStart(6, '0')
    .replace(/0+$/, '')
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}${fraction === '' ? '' : `.${fraction}`}`
}
