import { SimulatedProcess } from './SimulatedProcess.js';
import { LANES, type Lane, type World } from './World.js';

/** Somebody who looks at a lane now and then and does what is to be done there; after a crash, as another process. */
export abstract class Actor {
  protected process: SimulatedProcess;
  private generation = 0;
  private patience = 1;

  /** @param mortal whether it may crash */
  constructor(
    protected readonly world: World,
    private readonly name: string,
    private readonly mortal = false,
  ) {
    this.process = this.spawn();
    this.again();
  }

  /** Acts once more; the less there was to do, the later. */
  protected readonly again = (useful = false): void => {
    const { dice, isOver } = this.world;
    if (isOver) return;
    this.patience = useful ? 1 : Math.min(this.patience * 2, 12);
    this.process.later(5 + dice.below(dice.oneOf([30, 1_000, 1_000]) * this.patience), () => this.act(dice.oneOf(LANES)));
  };

  /** What to do after a run. */
  protected readonly afterRun = (how: string): void => this.again(how === 'over' || how === 'left');

  /** Calls `again` when it is done. */
  protected abstract act(lane: Lane): void;

  private spawn(): SimulatedProcess {
    const { world, name, mortal } = this;
    const process = new SimulatedProcess(world, `${name}${++this.generation}`, mortal ? () => this.respawn() : undefined);
    world.processes.add(process);
    return process;
  }

  private respawn(): void {
    const { world } = this;
    world.processes.delete(this.process);
    world.after(10 + world.dice.below(3_000), () => {
      if (world.isOver) return;
      this.process = this.spawn();
      this.again();
    });
  }
}
