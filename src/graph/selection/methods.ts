import type { SelectionMethod } from './method.ts'
import {
  exportMethod,
  exposure,
  fqn,
  functionMethod,
  group,
  packageMethod,
  selector,
  source,
  tag,
  testName,
  unitTest,
} from './name-methods.ts'
import { file, path } from './path-methods.ts'
import { access, config, noResource, resourceType, testType, version } from './property-methods.ts'
import { result, sourceStatus, state } from './state-methods.ts'

/** Every selection method by its word. */
export const methods: ReadonlyMap<string, SelectionMethod> = new Map([
  ['fqn', fqn],
  ['path', path],
  ['file', file],
  ['package', packageMethod],
  ['selector', selector],
  ['tag', tag],
  ['source', source],
  ['resource_type', resourceType],
  ['config', config],
  ['test_name', testName],
  ['test_type', testType],
  ['access', access],
  ['group', group],
  ['version', version],
  ['state', state],
  ['source_status', sourceStatus],
  ['result', result],
  ['exposure', exposure],
  ['export', exportMethod],
  ['metric', noResource('metrics')],
  ['semantic_model', noResource('semantic models')],
  ['saved_query', noResource('saved queries')],
  ['unit_test', unitTest],
  ['function', functionMethod],
])
