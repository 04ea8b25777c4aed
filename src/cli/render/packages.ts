import type { DepsOutcome } from '../../commands/deps.ts'

/** What `deps` did, a line a package. */
export function describePackages({ packages, written }: DepsOutcome): readonly string[] {
  const lines = packages.map(({ locked, fresh }) => {
    if (locked.kind === 'local') return `${locked.name} (${locked.path}) is read where it lies`
    const version = locked.kind === 'git' ? locked.revision.slice(0, 10) : locked.version
    return fresh ? `installed ${locked.name} ${version}` : `${locked.name} ${version}`
  })
  return [...written.map((path) => `wrote ${path}`), ...lines]
}
