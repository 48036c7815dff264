import type { Person } from '@krateyard/auth/people';

/** A sign-in page without script or style files, for when the console is not built or cannot run. */
export function signInPage(options: {
  readonly cluster: string;
  readonly people: readonly Person[];
  readonly problem?: string | undefined;
}): string {
  return page(
    'Sign in',
    `<h1>Krateyard</h1>
<p>Cluster: ${escape(options.cluster)}</p>
${options.problem ? `<p role="alert"><strong>${escape(options.problem)}</strong></p>` : ''}
${options.people.map(personForm).join('\n')}
<form method="post" action="/sign-in">
<p><label>A bearer token of the cluster<br><textarea name="token" rows="4" cols="60" required autocomplete="off"></textarea></label></p>
<p><button>Sign in with the token</button></p>
</form>`,
  );
}

/** What stands at `/` when the console's files are missing. */
export function noConsolePage(): string {
  return page(
    'Krateyard',
    `<h1>Krateyard</h1>
<p>The console has not been built: run <code>npm run build</code>. The API works:
<a href="/api/health">health</a>, <a href="/api/openapi.json">description</a>, <a href="/sign-in">sign in</a>.</p>`,
  );
}

function personForm({ name, about }: Person): string {
  return `<form method="post" action="/sign-in"><p><button name="person" value="${escape(name)}">${escape(name)}</button> ${escape(about)}</p></form>`;
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="dark light"><title>${title}</title></head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
