import { join } from 'node:path'
import { SourceFile } from '../base/source-file.ts'
import type { Span } from '../base/span.ts'
import { parseYaml } from '../config/parse-yaml.ts'
import { readTextFile } from '../config/text-file.ts'
import { entryOf } from '../config/yaml-node.ts'
import { rawValue } from '../config/yaml-reader.ts'
import { findProjectFile } from '../project/project-identity.ts'

/** A value of `flags:` in the project file, as text. */
export interface ProjectFlag {
  /** With `_`, as in the file. */
  readonly name: string
  readonly text: string
  readonly span: Span
}

/**
 * The values of `flags:`: the project's defaults for options of the command line. None when the file cannot be read or
 * is no YAML: opening the project says so. Mistakes in other flags are reported there, too.
 */
export function readProjectFlags(root: string): readonly ProjectFlag[] {
  const file = readProjectText(root)
  // Most projects have none, and YAML is not parsed twice for nothing.
  if (!/^['"]?flags['"]?\s*:/m.test(file.text)) return []
  const { root: tree } = parseYaml(file)
  const section = tree?.kind === 'map' ? entryOf(tree, 'flags')?.value : undefined
  if (section?.kind !== 'map') return []
  return section.entries.flatMap(({ key, value }) => {
    const isNothing = value.kind === 'scalar' && value.value === null
    if (isNothing) return []
    // `warn_error_options` is a mapping, which is YAML in JSON's form, too.
    const text = value.kind === 'scalar' ? String(value.value) : JSON.stringify(rawValue(value))
    return [{ name: key, text, span: { path: file.path, start: value.start, end: value.end } }]
  })
}

function readProjectText(root: string): SourceFile {
  try {
    const path = findProjectFile(root)
    return readTextFile(join(root, path), path).file
  } catch {
    return new SourceFile('project.yml', '')
  }
}
