// Runs jobs side by side, as many as the machine bears without becoming what is measured.

/**
 * Runs all jobs in their order, each as soon as there is room for its weight.
 *
 * @template T
 * @param {{ weight: number, run: () => Promise<T> }[]} jobs
 * @param {number} most - the weight of all that run at once; a heavier job runs alone
 * @returns {Promise<T[]>}
 */
export async function runAtOnce(jobs, most) {
  const running = new Set();
  const results = [];
  let weight = 0;
  for (const job of jobs) {
    while (running.size > 0 && weight + job.weight > most) await Promise.race(running);
    weight += job.weight;
    const work = job.run().finally(() => {
      weight -= job.weight;
      running.delete(work);
    });
    running.add(work);
    results.push(work);
  }
  return Promise.all(results);
}
