import type { ConfigValue } from '../config/node-config.ts'

/** What templates and names need to know of the target: no credentials. */
export interface TargetInfo {
  readonly profileName: string
  /** `dev`, `prod` … */
  readonly name: string
  /** The engine, which decides which macro overrides apply. */
  readonly type: string
  readonly database: string
  readonly schema: string
  readonly threads: number
  readonly schemaNaming: 'prefix' | 'plain'
  /** Longest name of a relation or schema, in bytes of UTF-8; absent when there is no limit. */
  readonly maxIdentifierBytes?: number | undefined
}

export interface LoadOptions {
  /** Absolute path of the folder with `project.yml` or `dbt_project.yml`. */
  readonly root: string
  readonly target: TargetInfo
  /** From `--vars`: they win over those of the project. */
  readonly vars: { readonly [name: string]: ConfigValue }
  readonly env: Readonly<Record<string, string | undefined>>
  /** From `--target-path`; absolute, or relative to the project. */
  readonly targetPath?: string | undefined
  /** What deprecation dates are compared with; the present when absent. */
  readonly now?: Date | undefined
}
