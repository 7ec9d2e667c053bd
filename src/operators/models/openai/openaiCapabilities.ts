import type { ModelCapabilities } from '../ChatModel.js';

/** What OpenAI's models can do, by their name. A name that isn't known counts as that of a new model. */
export function openaiCapabilities(model: string): ModelCapabilities {
  const name = model.replace(/^ft:/, '');
  const audio = /audio/.test(name);
  const old = /^(gpt-3|gpt-4($|-\d|-32k|-turbo|-vision)|o1-(mini|preview))/.test(name);
  const sees = /^(gpt-4-(turbo|vision)|gpt-4o|gpt-4\.|gpt-[5-9]|chatgpt|o[1-9])/.test(name) && !/^(o1-mini|o1-preview|o3-mini)/.test(name) && !audio;
  return {
    tools: !/^(o1-(mini|preview)|chatgpt|gpt-4-vision)|search-preview/.test(name),
    structuredOutput: !old && !audio && !/^chatgpt/.test(name),
    images: sees,
    audio,
    files: sees && !old,
    reasoning: /^(o[1-9]|gpt-oss|gpt-[5-9])/.test(name) && !/-chat/.test(name),
  };
}
