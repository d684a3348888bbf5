/** The OpenAPI document as a page to read: plain HTML, no script, nothing fetched from anywhere. */
import { html, raw } from 'hono/html';
import type { OpenApiDocument, OpenApiOperation } from './open-api.js';

export const DOCS_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
};

const STYLE = `
  :root { color-scheme: light dark; }
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  h1, h2 { line-height: 1.2; } h2 { margin-top: 2.5rem; }
  section { border-top: 1px solid #8886; padding: .75rem 0; }
  h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
  code, pre { font: .875rem/1.4 ui-monospace, monospace; }
  pre { overflow-x: auto; background: #8881; padding: .75rem; border-radius: .5rem; }
  p { margin: .25rem 0; } .method { text-transform: uppercase; }
`;

export async function docsPage(document: OpenApiDocument): Promise<string> {
  const tags = new Map<string, ReturnType<typeof section>[]>();
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags[0] ?? '';
      tags.set(tag, [...(tags.get(tag) ?? []), section(path, method, operation)]);
    }
  }
  const page = await html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${document.info.title}</title>
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        <h1>${document.info.title}</h1>
        <p>${document.info.description}</p>
        <p>
          Base URL <code>${document.servers[0]?.url ?? ''}</code>. Also available as
          <a href="openapi.json">OpenAPI 3.1</a>.
        </p>
        ${[...tags].map(
          ([tag, sections]) =>
            html`<h2>${tag}</h2>
              ${sections}`,
        )}
        <h2>Models</h2>
        ${Object.entries(document.components.schemas).map(([name, schema]) => model(name, schema))}
      </body>
    </html>`;
  return String(page);
}

function section(path: string, method: string, operation: OpenApiOperation) {
  const caller = Object.keys(operation.security[0] ?? {})[0] ?? '';
  const bodies = Object.entries(operation.requestBody?.content ?? {});
  const parameters = operation.parameters.map(({ name, in: place }) => `${String(name)} (${String(place)})`);
  return html`<section>
    <h3>
      <code><span class="method">${method}</span> ${path}</code>
    </h3>
    <p>${operation.summary}. Requires the ${caller}.</p>
    ${parameters.length > 0 ? html`<p>Parameters: ${parameters.join(', ')}</p>` : ''}
    ${bodies.map(([type, { schema }]) => details(`Request, ${type}`, schema))}
    ${Object.entries(operation.responses).map(([status, { description, content }]) =>
      content
        ? details(`${status} ${description}`, Object.values(content)[0]?.schema)
        : html`<p>${status} ${description}</p>`,
    )}
  </section>`;
}

function model(name: string, schema: unknown) {
  return html`<section id="${name}">${details(name, schema)}</section>`;
}

function details(title: string, schema: unknown) {
  return html`<details>
    <summary>${title}</summary>
    <pre>${JSON.stringify(schema, null, 2)}</pre>
  </details>`;
}
