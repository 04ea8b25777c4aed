import { DAY, dayNumber, isoTime } from '../calendar.ts'
import { type DataFile, header, type Line } from '../files/data-file.ts'
import { delimited } from '../files/delimited.ts'
import { Random } from '../random.ts'
import type { Scope } from '../scope.ts'

export interface Experiment {
  readonly name: string
  readonly firstDay: number
  readonly lastDay: number
  /** Share of visitors that take part. */
  readonly reach: number
  /** Share of those that in truth got the variant; the plan is one half. */
  readonly variantShare: number
}

/** The second one lost visitors of one arm: its split is not the planned one, which a report must notice. */
export const EXPERIMENTS: readonly Experiment[] = [
  {
    name: 'checkout_in_one_page',
    firstDay: dayNumber('2024-03-01'),
    lastDay: dayNumber('2024-04-30'),
    reach: 0.5,
    variantShare: 0.5,
  },
  {
    name: 'free_shipping_bar',
    firstDay: dayNumber('2024-09-01'),
    lastDay: dayNumber('2024-10-31'),
    reach: 0.4,
    variantShare: 0.44,
  },
]

export interface Assignment {
  readonly experiment: string
  /** As in the clickstream, with leading zeros. */
  readonly visitorId: string
  readonly variant: 'control' | 'variant'
  /** Seconds since 1970, UTC. */
  readonly at: number
}

/** Drawn once for each visitor, not for each visit; by mistake about one in a hundred sees both arms. */
export function* assignments(scope: Scope): Iterable<Assignment> {
  for (const experiment of EXPERIMENTS) {
    for (let visitor = 1; visitor <= 9_000 * scope.scale; visitor++) {
      const random = new Random(scope.seed, experiment.name, visitor)
      if (!random.chance(experiment.reach)) continue
      const first = random.chance(experiment.variantShare) ? 'variant' : 'control'
      const at = random.int(experiment.firstDay * DAY, (experiment.lastDay + 1) * DAY - 1)
      const shared = { experiment: experiment.name, visitorId: String(visitor).padStart(9, '0') }
      yield { ...shared, variant: first, at }
      if (random.chance(0.01))
        yield { ...shared, variant: first === 'control' ? 'variant' : 'control', at: at + random.int(60, 3 * DAY) }
    }
  }
}

function* assignmentLines(assignment: Assignment): Iterable<Line> {
  const { experiment, visitorId, variant, at } = assignment
  const text = delimited([experiment, visitorId, variant, isoTime(at)])
  yield { text, fate: 'accepted' }
  // Delivered at least once.
  if (Number(visitorId) % 97 === 0) yield { text, fate: 'duplicate' }
}

/** Who saw which arm of which experiment, as the tool for experiments writes it. */
export function experimentsFile(scope: Scope): DataFile {
  return {
    path: 'shop/experiment_assignments.csv.gz',
    encoding: 'utf-8',
    lineEnd: '\n',
    endsWithLineEnd: true,
    *lines() {
      yield* header('experiment,visitor_id,variant,assigned_at')
      for (const assignment of assignments(scope)) yield* assignmentLines(assignment)
    },
  }
}
