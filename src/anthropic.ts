// Models of Anthropic, through its official SDK.
export { anthropic, type AnthropicOptions } from './operators/models/anthropic/anthropic.js';
export { type AnthropicCitation } from './operators/models/anthropic/AnthropicCitation.js';
