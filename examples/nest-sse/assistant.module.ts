import { Module, type DynamicModule } from '@nestjs/common';
import type { ChatModel } from 'rivulet';
import { ASSISTANT, assistant } from './assistant.js';
import { AssistantController } from './assistant.controller.js';
import { RunLog } from './runLog.js';

@Module({})
export class AssistantModule {
  /** The assistant, on this model. */
  static forRoot(model: ChatModel): DynamicModule {
    return {
      module: AssistantModule,
      controllers: [AssistantController],
      providers: [RunLog, { provide: ASSISTANT, useValue: assistant(model) }],
    };
  }
}
