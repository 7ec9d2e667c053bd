// A function that makes no graph.
export default () => 'graph';
