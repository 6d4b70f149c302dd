/* Calls to the practice server. Every refusal arrives here as one error with a sentence a person can read. */

export class Refused extends Error {
  constructor(code, sentence) {
    super(sentence);
    this.code = code;
  }
}

const UNREACHABLE = "The practice workspace did not answer. Is it still running? Nothing you typed is lost.";

async function answer(request) {
  let reply;
  try {
    reply = await request;
  } catch {
    throw new Refused("unreachable", UNREACHABLE);
  }
  let body = {};
  try {
    body = await reply.json();
  } catch {
    body = {};
  }
  if (!reply.ok) throw new Refused(body.error || `http_${reply.status}`, body.message || UNREACHABLE);
  return body;
}

export function get(path, params = {}) {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value));
  return answer(fetch(`/seat/${path}?${query}`, { cache: "no-store" }));
}

export function post(path, body) {
  return answer(
    fetch(`/seat/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json; charset=utf-8" },
      body: JSON.stringify(body),
    }),
  );
}
