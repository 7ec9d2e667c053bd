import { Actor } from './Actor.js';
import { MAIN, FORK, LANES, type Lane } from './World.js';

/** Gives a lane its next job when it has done the one before, and ends the simulation when all is done. */
export class Client extends Actor {
  private readonly finished = new Set<Lane>();

  protected act(lane: Lane): void {
    const { process, world } = this;
    const seen = world.lookout.at(lane.branch);
    if (!seen) return lane === MAIN ? this.give(lane, lane.jobs[0] as number) : this.again();
    if (seen.next.length > 0) return this.again();
    const job = lane.jobs.find((one) => !seen.values.done.includes(one));
    if (job === undefined) return this.finish(lane);
    if (lane === MAIN && job !== lane.jobs[0] && !world.lookout.at(FORK.branch)) return process.fork(seen.checkpointId, FORK.branch, this.afterRun);
    this.give(lane, job);
  }

  /** It leaves once the job was taken, so that it is given once; now and then it stays to see it done. */
  private give({ branch }: Lane, job: number): void {
    const stays = this.world.dice.below(4) === 0;
    this.process.run(branch, `job ${job}`, { job, round: 0 }, this.afterRun, () => !stays);
  }

  private finish(lane: Lane): void {
    this.finished.add(lane);
    if (this.finished.size === LANES.length) this.world.isOver = true;
    else this.again();
  }
}
