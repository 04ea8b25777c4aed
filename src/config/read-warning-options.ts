import type { Diagnostic } from '../base/diagnostic.ts'
import { SourceFile } from '../base/source-file.ts'
import { type WarningOptions, warningNames, warningsAreWarnings } from '../base/warning-policy.ts'
import { unknownWarning, warningListTwice, wrongType } from './errors.ts'
import { parseYaml } from './parse-yaml.ts'
import { describeYaml, type YamlEntry, type YamlMap } from './yaml-node.ts'
import { isNothing, YamlReader } from './yaml-reader.ts'

/** dbt's older names of the lists. */
const OLD: Readonly<Record<string, keyof WarningOptions>> = { include: 'error', exclude: 'warn' }

/** The text of `--warn-error-options`: a YAML mapping. Templates in it are not evaluated. */
export function readWarningOptions(text: string): {
  readonly options: WarningOptions
  readonly diagnostics: readonly Diagnostic[]
} {
  const file = new SourceFile('<--warn-error-options>', text)
  const { root, diagnostics: syntax } = parseYaml(file)
  const diagnostics: Diagnostic[] = [...syntax]
  const reader = new YamlReader(file, diagnostics, (value) => value)
  if (root === undefined || isNothing(root)) return { options: warningsAreWarnings, diagnostics }
  if (root.kind !== 'map') {
    const expected = 'a mapping such as `{error: all, warn: [DeprecatedModel]}`'
    const place = { span: reader.span(root) }
    reader.report(wrongType({ what: '`--warn-error-options`', expected, got: describeYaml(root) }, place))
    return { options: warningsAreWarnings, diagnostics }
  }
  reader.map(root, '`--warn-error-options`', ['error', 'warn', 'silence', ...Object.keys(OLD)])
  const options = {
    error: readList(reader, root, 'error'),
    warn: readList(reader, root, 'warn'),
    silence: readList(reader, root, 'silence'),
  }
  return { options, diagnostics }
}

function readList(reader: YamlReader, map: YamlMap, list: keyof WarningOptions): 'all' | readonly string[] {
  const entries = map.entries.filter((e) => e.key === list || OLD[e.key] === list)
  const [entry, second] = entries
  if (entry === undefined) return []
  if (second !== undefined)
    reader.report(warningListTwice({ first: entry.key, second: second.key }, { span: reader.keySpan(second) }))
  return namesIn(reader, entry)
}

function namesIn(reader: YamlReader, { key, value }: YamlEntry): 'all' | readonly string[] {
  if (isNothing(value)) return []
  const names = reader.texts(value, `\`${key}\``) ?? []
  if (names.some((name) => name === 'all' || name === '*')) return 'all'
  const known = warningNames()
  const nodes = value.kind === 'list' ? value.items : [value]
  for (const [i, name] of names.entries())
    if (!known.includes(name)) reader.report(unknownWarning({ name, known }, { span: reader.span(nodes[i]!) }))
  return names
}
