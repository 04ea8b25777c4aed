import type { PublishOptions } from '../../../config/exports/publish/publish-options.ts'
import type { TableauConnection } from './tableau-connection.ts'
import { elementOf, elementsOf, type TsElement } from './ts-message.ts'

export type ContentKind = 'datasource' | 'workbook'

/** What is published where. */
export interface Publication {
  readonly kind: ContentKind
  readonly name: string
  readonly projectId: string
  /** `/Marketing/EMEA` */
  readonly project: string
  /** Absolute. */
  readonly path: string
  /** `sales.hyper` */
  readonly file: string
  /** `hyper` */
  readonly type: string
  readonly bytes: number
  readonly options: PublishOptions
}

/** Content of a site. */
export interface SiteContent {
  readonly id: string
  readonly name: string
  /** ISO 8601 as the server tells it; empty when it does not. */
  readonly updatedAt: string
  /** Where people find it; null when the server does not tell. */
  readonly url: string | null
}

export const kindWords: Readonly<Record<ContentKind, string>> = { datasource: 'data source', workbook: 'workbook' }

export function contentOf({ attributes }: TsElement): SiteContent {
  return {
    id: attributes['id'] ?? '',
    name: attributes['name'] ?? '',
    updatedAt: attributes['updatedAt'] ?? '',
    url: attributes['webpageUrl'] ?? null,
  }
}

/** What stands in the project under that name already; null when nothing does. Names are compared as the server does. */
export async function findContent(
  connection: TableauConnection,
  { kind, name, projectId }: Pick<Publication, 'kind' | 'name' | 'projectId'>,
): Promise<SiteContent | null> {
  // In a filter a comma begins the next condition, so a name that has one is looked for here.
  const filter = /[,:\\]/.test(name) ? '' : `filter=name:eq:${encodeURIComponent(name)}&`
  let seen = 0
  for (let page = 1; ; page++) {
    const response = await connection.askXml({
      method: 'GET',
      path: `/${kind}s?${filter}pageSize=1000&pageNumber=${page}`,
      repeatable: true,
      doing: `looking for the ${kindWords[kind]} \`${name}\``,
    })
    const found = elementsOf(response, kind)
    const match = found.find(
      (item) =>
        elementOf(item, 'project')?.attributes['id'] === projectId &&
        item.attributes['name']?.toLowerCase() === name.toLowerCase(),
    )
    if (match !== undefined) return contentOf(match)
    seen += found.length
    const total = Number(elementOf(response, 'pagination')?.attributes['totalAvailable'] ?? 0)
    if (found.length === 0 || seen >= total) return null
  }
}

/** The content of an id. */
export async function readContent(
  connection: TableauConnection,
  kind: ContentKind,
  id: string,
): Promise<SiteContent | null> {
  const response = await connection.askXml({
    method: 'GET',
    path: `/${kind}s/${id}`,
    repeatable: true,
    doing: `reading the ${kindWords[kind]}`,
  })
  const item = elementOf(response, kind)
  return item === undefined ? null : contentOf(item)
}
