import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../base/errors.ts'
import { version } from '../../base/version.ts'
import { stableJson } from '../../graph/stable-json.ts'
import { writeArtifactFile } from '../artifact-file.ts'
import { stateDamaged, stateOfAnotherProject } from '../errors.ts'
import type { EarlierProject } from './earlier-project.ts'
import type { StateFolder } from './read-artifact.ts'
import { isDict, type JsonDict, type StateEntry } from './state-entry.ts'

/**
 * The local state of a target: each node as it was when it was last built there with success. A file of lines, so that a run of
 * one node of thousands rewrites the others as they stand:
 * a head with the place, `{macro, text}` for texts by their hash, and `{node, at, run, macros, vars, entry}`.
 */
const fileName = 'nodes.jsonl'
const format = 1

/** Where the nodes stand; a state of another place says nothing about this one. */
export interface StatePlace {
  readonly project: string
  readonly target: string
  readonly adapterType: string
  readonly database: string
  readonly schema: string
}

/** A node that was built, with all that decides whether it is the same next time. */
export interface BuiltNode {
  readonly uniqueId: string
  readonly entry: StateEntry
  readonly macros: ReadonlyMap<string, string>
  readonly variables: JsonDict
}

export interface BuiltNodes {
  /** ISO 8601. */
  readonly at: string
  readonly run: string
  readonly nodes: readonly BuiltNode[]
  /** Nodes that are no longer part of the project are forgotten. */
  readonly exists: (uniqueId: string) => boolean
}

/** Keys that no comparison and no deferral looks at, and that would make the file many times as large. */
const leftOut: ReadonlySet<string> = new Set([
  'build_path',
  'compiled',
  'compiled_code',
  'compiled_path',
  'created_at',
  'doc_blocks',
  'docs',
  'extra_ctes',
  'extra_ctes_injected',
  'functions',
  'language',
  'metrics',
  'refs',
  'sources',
])

/** Adds what was built to the state of its place. Raises `artifacts/not-writable`. */
export async function writeLocalState(
  folder: StateFolder,
  place: StatePlace,
  built: BuiltNodes,
  scrub: (text: string) => string,
): Promise<void> {
  const texts = new Map<string, string>()
  const lines = new Map<string, string>()
  for (const node of built.nodes) {
    const macros: Record<string, string> = {}
    for (const [id, text] of node.macros) {
      macros[id] = hashOf(text)
      texts.set(macros[id], text)
    }
    const entry = Object.fromEntries(Object.entries(node.entry).filter(([key]) => !leftOut.has(key)))
    const { uniqueId, variables } = node
    const line = { node: uniqueId, macros, at: built.at, run: built.run, vars: variables, entry }
    lines.set(uniqueId, scrub(JSON.stringify(line)))
  }
  const kept = keptLines(readLines(folder, place), (id) => !lines.has(id) && built.exists(id), texts)
  const head = JSON.stringify({ format, tsdbt: version, ...place })
  const macros = [...texts].map(([hash, text]) => scrub(JSON.stringify({ macro: hash, text })))
  await writeArtifactFile(
    join(folder.path, fileName),
    [head, ...macros, ...kept, ...lines.values()].map((line) => `${line}\n`),
  )
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** Lines of nodes that stay as they are; the macro texts that they mention are added to `texts`. */
function keptLines(lines: readonly string[], keeps: (id: string) => boolean, texts: Map<string, string>): string[] {
  const known = new Map<string, string>()
  const kept: string[] = []
  for (const line of lines) {
    const id = /^\{"node":"([^"\\]+)"/.exec(line)?.[1]
    if (id !== undefined && keeps(id)) kept.push(line)
    const hash = /^\{"macro":"([0-9a-f]+)"/.exec(line)?.[1]
    if (hash !== undefined) known.set(hash, line)
  }
  for (const line of kept) {
    const mentioned = /"macros":\{([^}]*)\}/.exec(line)?.[1] ?? ''
    for (const [, hash = ''] of mentioned.matchAll(/:"([0-9a-f]+)"/g)) {
      const text = known.get(hash)
      if (text !== undefined && !texts.has(hash)) texts.set(hash, String((JSON.parse(text) as JsonDict)['text']))
    }
  }
  return kept
}

/** All lines below the head; none when there is no state of this place. */
function readLines(folder: StateFolder, place: StatePlace): readonly string[] {
  let text: string
  try {
    text = readFileSync(join(folder.path, fileName), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
    return []
  }
  const [head = '', ...lines] = text.split('\n')
  return isOfPlace(head, place) ? lines.filter((line) => line !== '') : []
}

function isOfPlace(head: string, place: StatePlace): boolean {
  try {
    const value: unknown = JSON.parse(head)
    if (!isDict(value) || value['format'] !== format) return false
    const { format: _f, tsdbt: _t, ...found } = value
    return stableJson(found) === stableJson(place)
  } catch {
    return false
  }
}

/** Whether a folder is the local state of some target, rather than a folder of artifacts. */
export function isLocalState(folder: StateFolder): boolean {
  return existsSync(join(folder.path, fileName)) && !existsSync(join(folder.path, 'manifest.json'))
}

/** The state of a place, or undefined when nothing was built there yet. Raises `artifacts/state-damaged`. */
export function readLocalState(folder: StateFolder, place: StatePlace): EarlierProject | undefined {
  const lines = readLines(folder, place)
  return lines.length === 0
    ? undefined
    : earlierProject(lines, folder, { adapterType: place.adapterType, sameTarget: true })
}

/** The local state of whatever target the folder belongs to. Raises `UserError` when it is damaged or of another project. */
export function readForeignState(folder: StateFolder, project: string): EarlierProject {
  const path = `${folder.shown.replace(/\/+$/, '')}/${fileName}`
  const [first = '', ...lines] = readFileSync(join(folder.path, fileName), 'utf8').split('\n')
  const head = parseLine(first, path)
  const found = String(head['project'])
  if (found !== project) throw new UserError(stateOfAnotherProject({ path, found, project }))
  const of = { adapterType: String(head['adapterType']), sameTarget: false }
  return earlierProject(
    lines.filter((line) => line !== ''),
    folder,
    of,
  )
}

function earlierProject(
  lines: readonly string[],
  folder: StateFolder,
  of: Pick<EarlierProject, 'adapterType' | 'sameTarget'>,
): EarlierProject {
  const shown = `${folder.shown.replace(/\/+$/, '')}/${fileName}`
  const entries = new Map<string, StateEntry>()
  const texts = new Map<string, string>()
  const macrosOf = new Map<string, JsonDict>()
  const variablesOf = new Map<string, JsonDict>()
  for (const line of lines) {
    const value = parseLine(line, shown)
    if (typeof value['macro'] === 'string') texts.set(value['macro'], String(value['text']))
    const id = value['node']
    if (typeof id !== 'string' || !isDict(value['entry'])) continue
    entries.set(id, value['entry'])
    if (isDict(value['macros'])) macrosOf.set(id, value['macros'])
    if (isDict(value['vars'])) variablesOf.set(id, value['vars'])
  }
  return {
    shown,
    entries,
    macroText: (id, macro) => texts.get(String(macrosOf.get(id)?.[macro])),
    variables: (id) => variablesOf.get(id),
    byDbt: null,
    macrosAreComplete: true,
    ...of,
  }
}

function parseLine(line: string, shown: string): JsonDict {
  try {
    const value: unknown = JSON.parse(line)
    if (isDict(value)) return value
  } catch {
    // Told below.
  }
  throw new UserError(stateDamaged({ path: shown, reason: 'a line is no JSON object', isLocal: true }))
}
