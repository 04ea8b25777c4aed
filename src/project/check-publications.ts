import type { Diagnostic } from '../base/diagnostic.ts'
import { publishedKinds } from '../config/exports/publish/publish-options.ts'
import { exportPublishedTwice } from './errors.ts'
import type { Export } from './resource.ts'

/** Reports exports that would replace each other on the site; names there that differ in case only are one name. */
export function checkPublications(exports: readonly Export[], report: (diagnostic: Diagnostic) => void): void {
  const taken = new Map<string, Export>()
  for (const node of exports) {
    if (!node.config.enabled || node.publish === null) continue
    const { options, nameSpan } = node.publish
    const { project, name } = options
    const key = [publishedKinds[node.choice.format], ...project, name].join('\n').toLowerCase()
    const earlier = taken.get(key)
    if (earlier === undefined) taken.set(key, node)
    else
      report(
        exportPublishedTwice(
          { node: node.name, other: earlier.name, name },
          {
            span: nameSpan,
            node: node.uniqueId,
            labels: [{ span: earlier.publish!.nameSpan, text: 'the other one' }],
          },
        ),
      )
  }
}
