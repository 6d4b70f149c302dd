/* Files beside a message. In practice their content stays in this workspace. */
import { fill, h } from "../dom.js";
import { notice } from "../announce.js";

const MOST = 5_000_000;

function base64(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result).split(",")[1] || "");
    reader.onerror = () => failed(new Error(`${file.name} could not be read.`));
    reader.readAsDataURL(file);
  });
}

/** A button, the chosen files as chips, and the files as /seat/message wants them. */
export function attachments() {
  let files = [];
  const input = h("input", { type: "file", multiple: true, hidden: true, tabindex: "-1" });
  const button = h("button", { type: "button", class: "btn", on: { click: () => input.click() } }, "Add file");
  const chips = h("ul", { class: "chips", "aria-label": "Files to send", hidden: true });
  const draw = () => {
    chips.hidden = files.length === 0;
    fill(chips, files.map((file) => h("li", { class: "chip" }, h("span", { dir: "auto" }, file.name), h("button", {
      type: "button", class: "plain", "aria-label": `Do not send ${file.name}`,
      on: {
        click: () => {
          files = files.filter((one) => one !== file);
          draw();
          button.focus();
        },
      },
    }, "×"))));
  };
  input.addEventListener("change", () => {
    const chosen = [...input.files];
    const small = chosen.filter((file) => file.size <= MOST);
    if (small.length < chosen.length) notice("Files of more than 5 MB are left out here.");
    files = [...files, ...small];
    input.value = "";
    draw();
  });
  return {
    button: h("span", {}, button, input),
    chips,
    list: () => files,
    clear: () => {
      files = [];
      draw();
    },
    encoded: () => Promise.all(files.map(async (file) => ({ name: file.name, mimetype: file.type || "application/octet-stream", content_base64: await base64(file) }))),
  };
}
