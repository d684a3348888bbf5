/**
 * Serves the built files. Browsers revalidate them on every use, because a rebuilt worker must never meet an older
 * page.
 */
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import type { MiddlewareHandler } from 'hono';

/** @param rewrite file paths by request path, where the two differ */
export function staticFiles(root: string, rewrite: Record<string, string> = {}): MiddlewareHandler[] {
  return [
    notModified,
    serveStatic({
      root,
      precompressed: true,
      rewriteRequestPath: (path) => rewrite[path] ?? path,
      onFound(path, c) {
        const { size, mtimeMs } = statSync(path);
        c.header('etag', `"${size.toString(36)}-${Math.floor(mtimeMs).toString(36)}"`);
        c.header('cache-control', 'no-cache');
        c.header('x-content-type-options', 'nosniff');
        // Against clickjacking: people enter the API key on the operator page. A `<meta>` policy in the page cannot set
        // this.
        if (basename(path).startsWith('operator.html')) c.header('content-security-policy', "frame-ancestors 'none'");
      },
    }),
  ];
}

const notModified: MiddlewareHandler = async (c, next) => {
  await next();
  const etag = c.res.headers.get('etag');
  if (etag === null || !isAmong(c.req.header('if-none-match'), etag) || c.res.status !== 200) return;
  const { body, headers } = c.res;
  await body?.cancel();
  c.res = undefined;
  const kept = [...headers].filter(([name]) => name !== 'content-length' && name !== 'content-type');
  c.res = new Response(null, { status: 304, headers: kept });
};

/** Compares weakly, as RFC 9110 §13.1.2 requires: a proxy that compresses turns our tag into a weak one. */
function isAmong(ifNoneMatch = '', etag: string): boolean {
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || ifNoneMatch.trim() === '*';
}
