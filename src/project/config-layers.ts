import type { ConfigLayer } from '../config/config-layer.ts'
import type { ConfigTree } from '../config/config-tree.ts'
import type { ProjectFile } from '../config/project-file.ts'
import type { LoadContext } from './load-context.ts'

/** The sections of the project file that configure folders. */
type Section = { readonly [K in keyof ProjectFile]: ProjectFile[K] extends ConfigTree ? K : never }[keyof ProjectFile]

/**
 * The layers of a resource, weakest first: the folders of its own project file, then what stands at the resource
 * (`own`), then, for resources of a package, what the root project says of that package.
 */
export function configLayers(
  context: LoadContext,
  section: Section,
  fqn: readonly string[],
  own: readonly ConfigLayer[],
): readonly ConfigLayer[] {
  const layers = [...context.project[section].layersFor(fqn), ...own]
  return context.overrides === null ? layers : [...layers, ...context.overrides[section].layersFor(fqn)]
}
