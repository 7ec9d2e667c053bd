#!/usr/bin/env node
import process from 'node:process';
import { runCli } from './runCli.js';

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
