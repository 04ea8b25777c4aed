import { DAY } from '../../data-generator/calendar.ts'
import type { Scope } from '../../data-generator/scope.ts'
import { clickEvents } from '../../data-generator/shop/clickstream.ts'
import { assignments, EXPERIMENTS } from '../../data-generator/shop/experiments.ts'
import type { Bought } from './expected.ts'

interface Touch {
  readonly id: string
  readonly at: number
  readonly campaign: string
}

function touchesByCustomer(scope: Scope): ReadonlyMap<string, readonly Touch[]> {
  const seen = new Set<string>()
  const touches = new Map<string, Touch[]>()
  for (const { sessionId: id, customerId, campaignCode: campaign, at } of clickEvents(scope)) {
    if (customerId === null || campaign === null || seen.has(id)) continue
    seen.add(id)
    const list = touches.get(customerId)
    if (list === undefined) touches.set(customerId, [{ id, at, campaign }])
    else list.push({ id, at, campaign })
  }
  return touches
}

/** Parts of an order for each of its touches, oldest first. */
const MODELS: Readonly<Record<string, (ages: readonly number[]) => readonly number[]>> = {
  first_touch: (ages) => ages.map((_, i) => (i === 0 ? 1 : 0)),
  last_touch: (ages) => ages.map((_, i) => (i === ages.length - 1 ? 1 : 0)),
  linear: (ages) => ages.map(() => 1 / ages.length),
  position_based: (ages) => {
    if (ages.length === 1) return [1]
    if (ages.length === 2) return [0.5, 0.5]
    return ages.map((_, i) => (i === 0 || i === ages.length - 1 ? 0.4 : 0.2 / (ages.length - 2)))
  },
  time_decay: (ages) => {
    const weights = ages.map((days) => 0.5 ** (days / 7))
    const all = weights.reduce((sum, weight) => sum + weight, 0)
    return weights.map((weight) => weight / all)
  },
}

/** Revenue in cents by model and campaign; `(unattributed)` for orders without a touch in the thirty days before. */
export function creditedRevenue(scope: Scope, sold: readonly Bought[]): ReadonlyMap<string, number> {
  const byCustomer = touchesByCustomer(scope)
  const credited = new Map<string, number>()
  for (const { order } of sold) {
    const touches = (byCustomer.get(order.customerId ?? '') ?? [])
      .filter(({ at }) => at <= order.orderedAt && at >= order.orderedAt - 30 * DAY)
      .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    for (const [model, divide] of Object.entries(MODELS)) {
      const parts = touches.length === 0 ? [1] : divide(touches.map(({ at }) => (order.orderedAt - at) / DAY))
      for (const [i, part] of parts.entries()) {
        if (part === 0) continue
        const key = `${model} ${touches[i]?.campaign ?? '(unattributed)'}`
        credited.set(key, (credited.get(key) ?? 0) + part * order.itemsTotal)
      }
    }
  }
  return credited
}

export interface Arm {
  readonly experiment: string
  readonly variant: string
  readonly visitors: number
  readonly conversions: number
}

/** Visitors who saw one arm alone, and those of them who bought after it and before the experiment ended. */
export function experimentArms(scope: Scope, dateOf: (at: number) => string): readonly Arm[] {
  const purchases = new Map<string, number[]>()
  for (const { visitorId, type, at } of clickEvents(scope)) {
    if (type === 'purchase') purchases.set(visitorId, [...(purchases.get(visitorId) ?? []), at])
  }
  const given = [...assignments(scope)]
  return EXPERIMENTS.flatMap(({ name, lastDay }) =>
    ['control', 'variant'].map((variant) => {
      const inExperiment = given.filter((a) => a.experiment === name)
      const arms = new Map<string, Set<string>>()
      for (const a of inExperiment) arms.set(a.visitorId, (arms.get(a.visitorId) ?? new Set()).add(a.variant))
      const mine = inExperiment.filter((a) => a.variant === variant && arms.get(a.visitorId)!.size === 1)
      const end = new Date(lastDay * DAY * 1000).toISOString().slice(0, 10)
      const bought = mine.filter((a) =>
        (purchases.get(a.visitorId) ?? []).some((at) => at >= a.at && dateOf(at) <= end),
      )
      return { experiment: name, variant, visitors: mine.length, conversions: bought.length }
    }),
  )
}
