import { writeSync } from 'node:fs';

/**
 * Jest reporter: prints `N passed, N failed`, alone, as the very last line of the process, where a script can read it.
 * A file that failed to load counts as one failure, and so does a run that fails without a failed test or never ends.
 */
export default class ClosingLineReporter {
  #passed = 0;
  #failed = 1;

  constructor() {
    process.once('exit', (code) => this.#close(code));
  }

  onRunComplete(_contexts, results) {
    this.#passed = results.numPassedTests;
    this.#failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  }

  #close(code) {
    const failed = code === 0 ? this.#failed : Math.max(this.#failed, 1);
    if (failed > 0 && code === 0) process.exitCode = 1;
    print(`${this.#passed} passed, ${failed} failed\n`);
  }
}

/** Nothing asynchronous is flushed at exit, and a full pipe answers EAGAIN until its reader has caught up. */
function print(line) {
  for (;;) {
    try {
      return writeSync(process.stdout.fd, line);
    } catch (error) {
      if (error.code !== 'EAGAIN') return;
    }
  }
}
