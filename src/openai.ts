/** `rivulet/openai`: OpenAI's models, and those behind compatible servers. Needs the `openai` package. */

// Models
export { openai } from './operators/models/openai/openai.js';
export { openaiResponses, type OpenAIResponsesOptions } from './operators/models/openai/openaiResponses.js';
export { openaiCompatible, type OpenAICompatibleOptions } from './operators/models/openai/openaiCompatible.js';
export { type OpenAIModelOptions } from './operators/models/openai/openaiModel.js';
export { type OpenAIClientOptions } from './operators/models/openai/openaiClient.js';
export { type BatchOptions } from './operators/models/openai/openaiBatch.js';

// Embeddings
export { openaiEmbeddings, type OpenAIEmbeddingsOptions } from './operators/models/openai/openaiEmbeddings.js';
