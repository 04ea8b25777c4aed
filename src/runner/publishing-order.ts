import type { Step } from '../materializations/step.ts'
import type { MemberRun } from './member-run.ts'

/** Steps of one member within the publishing of a unit. */
export interface PublishingPhase {
  readonly member: MemberRun
  readonly steps: readonly Step[]
}

/**
 * The order in which the members of a unit take their places. First the views of the audit go, before what they stand on
 * moves; then the tables whose rows change where they are, which shuts no reader out however long it takes; and last what
 * does, so that its locks are held for the shortest time.
 * @param late the steps of a member that are still to be done
 */
export function publishingOrder(
  members: readonly MemberRun[],
  late: (member: MemberRun) => readonly Step[],
): readonly PublishingPhase[] {
  const inPlace = members.filter((member) => member.replacement?.how === 'in_place')
  const others = members.filter((member) => member.replacement?.how !== 'in_place')
  return [
    ...[...members].reverse().map((member) => ({ member, steps: member.plan!.clear })),
    ...[...inPlace, ...others].map((member) => ({ member, steps: late(member) })),
  ].filter(({ steps }) => steps.length > 0)
}
