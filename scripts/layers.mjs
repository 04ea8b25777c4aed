// The layer table of docs/architecture.md, and the check that holds it: imports go downward only, without cycles.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'

/** For each folder of `src/`, the folders it may import besides itself. */
export const layers = {
  base: [],
  config: ['base'],
  template: ['base'],
  sql: ['base'],
  project: ['base', 'config', 'template'],
  graph: ['base', 'config', 'template', 'project'],
  adapters: ['base', 'sql', 'config'],
  exports: ['base', 'config', 'template', 'sql', 'project', 'graph', 'adapters'],
  compile: ['base', 'config', 'template', 'sql', 'project', 'graph', 'adapters'],
  materializations: ['base', 'config', 'sql', 'project', 'graph', 'adapters', 'compile'],
  runner: ['base', 'config', 'template', 'sql', 'project', 'graph', 'adapters', 'compile', 'materializations'],
  artifacts: ['base', 'config', 'template', 'sql', 'project', 'graph', 'adapters', 'compile', 'runner'],
  commands: [
    'base',
    'config',
    'template',
    'sql',
    'project',
    'graph',
    'adapters',
    'compile',
    'materializations',
    'exports',
    'runner',
    'artifacts',
  ],
  cli: ['base', 'commands'],
}

/** Layers of which only types may be imported from the given folder. */
export const typesOnly = { materializations: ['compile'], compile: ['adapters'], artifacts: ['adapters', 'runner'] }

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s+(type\s)?(?:[^'"]*?\sfrom\s+)?['"](\.[^'"]+)['"]|import\(\s*['"](\.[^'"]+)['"]\s*\)/g

function sourceFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

/** Every breach of the table and every import cycle below `root`, as lines of text. */
export function findBreaches(root) {
  const breaches = []
  const edges = new Map()
  for (const file of sourceFiles(root)) {
    const from = relative(root, file).split(sep)
    const folder = from.length > 1 ? from[0] : null
    const isTest = file.endsWith('.test.ts')
    const targets = []
    for (const match of readFileSync(file, 'utf8').matchAll(importPattern)) {
      const typeOnly = match[1] !== undefined
      const target = resolve(dirname(file), match[2] ?? match[3])
      const to = relative(root, target).split(sep)
      if (to[0] === '..') continue
      targets.push(target)
      if (folder === null || isTest) continue
      const layer = to.length > 1 ? to[0] : '(root)'
      if (layer === folder) continue
      const name = `${from.join('/')} imports ${to.join('/')}`
      if (layers[folder] === undefined) breaches.push(`${from.join('/')}: folder ${folder} is not in the layer table`)
      else if (!layers[folder].includes(layer)) breaches.push(`${name}: ${folder} may not import ${layer}`)
      else if (typesOnly[folder]?.includes(layer) && !typeOnly)
        breaches.push(`${name}: ${folder} may import only types of ${layer}`)
    }
    if (!isTest) edges.set(file, targets)
  }
  return [
    ...breaches,
    ...findCycles(edges).map((cycle) => `import cycle: ${cycle.map((f) => relative(root, f)).join(' -> ')}`),
  ]
}

function findCycles(edges) {
  const state = new Map()
  const cycles = []
  const visit = (file, path) => {
    state.set(file, 'open')
    for (const next of edges.get(file) ?? []) {
      if (state.get(next) === 'open') cycles.push([...path.slice(path.indexOf(next)), next])
      else if (!state.has(next) && edges.has(next)) visit(next, [...path, next])
    }
    state.set(file, 'done')
  }
  for (const file of edges.keys()) if (!state.has(file)) visit(file, [file])
  return cycles
}
