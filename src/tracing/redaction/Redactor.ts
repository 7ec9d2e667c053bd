import { RedactingCopy, type CopyRules } from './RedactingCopy.js';
import { SecretAutomaton } from './SecretAutomaton.js';
import { SecretScanner } from './SecretScanner.js';
import { secretKeyCheck } from './secretKeys.js';
import type { SecretRule } from './SecretRule.js';

export interface RedactorOptions {
  readonly rules: readonly SecretRule[];
  readonly keys: readonly string[];
  readonly maxDepth: number;
  readonly replacement: (name: string) => string;
}

/** A value without its secrets, and whether it was cut where one might begin. */
export interface FirstPiece {
  readonly value: unknown;
  readonly isCut: boolean;
}

/** A shorter end is told though a secret may begin with it: what secrets begin with is no secret. */
const SHORTEST_CUT = 8;

/** Takes secrets out of values and of texts in pieces. */
export class Redactor {
  private readonly automaton: SecretAutomaton;
  private readonly rules: CopyRules;

  constructor({ rules, keys, maxDepth, replacement }: RedactorOptions) {
    this.automaton = new SecretAutomaton(rules);
    this.rules = { maxDepth, replacement, isSecretKey: secretKeyCheck(keys), text: (text) => this.text(text) };
  }

  /** For a text that comes in pieces. */
  open(): SecretScanner {
    return new SecretScanner(this.automaton, this.rules.replacement);
  }

  text(text: string): string {
    const scanner = this.open();
    return scanner.push(text) + scanner.end();
  }

  /** `value` without its secrets: itself if it has none, else a copy. */
  value(value: unknown): unknown {
    return new RedactingCopy(this.rules).of(value);
  }

  isSecretKey(key: string): boolean {
    return this.rules.isSecretKey(key);
  }

  /** As `value`, of what may be the first piece of something longer: texts end where a secret may begin that goes on in the next. */
  firstPiece(value: unknown): FirstPiece {
    let isCut = false;
    const text = (whole: string): string => {
      const scanner = this.open();
      const safe = scanner.push(whole);
      const rest = scanner.end();
      if (rest.length < SHORTEST_CUT) return safe + rest;
      isCut = true;
      return safe;
    };
    return { value: new RedactingCopy({ ...this.rules, text }).of(value), isCut };
  }
}
