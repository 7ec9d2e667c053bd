import type { DocumentBlockParam, ImageBlockParam } from '@anthropic-ai/sdk/resources/messages';
import { RivuletError } from '../../../core/errors/RivuletError.js';
import type { FileBlock, ImageBlock, MediaSource } from '../../messages/ContentBlock.js';

/** An image, or a file that is one. */
export function toImageParam({ source }: ImageBlock | FileBlock): ImageBlockParam {
  if ('fileId' in source) return { type: 'image', source: { type: 'file', file_id: source.fileId } };
  const inline = inlineOf(source);
  if (!inline) return { type: 'image', source: { type: 'url', url: (source as { readonly url: string }).url } };
  // The API says which media types it takes, and a new one shouldn't need a new release.
  return { type: 'image', source: { type: 'base64', media_type: inline.mediaType as 'image/png', data: inline.base64 } };
}

/** A file as Anthropic takes it: an image, a PDF, or plain text. */
export function toFileParam(file: FileBlock): DocumentBlockParam | ImageBlockParam {
  const inline = inlineOf(file.source);
  const mediaType = inline?.mediaType ?? file.source.mediaType ?? '';
  if (mediaType.startsWith('image/')) return toImageParam(file);
  return { type: 'document', source: documentSource(file.source, inline), ...(file.filename && { title: file.filename }) };
}

function documentSource(source: MediaSource, inline: Inline | undefined): DocumentBlockParam['source'] {
  if ('fileId' in source) return { type: 'file', file_id: source.fileId };
  if (!inline) return { type: 'url', url: (source as { readonly url: string }).url };
  const { base64: data, mediaType } = inline;
  if (mediaType === 'application/pdf') return { type: 'base64', media_type: mediaType, data };
  if (/^text\/|json|xml|yaml/.test(mediaType)) return { type: 'text', media_type: 'text/plain', data: decoded(data) };
  throw new RivuletError('INVALID_MESSAGE', `anthropic takes no file of type '${mediaType}'. Give it as PDF or as text`);
}

interface Inline {
  readonly base64: string;
  readonly mediaType: string;
}

/** The bytes, if they are here: as such, or in a `data:` URL, which the API doesn't take. */
function inlineOf(source: MediaSource): Inline | undefined {
  if ('base64' in source) return source;
  if (!('url' in source) || !source.url.startsWith('data:')) return undefined;
  const comma = source.url.indexOf(',');
  const [mediaType = '', ...parameters] = source.url.slice('data:'.length, comma).split(';');
  const payload = source.url.slice(comma + 1);
  return { mediaType: mediaType || 'text/plain', base64: parameters.includes('base64') ? payload : encoded(decodeURIComponent(payload)) };
}

const decoded = (base64: string): string => new TextDecoder().decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));

const encoded = (text: string): string => btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
