#!/usr/bin/env node
import process from 'node:process';
import { runCli } from './runCli.js';

// A reader that has seen enough, as 'head' does, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await runCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  onInterrupt: (listener) => {
    process.on('SIGINT', listener);
    return () => process.off('SIGINT', listener);
  },
});
// What still holds the process open now is an input that nobody reads any more.
process.stdin.unref?.();
