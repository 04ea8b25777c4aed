import { calledMacros } from '../graph/called-macros.ts'
import { type Project, prefixOf } from '../project/project.ts'
import type { MacroDefinition } from '../template/template.ts'

/** Macros of the project and its packages, and the built-in ones that some node may call. */
export function manifestMacros(project: Project): readonly MacroDefinition[] {
  const used = new Set<string>()
  for (const node of [
    ...project.models,
    ...project.tests,
    ...project.analyses,
    ...project.functions,
    ...project.operations,
    ...project.disabled,
  ]) {
    for (const id of calledMacros(node)) used.add(id)
  }
  const built = [...used].map((id) => project.macros.get(id)).filter((m) => m !== undefined)
  const listed = new Map([...project.macros.written, ...built].map((m) => [m.uniqueId, m]))
  return [...listed.values()].sort((a, b) => (a.uniqueId < b.uniqueId ? -1 : 1))
}

/** Nodes name all macros they may call, also those called by macros, so macros name none. */
export function macroEntry(macro: MacroDefinition, project: Project, createdAt: number): Record<string, unknown> {
  const { file, span } = macro
  const described = project.macroProperties.get(macro.uniqueId)
  const meta = described?.meta ?? {}
  const docs = { show: true, node_color: null }
  const path = file.path.slice(prefixOf(project, macro.packageName).length)
  return {
    name: macro.uniqueId.slice(macro.uniqueId.lastIndexOf('.') + 1),
    resource_type: 'macro',
    package_name: macro.packageName,
    path,
    original_file_path: path,
    unique_id: macro.uniqueId,
    macro_sql: file.text.slice(span.start, span.end),
    depends_on: { macros: [] },
    description: described?.description ?? '',
    meta,
    docs,
    config: { meta, docs },
    patch_path: described === undefined ? null : `${macro.packageName}://${described.patchPath}`,
    arguments: described?.arguments ?? macro.parameters.map((p) => ({ name: p.name, type: null, description: '' })),
    created_at: createdAt,
    supported_languages: null,
  }
}
