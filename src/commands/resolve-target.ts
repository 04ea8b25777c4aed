import { join, relative, resolve, sep } from 'node:path'
import { type EngineType, engineTypes } from '../adapters/engines.ts'
import { unknownEngine } from '../adapters/errors.ts'
import type { TargetProfile } from '../adapters/profile.ts'
import { UserError } from '../base/errors.ts'
import { isCredentialKey, type Scrubber } from '../base/scrub.ts'
import { SourceFile, SourceSet } from '../base/source-file.ts'
import type { ConfigValue } from '../config/node-config.ts'
import { type ProfileTarget, resolveProfile } from '../config/profiles-file.ts'
import { createLoadHost } from '../project/load-host.ts'
import { readProjectIdentity } from '../project/project-identity.ts'
import { yamlEvaluator } from '../project/yaml-evaluator.ts'
import type { EngineOptions } from './options.ts'

/** The target in use: what its engine is and how it is reached. */
export interface ResolvedTarget {
  readonly engine: EngineType
  readonly profile: TargetProfile
  readonly written: ProfileTarget
}

type Vars = { readonly [name: string]: ConfigValue }

/**
 * Reads `profiles.yml` for the project in `root`. Credentials that it finds are added to `secrets`, so that no text that
 * leaves the process shows them. Raises `UserError` when there is no profile, no target or a wrong setting.
 */
export function resolveTarget(root: string, vars: Vars, options: EngineOptions, secrets: Scrubber): ResolvedTarget {
  const env = options.env ?? {}
  const identity = readProjectIdentity(root, { env, vars })
  const profile = options.profile ?? identity.project.profile ?? undefined
  const broken = identity.diagnostics.filter((d) => d.severity === 'error')
  if (profile === undefined && broken.length > 0) throw new UserError(broken)
  const files = new SourceSet()
  const host = createLoadHost({ packageName: '', engine: '', target: undefined, vars, env, secrets: true })
  const answer = resolveProfile({
    folders: profileFolders(root, options),
    profile,
    profileSpan: options.profile === undefined ? identity.project.profileSpan : undefined,
    projectFile: identity.projectPath,
    target: options.target,
    evaluate: (text, span, exact) => yamlEvaluator(new SourceFile(span.path, text), host, files)(text, span, exact),
    display: (path) => displayPath(root, path),
  })
  if (answer.target === undefined) throw new UserError(answer.diagnostics)
  const engine = engineTypes.get(answer.target.type)
  if (engine === undefined) {
    const known = [...engineTypes.keys()]
    throw new UserError(unknownEngine({ type: answer.target.type, known }, { span: answer.target.typeSpan }))
  }
  collectSecrets(answer.target.values, secrets)
  return { engine, profile: engine.parseProfile(answer.target), written: answer.target }
}

function profileFolders(root: string, { profilesDir, env }: EngineOptions): string[] {
  if (profilesDir !== undefined) return [resolve(profilesDir)]
  const home = env?.['HOME'] ?? env?.['USERPROFILE']
  return home === undefined ? [root] : [root, join(home, '.tsdbt')]
}

/** Relative to the project where it lies inside, else absolute. */
export function displayPath(root: string, path: string): string {
  const shown = relative(root, path)
  return shown.startsWith('..') ? path : shown.split(sep).join('/')
}

function collectSecrets(value: ConfigValue, secrets: Scrubber, key = ''): void {
  if (typeof value === 'object' && value !== null) {
    const entries = Array.isArray(value)
      ? value.map((item: ConfigValue) => [key, item] as const)
      : Object.entries(value)
    for (const [name, part] of entries) collectSecrets(part as ConfigValue, secrets, name)
  } else if (value !== null && isCredentialKey(key)) secrets.add(String(value))
}
