import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { StatePlace } from '../artifacts/state/local-state.ts'
import type { StateFolder } from '../artifacts/state/read-artifact.ts'
import { displayPath } from './resolve-target.ts'
import { targetFolder } from './save-artifacts.ts'
import type { Workspace } from './workspace.ts'

/** Where the state of each target is kept, below the target folder: `parse` and runs on other targets leave it alone. */
const kept = 'state'

/** The folder of the local state of a target. */
export function localStateFolder(workspace: Workspace, target = workspace.targetInfo.name): StateFolder {
  return keptFolder(targetFolder(workspace), workspace.project.root, target)
}

export function keptFolder(targetPath: string, root: string, target: string): StateFolder {
  const path = join(targetPath, kept, encodeURIComponent(target).replaceAll('.', '%2E'))
  return { path, shown: displayPath(root, path) }
}

/** Targets other than this one whose state is kept, as folders to write behind `--state`. */
export function otherStateFolders(workspace: Workspace): readonly string[] {
  const own = localStateFolder(workspace).path
  const folder = join(targetFolder(workspace), kept)
  try {
    return readdirSync(folder)
      .map((name) => join(folder, name))
      .filter((path) => path !== own)
      .map((path) => displayPath(workspace.project.root, path))
      .sort()
  } catch {
    return []
  }
}

/** Where the nodes of this workspace stand. */
export function statePlace({ project, targetInfo, target }: Workspace): StatePlace {
  return {
    project: project.name,
    target: targetInfo.name,
    adapterType: target.engine.type,
    database: targetInfo.database,
    schema: targetInfo.schema,
  }
}

/** The folder that `--state` or `--defer-state` names, from the process's folder. */
export function namedStateFolder(written: string): StateFolder {
  return { path: resolve(written), shown: written }
}
