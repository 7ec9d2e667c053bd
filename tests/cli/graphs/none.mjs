// Exports something else.
export const graph = { nodes: [] };
export const other = 1;
