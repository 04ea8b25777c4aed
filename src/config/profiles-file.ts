import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Diagnostic } from '../base/diagnostic.ts'
import type { SourceFile } from '../base/source-file.ts'
import type { Span } from '../base/span.ts'
import { missingKey, noProfileNamed, profileMissing, profilesFileMissing, targetMissing, wrongType } from './errors.ts'
import type { ConfigValue } from './node-config.ts'
import { parseYaml } from './parse-yaml.ts'
import { readTextFile } from './text-file.ts'
import { describeYaml, entryOf, type YamlMap, type YamlNode } from './yaml-node.ts'
import { type EvaluateScalar, isNothing, YamlReader } from './yaml-reader.ts'

/** One output of a profile, evaluated. What its keys mean is the adapter's business. */
export interface ProfileTarget {
  readonly profileName: string
  readonly targetName: string
  /** `duckdb` or whatever the file says; adapters know which types there are. */
  readonly type: string
  readonly typeSpan: Span
  readonly values: { readonly [key: string]: ConfigValue }
  /** The span of a value (`['attach', 0, 'path']`) or of its key; of the whole target for the empty path. */
  spanOf(path: readonly (string | number)[], part: 'key' | 'value'): Span
  readonly file: SourceFile
  /** Absolute path of the folder that holds `profiles.yml`. */
  readonly folder: string
}

export interface ProfileQuestion {
  /** Folders in the order of search. */
  readonly folders: readonly string[]
  /** From `--profile` or the project; undefined when neither says one. */
  readonly profile: string | undefined
  /** Where the project names its profile. */
  readonly profileSpan?: Span | undefined
  readonly projectFile: string
  /** From `--target`. */
  readonly target: string | undefined
  readonly evaluate: EvaluateScalar
  /** How a path is shown, for example relative to the project. */
  readonly display: (absolutePath: string) => string
}

export interface ProfileAnswer {
  readonly target: ProfileTarget | undefined
  readonly file: SourceFile | undefined
  readonly diagnostics: readonly Diagnostic[]
}

/** An output to paste. */
function profileExample(profile: string): string {
  return `${profile}:\n  target: dev\n  outputs:\n    dev:\n      type: duckdb\n      path: ${profile}.duckdb\n      schema: main\n      threads: 4\n`
}

/** Finds `profiles.yml` and the output to use. Only the parts that count are evaluated. */
export function resolveProfile(question: ProfileQuestion): ProfileAnswer {
  const { profile } = question
  const place = question.profileSpan === undefined ? {} : { span: question.profileSpan }
  if (profile === undefined) return fail(noProfileNamed({ file: question.projectFile }, place))
  const folder = question.folders.find((f) => existsSync(join(f, 'profiles.yml')))
  if (folder === undefined) {
    const looked = question.folders.map((f) => question.display(f) || '.')
    return fail(profilesFileMissing({ profile, looked, example: profileExample(profile) }, place))
  }
  const absolute = join(folder, 'profiles.yml')
  const read = readTextFile(absolute, question.display(absolute))
  if (read.diagnostic !== undefined) return { ...fail(read.diagnostic), file: read.file }
  const { root, diagnostics: syntax } = parseYaml(read.file)
  const diagnostics = [...syntax]
  if (root === undefined && syntax.length > 0) return { target: undefined, file: read.file, diagnostics }
  const reader = new YamlReader(read.file, diagnostics, question.evaluate)
  const target = root === undefined ? undefined : readProfile(reader, root, profile, question, folder)
  if (root === undefined)
    diagnostics.push(
      profileMissing({ profile, known: [], file: read.file.path, example: profileExample(profile) }, place),
    )
  return { target, file: read.file, diagnostics }
}

function fail(diagnostic: Diagnostic): ProfileAnswer {
  return { target: undefined, file: undefined, diagnostics: [diagnostic] }
}

function readProfile(
  reader: YamlReader,
  root: YamlNode,
  profile: string,
  question: ProfileQuestion,
  folder: string,
): ProfileTarget | undefined {
  const file = reader.file
  const all = reader.map(root, `\`${file.path}\``, undefined)
  if (all === undefined) return undefined
  const entry = entryOf(all, profile)
  if (entry === undefined) {
    const known = all.entries.map((e) => e.key).filter((k) => k !== 'config')
    const place = question.profileSpan === undefined ? {} : { span: question.profileSpan }
    return reader.report(profileMissing({ profile, known, file: file.path, example: profileExample(profile) }, place))
  }
  const where = `the profile \`${profile}\``
  const map = reader.map(entry.value, where, ['target', 'outputs'])
  if (map === undefined) return undefined
  const outputsEntry = entryOf(map, 'outputs')
  if (outputsEntry === undefined || isNothing(outputsEntry.value))
    return reader.report(missingKey({ key: 'outputs', where }, { span: reader.keySpan(entry) }))
  const outputs = reader.map(outputsEntry.value, `\`outputs\` of ${where}`, undefined)
  if (outputs === undefined) return undefined
  const names = outputs.entries.map((e) => e.key)
  const targetEntry = question.target === undefined ? entryOf(map, 'target') : undefined
  const written =
    targetEntry === undefined || isNothing(targetEntry.value) ? undefined : reader.text(targetEntry.value, '`target`')
  if (targetEntry !== undefined && written === undefined && !isNothing(targetEntry.value)) return undefined
  const target = question.target ?? written ?? (names.length === 1 ? names[0]! : 'default')
  const output = entryOf(outputs, target)
  if (output === undefined) {
    const span =
      targetEntry === undefined
        ? question.target === undefined
          ? reader.keySpan(entry)
          : undefined
        : reader.span(targetEntry.value)
    return reader.report(targetMissing({ target, profile, known: names }, span === undefined ? {} : { span }))
  }
  if (output.value.kind !== 'map')
    return reader.report(
      wrongType(
        { what: `the target \`${target}\``, expected: 'a mapping', got: describeYaml(output.value) },
        { span: reader.span(output.value) },
      ),
    )
  return readOutput(reader, output.value, { profileName: profile, targetName: target, folder })
}

function readOutput(
  reader: YamlReader,
  output: YamlMap,
  names: { readonly profileName: string; readonly targetName: string; readonly folder: string },
): ProfileTarget | undefined {
  const type = reader.requiredText(output, 'type', `the target \`${names.targetName}\``, 'type: duckdb')
  const values = reader.value(output)
  if (type === undefined || values === undefined) return undefined
  return {
    ...names,
    type,
    typeSpan: reader.span(entryOf(output, 'type')!.value),
    values: values as { readonly [key: string]: ConfigValue },
    spanOf: (path, part) => spanOf(reader, output, path, part),
    file: reader.file,
  }
}

/** The deepest part of the path that the file has. */
function spanOf(reader: YamlReader, output: YamlMap, path: readonly (string | number)[], part: 'key' | 'value'): Span {
  let node: YamlNode = output
  let span = reader.span(output)
  for (const step of path) {
    if (node.kind === 'map') {
      const entry = entryOf(node, String(step))
      if (entry === undefined) return span
      node = entry.value
      span = part === 'key' || isNothing(node) ? reader.keySpan(entry) : reader.span(node)
    } else if (node.kind === 'list') {
      const item: YamlNode | undefined = node.items[Number(step)]
      if (item === undefined) return span
      node = item
      span = reader.span(item)
    } else return span
  }
  return span
}
