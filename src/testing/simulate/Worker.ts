import { resume } from '../../pregel/graph/command.js';
import { Actor } from './Actor.js';
import type { Lane } from './World.js';

/** Goes on with whatever has stopped, and delivers what the human said, now and then too late or twice. */
export class Worker extends Actor {
  protected act({ branch }: Lane): void {
    const { process, world } = this;
    const { dice, inbox } = world;
    const seen = world.lookout.at(branch);
    if (!seen || seen.next.length === 0) return this.again();
    const messages = inbox.filter((message) => message.branch === branch);
    const waits = seen.interrupts.length > 0;
    const message = messages.length > 0 && (waits || dice.below(4) === 0) ? dice.oneOf(messages) : undefined;
    if (!message && waits && dice.below(4) > 0) return this.again();
    if (dice.happens(0.15)) process.later(dice.delayMs(), () => process.leave());
    if (!message) return process.run(branch, 'goes on', null, this.afterRun);
    const delivered = dice.below(4) > 0;
    process.run(branch, `answer to ${message.id}`, resume({ [message.id]: message.answer }), (how) => {
      if ((delivered || how === 'UNKNOWN_INTERRUPT') && inbox.includes(message)) inbox.splice(inbox.indexOf(message), 1);
      this.afterRun(how);
    });
  }
}
