import type { Diagnostic } from '../base/diagnostic.ts'
import { SourceFile } from '../base/source-file.ts'
import { badVars, wrongType } from './errors.ts'
import type { ConfigValue } from './node-config.ts'
import { parseYaml } from './parse-yaml.ts'
import { describeYaml, type YamlNode } from './yaml-node.ts'
import { rawValue, setOwn, type YamlReader } from './yaml-reader.ts'

export type Vars = { readonly [name: string]: ConfigValue }

/** `vars:` of `project.yml`: those for all packages, and those under the project's own name, which win for this project. */
export interface ProjectVars {
  readonly common: Vars
  readonly own: Vars
}

/** A mapping under a name of a package stays a variable, too: which names are packages is not known here. */
export function readVars(reader: YamlReader, node: YamlNode, project: string): ProjectVars {
  if (node.kind !== 'map') {
    reader.report(
      wrongType({ what: '`vars`', expected: 'a mapping', got: describeYaml(node) }, { span: reader.span(node) }),
    )
    return { common: {}, own: {} }
  }
  const common: Record<string, ConfigValue> = {}
  const own: Record<string, ConfigValue> = {}
  for (const entry of node.entries) {
    const value = reader.value(entry.value)
    if (value === undefined) continue
    if (entry.key === project && entry.value.kind === 'map') Object.assign(own, value)
    else setOwn(common, entry.key, value)
  }
  return { common, own }
}

/** The text of `--vars`: a YAML mapping, where `2018-02-01` stays text. Templates in it are not evaluated. */
export function parseCommandVars(text: string): { readonly vars: Vars; readonly diagnostics: readonly Diagnostic[] } {
  const file = new SourceFile('<--vars>', text)
  const { root, diagnostics } = parseYaml(file)
  if (root === undefined) return { vars: {}, diagnostics }
  if (root.kind !== 'map') {
    const span = { path: file.path, start: root.start, end: root.end }
    return { vars: {}, diagnostics: [...diagnostics, badVars({ got: describeYaml(root) }, { span })] }
  }
  return { vars: rawValue(root) as Vars, diagnostics }
}
