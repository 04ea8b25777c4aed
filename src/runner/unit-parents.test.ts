import { describe, expect, it } from 'vitest'
import { HandBuiltProject } from '../../spec/artifacts/hand-built-project.ts'
import { buildGraph } from '../graph/build-graph.ts'
import { unitParents } from './unit-parents.ts'

function parentsOf(name: string, project: HandBuiltProject, members: readonly string[]) {
  const { graph } = buildGraph(project.build())
  const { direct, throughView } = unitParents(graph, project.id(name), new Set(members.map((m) => project.id(m))))
  return { direct: direct.map((id) => id.split('.').at(-1)), throughView }
}

describe('unitParents', () => {
  it('looks through ephemerals', () => {
    const project = new HandBuiltProject().table('a').ephemeral('e', ['a']).view('v', ['e'])
    expect(parentsOf('v', project, ['a', 'v'])).toEqual({ direct: ['a'], throughView: false })
  })

  it('tells when a view that is not built stands between', () => {
    const project = new HandBuiltProject().table('a').view('u', ['a']).view('v', ['u'])
    expect(parentsOf('v', project, ['a', 'v'])).toEqual({ direct: [], throughView: true })
  })

  it('stops at tables that are not built: they do not show new rows', () => {
    const project = new HandBuiltProject().table('a').table('u', ['a']).view('v', ['u'])
    expect(parentsOf('v', project, ['a', 'v'])).toEqual({ direct: [], throughView: false })
  })
})
