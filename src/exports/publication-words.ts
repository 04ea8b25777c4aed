import { publishedKinds } from '../config/exports/publish/publish-options.ts'
import type { Export } from '../project/resource.ts'
import type { Published } from './publisher.ts'

/** `to /Marketing/EMEA as the data source \`Campaign trends\``, of an export that is published. */
export function publicationWords({ publish, choice }: Pick<Export, 'publish' | 'choice'>): string {
  const { project, name } = publish!.options
  const kind = publishedKinds[choice.format] === 'workbook' ? 'workbook' : 'data source'
  return `to /${project.join('/')} as the ${kind} \`${name}\``
}

/** For the results of a run. */
export function publishedFacts(published: Published): Readonly<Record<string, string>> {
  const { kind, id, project, name, url } = published
  return {
    published_as: kind,
    published_id: id,
    published_to: `${project}/${name}`,
    ...(url === null ? {} : { published_url: url }),
  }
}
