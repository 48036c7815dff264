/**
 * Runs `make` so that the style elements it makes become constructed style sheets. xterm writes its rules into `<style>`
 * elements, which the content security policy (no inline styles) ignores and reports; constructed sheets are script, and
 * scripts come from our own files only. Synchronous: nobody else's elements are touched.
 */
export function withAdoptedRules<T>(make: () => T): T {
  const original = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions) =>
    name.toLowerCase() === 'style'
      ? adoptedStyle(original('template'))
      : original(name, options)) as typeof document.createElement;
  try {
    return make();
  } finally {
    // The method of the prototype shows again.
    delete (document as { createElement?: unknown }).createElement;
  }
}

/** An element that takes rules as its text, as a style element does; taken off the page it takes them along. */
function adoptedStyle(element: HTMLElement): HTMLElement {
  const sheet = new CSSStyleSheet();
  let text = '';
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  Object.defineProperty(element, 'textContent', {
    get: () => text,
    set: (rules: string) => {
      text = rules;
      sheet.replaceSync(rules);
    },
  });
  Object.defineProperty(element, 'remove', {
    value: () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
      Element.prototype.remove.call(element);
    },
  });
  return element;
}
