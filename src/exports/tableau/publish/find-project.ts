import { UserError } from '../../../base/errors.ts'
import { nearestName } from '../../../base/nearest.ts'
import { projectAmbiguous, projectMissing } from './errors.ts'
import type { TableauConnection } from './tableau-connection.ts'
import { elementOf, elementsOf } from './ts-message.ts'

export interface SiteProject {
  readonly id: string
  readonly name: string
  /** Null for one at the top; may be one that the token does not see. */
  readonly parent: string | null
}

const pageSize = 1000

/** All projects that the token sees. */
export async function listProjects(connection: TableauConnection): Promise<readonly SiteProject[]> {
  const projects: SiteProject[] = []
  for (let page = 1; ; page++) {
    const response = await connection.askXml({
      method: 'GET',
      path: `/projects?pageSize=${pageSize}&pageNumber=${page}`,
      repeatable: true,
      doing: 'listing the projects',
    })
    const found = elementsOf(response, 'project').map(({ attributes }) => ({
      id: attributes['id'] ?? '',
      name: attributes['name'] ?? '',
      parent: attributes['parentProjectId'] ?? null,
    }))
    projects.push(...found)
    const total = Number(elementOf(response, 'pagination')?.attributes['totalAvailable'] ?? 0)
    if (found.length === 0 || projects.length >= total) return projects
  }
}

/**
 * The project of a path, names from the top on; one name that is the id of a project is that project. Raises `UserError`
 * with the nearest paths when there is none, or several.
 */
export function findProject(projects: readonly SiteProject[], path: readonly string[]): SiteProject {
  const byId = path.length === 1 ? projects.find((project) => project.id === path[0]!.toLowerCase()) : undefined
  if (byId !== undefined) return byId
  const paths = pathsOf(projects)
  const found = projects.filter((project) => same(paths.get(project.id), path))
  if (found.length === 1) return found[0]!
  const wanted = showPath(path)
  if (found.length > 1) throw new UserError(projectAmbiguous({ path: wanted, ids: found.map((project) => project.id) }))
  const all = [...paths.values()]
  let under = path.slice(0, -1)
  while (under.length > 0 && !all.some((names) => same(names, under))) under = under.slice(0, -1)
  const below = all.filter((names) => names.length > under.length && same(names.slice(0, under.length), under))
  const beside = below.filter((names) => names.length === under.length + 1)
  const near = nearestName(
    path[under.length]!,
    beside.map((names) => names.at(-1)!),
  )
  throw new UserError(
    projectMissing({
      path: wanted,
      near: near === undefined ? undefined : showPath([...under, near, ...path.slice(under.length + 1)]),
      known: (below.length > 0 ? below : all).map(showPath).sort(),
      under: under.length === 0 ? null : showPath(under),
    }),
  )
}

function same(names: readonly string[] | undefined, others: readonly string[]): boolean {
  return names !== undefined && names.length === others.length && names.every((name, i) => name === others[i])
}

/** `/Marketing/EMEA`; a slash within a name is doubled, as it is read. */
export function showPath(path: readonly string[]): string {
  return path.map((name) => `/${name.replaceAll('/', '//')}`).join('')
}

/** Names from the top on; from the highest one that is seen when its parents are not. */
function pathsOf(projects: readonly SiteProject[]): ReadonlyMap<string, readonly string[]> {
  const byId = new Map(projects.map((project) => [project.id, project]))
  return new Map(
    projects.map((project) => {
      const seen = new Set<SiteProject>()
      for (let at: SiteProject | undefined = project; at !== undefined && !seen.has(at); ) {
        seen.add(at)
        at = at.parent === null ? undefined : byId.get(at.parent)
      }
      return [project.id, [...seen].reverse().map(({ name }) => name)] as const
    }),
  )
}
