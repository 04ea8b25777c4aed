import { quoteString } from '../../../sql/quote.ts'
import type { PostgresConnection } from '../postgres-connection.ts'

/** Runs statements in one message: while readers are locked out, nothing waits for the network. */
export async function runBatch(connection: PostgresConnection, statements: readonly string[]): Promise<void> {
  const [first, ...more] = statements
  if (first === undefined) return
  if (more.length === 0) await connection.execute(first)
  else await connection.execute(blockOf(statements))
}

function blockOf(statements: readonly string[]): string {
  const body = statements.map((statement) => `execute ${quoteString(statement)};`).join('\n')
  let tag = 'do'
  while (body.includes(`$${tag}$`)) tag += '_'
  return `do $${tag}$ begin\n${body}\nend $${tag}$`
}
