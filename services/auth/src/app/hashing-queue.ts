import { DomainError } from '@daybook/runtime/errors';

type Job = { start: () => void; refuse: (reason: DomainError) => void };

const secondsToWaitWhenFull = 2;

/**
 * Lets only so many password computations run at once, so that a storm of sign-ins cannot take the processor from all
 * other work. Waiting jobs stand in lines, one per address, served in turn: a flood from one address waits behind itself.
 * When all places are taken the longest line loses its last job.
 */
export class HashingQueue {
  readonly #concurrency: number;
  readonly #places: number;
  readonly #lines = new Map<string, Job[]>();
  #running = 0;
  #waiting = 0;

  /** @param options.places how many jobs may wait in all */
  constructor(options: { concurrency: number; places: number }) {
    this.#concurrency = options.concurrency;
    this.#places = options.places;
  }

  /**
   * Runs a job when its turn comes.
   * @throws DomainError throttled TOO_MANY_ATTEMPTS when there is no place; timeout when the caller gave up waiting
   */
  async run<T>(line: string, signal: AbortSignal, job: () => Promise<T>): Promise<T> {
    await this.#awaitTurn(line, signal);
    try {
      return await job();
    } finally {
      this.#running -= 1;
      this.#startNext();
    }
  }

  #awaitTurn(line: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        if (this.#leave(line, job))
          reject(new DomainError('timeout', 'UPSTREAM_TIMEOUT', 'The caller stopped waiting.'));
      };
      const settle = <A extends unknown[]>(act: (...args: A) => void) => {
        return (...args: A) => {
          signal.removeEventListener('abort', giveUp);
          act(...args);
        };
      };
      const job: Job = { start: settle(resolve), refuse: settle(reject) };
      signal.addEventListener('abort', giveUp);
      this.#join(line, job);
      if (signal.aborted) giveUp();
    });
  }

  #join(line: string, job: Job): void {
    const jobs = this.#lines.get(line) ?? [];
    this.#lines.set(line, jobs);
    jobs.push(job);
    this.#waiting += 1;
    this.#startNext();
    if (this.#waiting > this.#places) this.#refuseFromLongestLine();
  }

  #refuseFromLongestLine(): void {
    const [line, jobs] = [...this.#lines].reduce((longest, next) =>
      next[1].length >= longest[1].length ? next : longest,
    );
    const last = jobs.at(-1);
    if (!last || !this.#leave(line, last)) return;
    last.refuse(
      new DomainError('throttled', 'TOO_MANY_ATTEMPTS', 'Too many people are signing in at this moment.', {
        context: { retryAfterSeconds: secondsToWaitWhenFull },
      }),
    );
  }

  #leave(line: string, job: Job): boolean {
    const jobs = this.#lines.get(line) ?? [];
    const position = jobs.indexOf(job);
    if (position < 0) return false;
    jobs.splice(position, 1);
    if (jobs.length === 0) this.#lines.delete(line);
    this.#waiting -= 1;
    return true;
  }

  #startNext(): void {
    while (this.#running < this.#concurrency && this.#waiting > 0) {
      const [next] = this.#lines;
      const job = next?.[1][0];
      if (!next || !job) return;
      const [line, jobs] = next;
      this.#leave(line, job);
      // To the end of the turn: the line is re-inserted behind all others.
      if (this.#lines.delete(line)) this.#lines.set(line, jobs);
      this.#running += 1;
      job.start();
    }
  }
}
