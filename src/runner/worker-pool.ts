import type { Adapter, Session } from '../adapters/adapter.ts'

/** One lane of a run: a connection that it keeps, and the name that dbt gives such a thread. */
export interface Worker {
  readonly session: Session
  readonly threadId: string
  /** unique id of the node whose comment the statements carry; null: of none. */
  annotated: string | null
}

interface Job {
  readonly priority: number
  readonly order: number
  run(worker: Worker): Promise<void>
  reject(error: unknown): void
}

/** Runs jobs on a fixed number of workers, the highest priority first, equal ones in the order of their coming. */
export class WorkerPool {
  readonly #adapter: Adapter
  readonly #threads: number
  readonly #waiting: Job[] = []
  readonly #free: Worker[] = []
  readonly #all: Worker[] = []
  #started = 0
  #order = 0

  constructor(adapter: Adapter, threads: number) {
    this.#adapter = adapter
    this.#threads = Math.max(1, threads)
  }

  run<T>(priority: number, job: (worker: Worker) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const run = (worker: Worker): Promise<void> =>
        job(worker)
          .finally(() => withoutNode(worker))
          .then(resolve, reject)
      this.#push({ priority, order: this.#order++, run, reject })
      const free = this.#free.pop()
      if (free !== undefined) void this.#work(free)
      else if (this.#started < this.#threads) void this.#start()
    })
  }

  /** Gives all connections back. No job may be running. */
  async release(): Promise<void> {
    for (const worker of this.#all) await worker.session.release()
    this.#free.length = 0
  }

  /** A connection that cannot be had is the failure of the job that would have run on it. */
  async #start(): Promise<void> {
    const number = ++this.#started
    let session: Session
    try {
      session = await this.#adapter.acquire()
    } catch (error) {
      this.#started--
      this.#pop()?.reject(error)
      return
    }
    const worker = { session, threadId: `Thread-${number} (worker)`, annotated: null }
    this.#all.push(worker)
    await this.#work(worker)
  }

  async #work(worker: Worker): Promise<void> {
    for (let job = this.#pop(); job !== undefined; job = this.#pop()) {
      await job.run(worker)
    }
    this.#free.push(worker)
  }

  #push(job: Job): void {
    const heap = this.#waiting
    let at = heap.push(job) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!before(job, heap[parent]!)) break
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = job
  }

  #pop(): Job | undefined {
    const heap = this.#waiting
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
      if (!before(heap[child]!, last)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = last
    return first
  }
}

/** What comes next may belong to no node. */
function withoutNode(worker: Worker): void {
  if (worker.annotated !== null) worker.session.annotate(null)
  worker.annotated = null
}

function before(a: Job, b: Job): boolean {
  return a.priority !== b.priority ? a.priority > b.priority : a.order < b.order
}
