import type { Project } from '../project/project.ts'

type Entry = Readonly<Record<string, unknown>>

/** `docs` of the manifest: the blocks of the project, and the home page of dbt's documentation site when none of them is it. */
export function docEntries({ name, docs }: Pick<Project, 'name' | 'docs'>): readonly (readonly [string, Entry])[] {
  const entries = docs.map(
    (doc) =>
      [
        doc.uniqueId,
        {
          name: doc.name,
          resource_type: 'doc',
          package_name: doc.packageName,
          path: doc.path,
          original_file_path: doc.originalFilePath,
          unique_id: doc.uniqueId,
          block_contents: doc.text,
        },
      ] as const,
  )
  const home = `doc.${name}.__overview__`
  return entries.some(([id]) => id === home) ? entries : [overview(home, name), ...entries]
}

function overview(id: string, name: string): readonly [string, Entry] {
  const path = 'overview.md'
  const block_contents = `# ${name}\n\nModels, sources and tests of \`${name}\`, built with tsdbt.`
  const place = { package_name: name, path, original_file_path: path, unique_id: id }
  return [id, { name: '__overview__', resource_type: 'doc', ...place, block_contents }]
}
