/** The bytes of a session image: one operation, with a different path in each version. */
import type { ServiceContext } from '../context.js';
import { findSessionImage } from '../session/images.js';
import { idIn, type ApiVersion, type Operation } from './operations.js';

export function sessionImageOperation(context: ServiceContext, version: ApiVersion, folder: string): Operation {
  return {
    id: 'getSessionImage',
    summary: 'Get an image kept for a session',
    caller: 'key',
    method: 'get',
    path: `${folder}/{sessionImageId}`,
    versions: [version],
    responses: { 200: 'application/octet-stream' },
    async handle(request) {
      const image = await findSessionImage(context, idIn(request, 'sessionImageId'));
      request.get('request').sessionId = image.session_id;
      // The client chose these bytes: a browser must never render them as a page.
      const headers = { 'content-type': 'application/octet-stream', 'x-content-type-options': 'nosniff' };
      return new Response(new Uint8Array(image.bytes), { headers });
    },
  };
}
