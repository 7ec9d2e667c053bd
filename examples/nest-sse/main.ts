import process from 'node:process';
import { NestFactory } from '@nestjs/core';
import { embeddedModel } from './assistant.js';
import { AssistantModule } from './assistant.module.js';

const app = await NestFactory.create(AssistantModule.forRoot(embeddedModel()));
await app.listen(process.env['PORT'] ?? 3000, '127.0.0.1');
console.log(`${await app.getUrl()}/assistant/events`);
