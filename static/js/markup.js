// Knows how the server's markup becomes elements: the one place where text is parsed as HTML.
//
//   parse(html) -> DocumentFragment      what came over the socket, or a fragment fetched over HTTP
//
// The policy "dispatch" may be created once (Content-Security-Policy), so everybody parses through here.
// Scripts inside are inert by the platform; the policy that the server sends forbids them anyway.

const policy = globalThis.trustedTypes?.createPolicy("dispatch", { createHTML: (html) => html });

export function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = policy ? policy.createHTML(html) : html;
  return template.content;
}
