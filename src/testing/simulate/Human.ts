import { Actor } from './Actor.js';
import type { Lane } from './World.js';

const PATIENCE_MS = 3_000;

/** Answers what is open, now and then twice, and once more if it stays open. */
export class Human extends Actor {
  private readonly answeredAt = new Map<string, number>();
  private answers = 0;

  protected act({ branch }: Lane): void {
    const { world, answeredAt } = this;
    const now = world.clock.now();
    for (const { id, payload } of world.lookout.at(branch)?.interrupts ?? []) {
      if (now - (answeredAt.get(id) ?? -Infinity) < PATIENCE_MS) continue;
      answeredAt.set(id, now);
      const to = typeof payload === 'string' ? payload : 'pause';
      for (let times = world.dice.happens(0.3) ? 2 : 1; times > 0; times--) world.inbox.push({ branch, id, answer: { to, time: ++this.answers } });
    }
    this.again();
  }
}
