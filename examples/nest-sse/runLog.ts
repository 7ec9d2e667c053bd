import { Injectable, Logger } from '@nestjs/common';
import type { RunEvent, Tracer } from 'rivulet';

/** Writes to Nest's log how each run ended: a tracer hears that too when the client is gone. */
@Injectable()
export class RunLog implements Tracer {
  private readonly logger = new Logger('Run');

  next(event: RunEvent): void {
    if (event.type === 'run_end') this.logger.log(`${event.runId} ${event.status}`);
    else if (event.type === 'run_error') this.logger.error(`${event.runId} ${String(event.error)}`);
  }
}
