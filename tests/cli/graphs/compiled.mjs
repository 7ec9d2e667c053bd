// A graph that is compiled already: it can be drawn, and not be kept in another store.
import { graph as builder } from './review.mjs';

export const graph = builder.compile();
