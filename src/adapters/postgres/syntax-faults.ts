import { scanSql, significantTokens } from '../../sql/scan-sql.ts'
import { syntaxHint } from './foreign-sql.ts'
import { type FaultDetails, quoted, type RawFault } from './raw-fault.ts'

const UNGROUPED: readonly string[] = ['substitute_grouped_columns_mutator', 'check_ungrouped_columns_walker']

export function syntaxFault({ error, sql, offset }: RawFault): FaultDetails {
  const { routine, code } = error
  if (routine === 'exec_parse_message') return severalStatements(sql)
  if (code === '08P01' || code === '42P02') {
    return {
      message: 'the statement has a parameter such as `$1`, and no value for it',
      hint: 'write the value itself; text that holds `$` belongs in quotes',
    }
  }
  if (routine !== 'scanner_yyerror' || offset === undefined) return {}
  return { message: syntaxMessage(error.message, sql, offset), hint: syntaxHint(sql, offset) }
}

/** The usual message in English, from the text at the place. */
function syntaxMessage(message: string, sql: string, offset: number): string {
  if (sql.startsWith('/*', offset)) return 'unterminated /* comment'
  const [token] = significantTokens(sql, offset)
  if (token === undefined) return 'syntax error at end of input'
  const text = sql.slice(token.start, token.end)
  const unclosed = (quote: string) => text.startsWith(quote) && text.split(quote).length % 2 === 0
  if (unclosed("'") || message.startsWith('unterminated quoted string')) return `unterminated quoted string at ${text}`
  if (unclosed('"')) return `unterminated quoted identifier at ${text}`
  if (/^\$\w*\$/.test(text) && token.end === sql.length) return `unterminated quoted string at ${text}`
  return `syntax error at or near "${text}"`
}

/** What a driver that prepares its statements cannot send. */
function severalStatements(sql: string): FaultDetails {
  let ended = false
  let offset: number | undefined
  for (const token of scanSql(sql)) {
    if (token.kind === 'space' || token.kind === 'comment') continue
    const end = sql[token.start] === ';'
    if (ended && !end) {
      offset = token.start
      break
    }
    ended ||= end
  }
  const hint = 'take away what stands behind the first `;`'
  return { message: 'these are several statements, and one is expected', hint, offset }
}

export function groupingFault({ error, token }: RawFault): FaultDetails {
  const { message, routine = '', code } = error
  if (UNGROUPED.includes(routine) && token !== '') {
    return {
      message: `${quoted(token.replaceAll('"', ''))} is neither in \`group by\` nor inside an aggregate`,
      hint: `add it to \`group by\`, or take for example \`max(${token})\``,
    }
  }
  const clause = /\b[A-Z]{4,}(?: [A-Z]{2,})*\b/.exec(message)?.[0].toLowerCase()
  if (clause === undefined) return {}
  if (routine === 'check_agglevels_and_constraints') {
    const hint = clause === 'where' ? 'filter groups with `having`' : 'compute it in a sub-query'
    return { message: `\`${clause}\` cannot contain aggregates`, hint }
  }
  if (routine !== 'transformWindowFuncCall' || code !== '42P20') return {}
  return {
    message: `\`${clause}\` cannot contain window functions`,
    hint: 'compute it in a sub-query and use it outside',
  }
}
