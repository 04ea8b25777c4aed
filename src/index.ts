export type { DataPlace, Diagnostic, Label, SampleRows, Severity } from './base/diagnostic.ts'
export { CancelledError, DatabaseError, InternalError, UserError } from './base/errors.ts'
export type { Emit, Event, NodeInfo, NodeStatus } from './base/events.ts'
export { Scrubber } from './base/scrub.ts'
export type { Frame, Span } from './base/span.ts'
export { version } from './base/version.ts'
export { Engine } from './commands/engine.ts'
export type { Reason } from './commands/explain-selection.ts'
export type {
  CloneOptions,
  CompileOptions,
  DocsOptions,
  EngineOptions,
  FreshnessOptions,
  IndirectSelection,
  ListOptions,
  OperationOptions,
  PruneOptions,
  RetryOptions,
  RunAgain,
  RunOptions,
  SelectionOptions,
  ShowOptions,
} from './commands/options.ts'
export type {
  CompileOutcome,
  DocsOutcome,
  FreshnessOutcome,
  ListedNode,
  ListOutcome,
  OperationOutcome,
  Outcome,
  PruneOutcome,
  RunReport,
  ShowOutcome,
} from './commands/outcome.ts'
