// A picture in front of the page: opened by click or Enter, closed by Escape, click or button.
// Without this script the link leads to the picture.

let box = null;

function close() {
  if (box) box.close();
}

function build() {
  box = document.createElement("dialog");
  box.className = "lightbox";
  const shut = document.createElement("button");
  shut.type = "button";
  shut.className = "button lightbox-shut";
  shut.textContent = "✕";
  const picture = document.createElement("img");
  const words = document.createElement("p");
  box.append(shut, picture, words);
  box.addEventListener("click", close);
  document.body.append(box);
}

function show(link) {
  if (!box) build();
  const small = link.querySelector("img");
  const picture = box.querySelector("img");
  box.setAttribute("aria-label", small.alt);
  box.querySelector("button").setAttribute("aria-label", document.body.dataset.close || small.alt);
  picture.src = link.href;
  picture.alt = small.alt;
  box.querySelector("p").textContent = link.dataset.described || "";
  box.addEventListener("close", () => link.focus(), { once: true });
  box.showModal();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-picture]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(link);
});
