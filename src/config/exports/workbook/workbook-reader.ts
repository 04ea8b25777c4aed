import type { Diagnostic } from '../../../base/diagnostic.ts'
import { wrongType } from '../../errors.ts'
import { describeYaml, entryOf, type YamlMap, type YamlNode } from '../../yaml-node.ts'
import { isNothing, type YamlReader } from '../../yaml-reader.ts'
import { badColor, badFormat } from './errors.ts'
import { parseValueFormat, type ValueFormat } from './value-format.ts'
import type { Color } from './workbook-spec.ts'

/** Reads the small values of a workbook. Names of calculations and palettes are known before the sheets are read. */
export class WorkbookReader {
  readonly yaml: YamlReader
  readonly calculations: readonly string[]
  readonly palettes: readonly string[]

  constructor(
    yaml: YamlReader,
    names: { readonly calculations: readonly string[]; readonly palettes: readonly string[] },
  ) {
    this.yaml = yaml
    this.calculations = names.calculations
    this.palettes = names.palettes
  }

  report(diagnostic: Diagnostic): undefined {
    return this.yaml.report(diagnostic)
  }

  /** The value of a key that is there and not empty. */
  at(map: YamlMap, key: string): YamlNode | undefined {
    const entry = entryOf(map, key)
    return entry === undefined || isNothing(entry.value) ? undefined : entry.value
  }

  text(map: YamlMap, key: string): string | null {
    return this.yaml.optionalText(map, key, `\`${key}\``) ?? null
  }

  flag(map: YamlMap, key: string, otherwise: boolean): boolean {
    return this.yaml.optionalBoolean(map, key, `\`${key}\``) ?? otherwise
  }

  choice<T extends string>(map: YamlMap, key: string, allowed: readonly T[], otherwise: T): T {
    const node = this.at(map, key)
    return node === undefined ? otherwise : (this.yaml.choice(node, key, allowed) ?? otherwise)
  }

  /** Whole, from `least` on. */
  count(map: YamlMap, key: string, least: number): number | null {
    const node = this.at(map, key)
    return node === undefined ? null : (this.yaml.integer(node, `\`${key}\``, least) ?? null)
  }

  number(map: YamlMap, key: string): number | null {
    const node = this.at(map, key)
    return node === undefined ? null : (this.asNumber(node, `\`${key}\``) ?? null)
  }

  asNumber(node: YamlNode, what: string): number | undefined {
    const value = this.yaml.value(node)
    if (value === undefined || typeof value === 'number') return value
    return this.report(
      wrongType({ what, expected: 'a number', got: describeYaml(node) }, { span: this.yaml.span(node) }),
    )
  }

  color(map: YamlMap, key: string): Color | null {
    const node = this.at(map, key)
    return node === undefined ? null : (this.asColor(node) ?? null)
  }

  asColor(node: YamlNode): Color | undefined {
    const text = this.yaml.text(node, 'a colour')
    if (text === undefined) return undefined
    return parseColor(text) ?? this.report(badColor({ text, palettes: this.palettes }, { span: this.yaml.span(node) }))
  }

  colors(node: YamlNode, what: string): readonly Color[] | undefined {
    const colors = this.yaml.list(node, what).map((item) => this.asColor(item))
    return colors.every((color) => color !== undefined) ? colors : undefined
  }

  format(map: YamlMap): ValueFormat | null {
    const node = this.at(map, 'format')
    if (node === undefined) return null
    const text = this.yaml.text(node, '`format`')
    if (text === undefined) return null
    return parseValueFormat(text) ?? this.report(badFormat({ text }, { span: this.yaml.span(node) })) ?? null
  }
}

/** `#RGB` and `#RRGGBB` as `#rrggbb`. */
export function parseColor(text: string): Color | undefined {
  if (/^#[\da-f]{6}$/i.test(text)) return text.toLowerCase()
  if (!/^#[\da-f]{3}$/i.test(text)) return undefined
  return `#${[...text.slice(1).toLowerCase()].map((digit) => digit + digit).join('')}`
}
