import type { Publisher, PublishRequest } from '../exports/publisher.ts'
import type { TableauAccount } from '../exports/tableau/publish/tableau-account.ts'
import type { RunOptions } from './options.ts'
import type { Workspace } from './workspace.ts'

/** Whether an export that was chosen says where it is published. */
export function publishesAny({ project }: Workspace, chosen: ReadonlySet<string>): boolean {
  return project.exports.some((node) => node.publish !== null && chosen.has(node.uniqueId))
}

/**
 * Who a run publishes as; null when it does not, or only says what it would do. Raises `UserError` when the environment does
 * not tell.
 */
export async function readAccount(
  workspace: Workspace,
  options: RunOptions,
  chosen: ReadonlySet<string>,
): Promise<TableauAccount | null> {
  if (options.publish !== true || options.dryRun === true || !publishesAny(workspace, chosen)) return null
  const { readTableauAccount } = await import('../exports/tableau/publish/tableau-account.ts')
  return readTableauAccount(workspace.options.env ?? {})
}

/** Publishes what a run exports; what that needs is loaded, and the server asked, with the first file. */
export function createPublisher(workspace: Workspace, account: TableauAccount): Publisher {
  let opened: Promise<Publisher> | undefined
  const open = async (signal: AbortSignal): Promise<Publisher> => {
    const { TableauPublisher } = await import('../exports/tableau/publish/tableau-publisher.ts')
    const { secrets, emit } = workspace
    const tell = (text: string): void => emit({ type: 'message', level: 'debug', text })
    return new TableauPublisher({ account, secrets, signal, tell })
  }
  return {
    publish: async (request: PublishRequest) => {
      opened ??= open(request.signal)
      return (await opened).publish(request)
    },
    close: async () => (await opened)?.close(),
  }
}
