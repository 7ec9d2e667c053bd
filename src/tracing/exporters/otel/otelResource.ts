import type { Attributes } from '@opentelemetry/api';
import { defaultResource, detectResources, envDetector, resourceFromAttributes, type Resource } from '@opentelemetry/resources';

/** Who sends: what the environment says (`OTEL_SERVICE_NAME`, `OTEL_RESOURCE_ATTRIBUTES`), and over it what the program says. */
export function otelResource(serviceName: string | undefined, attributes: Attributes): Resource {
  const said = { ...attributes, ...(serviceName !== undefined && { 'service.name': serviceName }) };
  return defaultResource().merge(detectResources({ detectors: [envDetector] })).merge(resourceFromAttributes(said));
}
