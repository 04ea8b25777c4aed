import {
  type Asking,
  asking,
  type Builtin,
  type BuiltinCall,
  listOf,
  located,
  raise,
  refuse,
  strictText,
  textOf,
} from './builtin.ts'
import { invalidValue, missingEnvironment, missingVariable, raised } from './errors.ts'
import type { CallSite } from './host.ts'
import { isDict, plainData, printed, TextObject, type Value } from './value.ts'

/** Asks the host; its diagnostics get the place of the call when they have none. */
function ask<T>(site: CallSite, question: () => T): T {
  try {
    return question()
  } catch (error) {
    throw located(error, site)
  }
}

function ref(args: readonly Value[], call: BuiltinCall, { host }: Asking): Value {
  const position = args.length - 1
  const name = strictText(args[position]!, call, position)
  const owner = args.length > 1 ? strictText(args[0]!, call, 0) : undefined
  const version = call.named.get('v') ?? call.named.get('version')
  const site = call.site(position)
  const versionText = version === undefined || version === null ? undefined : textOf(version, call, 'v')
  const allRows = wantsAllRows(call)
  return ask(site, () => host.ref({ package: owner, name, version: versionText, allRows, span: site.span }, site))
}

/** `all_rows=true`: the reference is not narrowed to the batch or the sample. */
function wantsAllRows(call: BuiltinCall): boolean {
  const value = call.named.get('all_rows') ?? false
  return typeof value === 'boolean' ? value : refuse(call, 'all_rows', '`true` or `false`', value)
}

function warehouseFunction(args: readonly Value[], call: BuiltinCall, { host }: Asking): Value {
  const position = args.length - 1
  const name = strictText(args[position]!, call, position)
  const owner = args.length > 1 ? strictText(args[0]!, call, 0) : undefined
  const site = call.site(position)
  return ask(site, () => host.function({ package: owner, name, span: site.span }, site))
}

function source(quarantine: boolean) {
  return (args: readonly Value[], call: BuiltinCall, { host }: Asking): Value => {
    const site = call.site(1)
    const [name, table] = [strictText(args[0]!, call, 0), strictText(args[1]!, call, 1)]
    return ask(site, () =>
      host.source({ source: name, table, span: site.span, quarantine, allRows: wantsAllRows(call) }, site),
    )
  }
}

function variable(args: readonly Value[], call: BuiltinCall, { host }: Asking): Value {
  const name = strictText(args[0]!, call, 0)
  const found = host.variable(name) ?? args[1] ?? call.named.get('default')
  if (found !== undefined) return found
  return raise(missingVariable, { name, candidates: host.variableNames() }, call.site(0))
}

function environment(args: readonly Value[], call: BuiltinCall, { host }: Asking): Value {
  const name = strictText(args[0]!, call, 0)
  const site = call.site(0)
  const found = ask(site, () => host.environment(name, site)) ?? args[1] ?? call.named.get('default')
  return found ?? (found === null ? null : raise(missingEnvironment, { name }, site))
}

function query(args: readonly Value[], call: BuiltinCall, from: Asking): Value {
  const sql = textOf(args[0]!, call, 0)
  const site = call.site(0)
  const rows = ask(site, () => from.host.query(sql, site))
  if (rows === undefined) from.unanswered = true
  return rows ?? []
}

function relationArgument(value: Value, call: BuiltinCall): Value {
  const isText = typeof value === 'string' && value !== ''
  return isText || value instanceof TextObject ? value : refuse(call, 0, 'a relation', value, 'write `(ref "name")`')
}

function columnsOf(args: readonly Value[], call: BuiltinCall, from: Asking): Value {
  const relation = relationArgument(args[0]!, call)
  const site = call.site(0)
  const columns = ask(site, () => from.host.columnsOf(relation, site))
  if (columns === undefined) from.unanswered = true
  return columns ?? []
}

function valuesOf(args: readonly Value[], call: BuiltinCall, from: Asking): Value {
  const relation = relationArgument(args[0]!, call)
  const column = from.host.identifier(strictText(args[1]!, call, 1))
  const sql = `select distinct ${column} as value from ${printed(relation)} where ${column} is not null order by 1`
  const site = call.site(0)
  const rows = ask(site, () => from.host.query(sql, site))
  if (rows === undefined) from.unanswered = true
  return (rows ?? []).map((row) => Object.values(row)[0] ?? null)
}

function literals(args: readonly Value[], call: BuiltinCall, from: Asking): Value {
  const list = listOf(args[0]!, call, 0)
  if (list.length > 0) return list.map((item) => from.host.literal(scalar(item, call))).join(', ')
  if (from.unanswered) return 'null'
  const hint = 'an empty list has no form in SQL: guard it with `{{#if xs}}`'
  return raise(invalidValue, { message: '`literals` got an empty list', hint }, call.site(0))
}

function scalar(value: Value, call: BuiltinCall): Value {
  if (Array.isArray(value)) return refuse(call, 0, 'a single value', value, 'a list is written `(literals xs)`')
  return isDict(value) ? refuse(call, 0, 'a single value', value) : value
}

/** Lists and dicts are shown as JSON: a message may show anything. */
function message(value: Value): string {
  return printed(value) ?? JSON.stringify(plainData(value))
}

export const projectBuiltins: readonly Builtin[] = [
  asking('ref package? name v= version= all_rows=', ref),
  asking('source name table all_rows=', source(false)),
  asking('function package? name', warehouseFunction),
  asking('quarantine name table', source(true)),
  asking('var name default? default=', variable),
  asking('env_var name default? default=', environment),
  asking('is_incremental', (_args, _call, { host }) => host.isIncremental()),
  asking('literal x', ([x], call, { host }) => host.literal(scalar(x!, call))),
  asking('literals xs', literals),
  asking('identifier name', ([name], call, { host }) => host.identifier(strictText(name!, call, 0))),
  asking('query sql', query),
  asking('columns_of relation', columnsOf),
  asking('values_of relation column', valuesOf),
  asking('depends_on node…', () => null),
  asking('error text', ([text], call) => raise(raised, { text: message(text!) }, call.site())),
  asking('warn text', ([text], call, { host }) => {
    host.say('warning', message(text!), call.site())
    return null
  }),
  asking('log text', ([text], call, { host }) => {
    host.say('info', message(text!), call.site())
    return null
  }),
]
