/* Plain words out of text objects, and the addresses a picture may come from. */

export function plainWords(object) {
  if (!object) return "";
  return typeof object === "string" ? object : object.text || "";
}

/** The address when it belongs to this very server or is written into the page, else "". */
export function safeImage(address) {
  if (/^data:image\/(png|jpeg|gif|webp);/i.test(address)) return address;
  try {
    return new URL(address, location.href).origin === location.origin ? address : "";
  } catch {
    return "";
  }
}
