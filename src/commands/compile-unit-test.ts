import type { ProjectCompiler } from '../compile/create-compiler.ts'
import type { UnitTest } from '../project/resource.ts'
import { InputShapes } from '../runner/input-shapes.ts'
import { prepareUnitTest } from '../runner/prepare-unit-test.ts'
import type { LazyConnection } from './introspect.ts'
import type { Workspace } from './workspace.ts'

/** The query of a unit test, with the given rows in their types; the warehouse is asked for these. */
export async function compileUnitTest(
  { graph, target, runId }: Workspace,
  compiler: ProjectCompiler,
  connection: LazyConnection,
  test: UnitTest,
): Promise<string> {
  const adapter = await connection.adapter()
  const { database } = target.profile
  const shapes = new InputShapes({ graph, adapter, compiler, runId, target: { database } })
  const scope = { dialect: adapter.dialect, shapes, request: { graph, compiler } }
  const { sql } = await prepareUnitTest(scope, await connection.session(), test)
  compiler.keep({ uniqueId: test.uniqueId, sql, modelSql: null })
  return sql.text
}
