/* What the pages do beyond links and forms: keys, drafts that save themselves, and news without a reload.
   Everything here is an addition: without it links and forms still do the work. */
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const body = document.body;
  const person = body.dataset.person || "0";
  const say = (text) => { const live = $("#live"); if (live) { live.textContent = ""; setTimeout(() => { live.textContent = text; }, 60); } };

  /* --- what is typed is kept in this browser until the desk has it --- */
  const store = {
    key: (name) => `amends:${person}:${name}`,
    get(name) { try { return JSON.parse(localStorage.getItem(this.key(name))); } catch { return null; } },
    set(name, value) { try { localStorage.setItem(this.key(name), JSON.stringify(value)); } catch { /* full or forbidden: the desk still saves */ } },
    drop(name) { try { localStorage.removeItem(this.key(name)); } catch { /* as above */ } },
  };
  function restoreKept(root) {
    for (const field of all("[data-keep]", root)) {
      const kept = store.get(field.dataset.keep);
      if (kept && !field.value) field.value = kept;
    }
  }
  document.addEventListener("input", (event) => {
    const { keep } = event.target.dataset || {};
    if (keep) event.target.value ? store.set(keep, event.target.value) : store.drop(keep);
  });
  const dropKept = (form) => all("[data-keep]", form).forEach((field) => store.drop(field.dataset.keep));
  document.addEventListener("submit", (event) => { if (!event.target.hasAttribute("hx-post")) dropKept(event.target); });

  /* --- the draft saves itself --- */
  const segment = "Segmenter" in Intl ? new Intl.Segmenter() : null;
  const lengthOf = (text, unit) => (unit === "graphemes" && segment ? [...segment.segment(text)].length : [...text].length);
  const draft = {
    timer: 0, flight: null,
    field() { return $("#draft"); },
    form() { return $("[data-editor]"); },
    status(text) { const place = $("#saved"); if (place) place.textContent = text; },
    count(field) {
      const length = lengthOf(field.value, field.dataset.unit), limit = Number(field.dataset.limit) || Infinity;
      $("[data-length]").textContent = length;
      $("[data-over]").hidden = length <= limit;
      field.classList.toggle("over-limit", length > limit);
    },
    open(field) {
      const name = `reply-${field.dataset.draft}`, kept = store.get(name);
      field.dataset.saved = field.value;
      if (kept && kept.text !== field.value) {
        field.value = kept.text;
        $("[name=revision]", this.form()).value = kept.revision;
        this.later();
      } else store.drop(name);
      this.count(field);
    },
    typed(field) {
      store.set(`reply-${field.dataset.draft}`, { text: field.value, revision: Number($("[name=revision]", this.form()).value) });
      this.count(field);
      this.later();
    },
    later() { clearTimeout(this.timer); this.timer = setTimeout(() => this.save(), 1500); },
    isDirty() { const field = this.field(); return Boolean(field && field.dataset.saved !== undefined && field.value !== field.dataset.saved); },
    async save() {
      clearTimeout(this.timer);
      if (this.flight) { await this.flight; return this.isDirty() ? this.save() : true; }
      if (!this.isDirty()) return true;
      this.flight = this.send().finally(() => { this.flight = null; });
      return this.flight;
    },
    async send() {
      const field = this.field(), form = this.form(), place = $("#saved"), text = field.value;
      const data = new FormData(form);
      data.set("text", text);
      this.status(place.dataset.saving);
      let response;
      try {
        response = await fetch(form.dataset.save, { method: "POST", body: data, headers: { Accept: "application/json" }, credentials: "same-origin" });
      } catch { this.status(place.dataset.offline); setTimeout(() => this.save(), 5000); return false; }
      if (response.redirected || response.status === 401 || response.status === 403) { this.status(place.dataset.signedOut); return false; }
      const answer = await response.json().catch(() => null);
      if (!field.isConnected) return true;
      if (response.status === 409 && answer) { this.conflict(answer.conflict); return false; }
      if (!response.ok || !answer) { this.status((answer && answer.problem) || place.dataset.offline); if (!answer) setTimeout(() => this.save(), 5000); return false; }
      field.dataset.saved = text;
      $("[name=revision]", form).value = answer.revision;
      if (field.value === text) store.drop(`reply-${field.dataset.draft}`);
      else { this.typed(field); }
      this.status(answer.said);
      return true;
    },
    conflict(html) {
      const place = $("#conflict");
      place.innerHTML = html;
      if (window.htmx) window.htmx.process(place);
      this.status("");
      delete this.field().dataset.saved; // no further saving until the person has chosen
    },
  };
  document.addEventListener("input", (event) => { if (event.target.id === "draft") draft.typed(event.target); });
  document.addEventListener("focusout", (event) => { if (event.target.id === "draft") draft.save(); });
  addEventListener("beforeunload", (event) => { if (draft.isDirty() && !store.get(`reply-${draft.field().dataset.draft}`)) event.preventDefault(); });
  addEventListener("online", () => draft.save());

  /* --- htmx --- */
  document.addEventListener("htmx:confirm", (event) => {
    const source = event.target, field = draft.field();
    if (source.closest("[data-conflict]")) { if (field) store.drop(`reply-${field.dataset.draft}`); return; }
    if (!source.closest("#case, .list") || !draft.isDirty()) return;
    event.preventDefault(); // first the words, then whatever was clicked
    draft.save().then((saved) => { if (saved || !source.closest("[data-editor]")) event.detail.issueRequest(true); });
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest && event.target.closest("form");
    if (event.detail.successful && form) dropKept(form);
    if (!event.detail.successful && event.detail.xhr && event.detail.xhr.status !== 409 && event.detail.xhr.status !== 422) showTrouble(event.detail.xhr);
  });
  document.addEventListener("htmx:sendError", () => showTrouble(null));
  function showTrouble(xhr) {
    const text = xhr && (xhr.getResponseHeader("Content-Type") || "").startsWith("text/plain") ? xhr.responseText : "";
    const place = $("#notices"), shown = $("template#trouble");
    if (!place || !shown) return;
    all("[data-trouble]", place).forEach((old) => old.remove());
    const message = shown.content.firstElementChild.cloneNode(true);
    if (text) $("[data-text]", message).textContent = text;
    place.append(message);
  }
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr && /^\/(accounts|sign-in|login)/.test(new URL(xhr.responseURL || "/", location.href).pathname)) { event.detail.shouldSwap = false; location.href = xhr.responseURL; }
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target && event.detail.target.id === "case") opened(event.detail.requestConfig && event.detail.requestConfig.verb === "get");
  });
  function opened(isFresh) {
    const pane = $("#case"), shown = $(".case", pane);
    if (!shown) return;
    body.classList.add("has-case");
    prepare(pane);
    for (const link of all("#rows a[aria-current]")) link.removeAttribute("aria-current");
    const link = $(`#row-${shown.dataset.case} a`);
    if (link) link.setAttribute("aria-current", "true");
    const target = $("[data-problem]", pane) || (!isFresh && ($("#draft[data-focus]", pane) && !$("[data-said]", pane) ? $("#draft", pane) : $("[data-said]", pane))) || $(".case-title", pane);
    if (isFresh) { pane.scrollTop = 0; if (matchMedia("(max-width: 760px)").matches) scrollTo(0, 0); }
    if (target && (isFresh || !pane.contains(document.activeElement) || document.activeElement === pane || target.matches("[data-problem]"))) target.focus({ preventScroll: isFresh });
    const said = $("[data-said], [data-problem]", pane);
    if (said) say(said.textContent.trim());
    pulse.soon();
  }
  function prepare(root) {
    restoreKept(root);
    const field = $("#draft", root);
    if (field) draft.open(field);
    tick();
  }

  /* --- the pulse: what is new, without a reload --- */
  const rows = $("#rows"), scroller = $("#list-scroll"), pill = $("#arrived");
  let moved = 0, waiting = [];
  if (scroller) scroller.addEventListener("pointermove", () => { moved = Date.now(); });
  const isNarrow = () => matchMedia("(max-width: 760px)").matches;
  const scrolled = () => (isNarrow() ? scrollY : scroller.scrollTop) > 8;
  const pulse = {
    timer: 0, busy: false, wait: 2000,
    soon() { clearTimeout(this.timer); this.timer = setTimeout(() => this.beat(), 300); },
    async beat() {
      clearTimeout(this.timer);
      if (!document.hidden && !this.busy && rows) {
        this.busy = true;
        try { await this.ask(); this.wait = 2000; } catch { this.wait = Math.min(this.wait * 2, 30000); }
        this.busy = false;
      }
      this.timer = setTimeout(() => this.beat(), this.wait);
    },
    async ask() {
      const shown = $("#case .case");
      const query = new URLSearchParams({ view: rows.dataset.view, channel: rows.dataset.channel, stamp: rows.dataset.stamp, latest: rows.dataset.latest });
      if (shown) { query.set("case", shown.dataset.case); query.set("seen", shown.dataset.seen); }
      const response = await fetch(`${rows.dataset.pulse}?${query}`, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (response.status !== 204) {
        if (!response.ok || response.redirected) throw new Error("no pulse");
        const news = await response.json();
        rows.dataset.stamp = news.stamp;
        rows.dataset.latest = news.latest;
        for (const [view, count] of Object.entries(news.counts)) { const place = $(`[data-count="${view}"]`); if (place) place.textContent = count; }
        news.rows.forEach(takeRow);
        news.gone.forEach(leaveRow);
        if (news.case) await refreshCase(news.case);
      }
      settle();
    },
  };
  function rowFrom(news) {
    const holder = document.createElement("template");
    holder.innerHTML = news.html.trim();
    const row = holder.content.firstElementChild;
    const shown = $("#case .case");
    if (shown && news.id === `row-${shown.dataset.case}`) $("a", row).setAttribute("aria-current", "true");
    return row;
  }
  function takeRow(news) {
    const old = document.getElementById(news.id);
    if (old) {
      if (old.dataset.stamp === news.stamp) return;
      const hadFocus = old.contains(document.activeElement), row = rowFrom(news);
      old.replaceWith(row);
      if (window.htmx) window.htmx.process(row);
      if (hadFocus) $("a", row).focus({ preventScroll: true });
      return;
    }
    waiting = waiting.filter((one) => one.id !== news.id).concat(news);
  }
  function leaveRow(id) {
    waiting = waiting.filter((one) => one.id !== id);
    const row = document.getElementById(id);
    if (row) row.classList.add("has-left");
  }
  const comesBefore = (a, b) => {
    const [left, leftId] = a.split("~"), [right, rightId] = b.split("~");
    if (rows.dataset.descending) return left === right ? Number(leftId) > Number(rightId) : left > right;
    if (left === right) return Number(leftId) < Number(rightId);
    return left !== "-" && (right === "-" || left < right); // without a due time: at the end
  };
  function place(news) {
    const row = rowFrom(news), next = all(".case-row", rows).find((one) => comesBefore(news.sort, one.dataset.sort));
    if (!next && $("#more")) return false; // belongs to a page that is not shown yet
    row.classList.add("is-new");
    next ? next.before(row) : rows.append(row);
    if (window.htmx) window.htmx.process(row);
    return true;
  }
  function settle(force) {
    const isBusy = scroller && scroller.matches(":hover") && Date.now() - moved < 2000;
    if (!force && (scrolled() || isBusy)) { showPill(); return; }
    const shown = $("#case .case");
    for (const row of all(".case-row.has-left", rows)) if (!row.contains(document.activeElement) && !(shown && row.id === `row-${shown.dataset.case}`)) row.remove();
    const count = waiting.filter(place).length;
    waiting = [];
    showPill();
    $("#empty").hidden = Boolean($(".case-row", rows));
    if (count) say((count === 1 ? rows.dataset.saidOne : rows.dataset.saidMany).replace("{count}", count));
  }
  function showPill() {
    pill.hidden = !waiting.length;
    if (waiting.length) $("span", pill).textContent = (waiting.length === 1 ? pill.dataset.one : pill.dataset.many).replace("{count}", waiting.length);
  }
  if (pill) pill.addEventListener("click", () => { (isNarrow() ? window : scroller).scrollTo({ top: 0 }); settle(true); const first = $(".case-row a", rows); if (first) first.focus({ preventScroll: true }); });

  /* The open case: parts that nobody is writing in are put in place, the others stay and it is said. */
  const isWriting = (part) => part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")
    || all("textarea, input:not([type=hidden])", part).some((field) => field.type === "radio" || field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue)
    || all("select", part).some((field) => [...field.options].some((option) => option.selected !== option.defaultSelected));
  async function refreshCase(news) {
    const shown = $("#case .case");
    if (!shown) return;
    let held = false;
    if (!news.gone) {
      await draft.save();
      const response = await fetch(shown.dataset.url, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
      if (!response.ok || response.redirected || $("#case .case") !== shown) return;
      const holder = document.createElement("template");
      holder.innerHTML = await response.text();
      const fresh = $(".case", holder.content);
      for (const part of all("[data-part]", shown)) {
        const next = $(`[data-part="${part.dataset.part}"]`, fresh);
        if (!next || part.dataset.part === "said" || part.outerHTML === next.outerHTML) continue;
        if (isWriting(part)) { held = held || news.said.length > 0; continue; }
        for (const fold of all("details[id]", part)) { const twin = next.querySelector(`#${fold.id}`); if (twin) twin.open = fold.open; }
        const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
        part.replaceWith(next);
        if (window.htmx) window.htmx.process(next);
        if (focused && document.getElementById(focused)) document.getElementById(focused).focus({ preventScroll: true });
        const field = $("#draft", next);
        if (field) draft.open(field);
      }
      shown.dataset.seen = fresh.dataset.seen;
      tick();
    }
    if (!news.said.length) return;
    const box = $("#meanwhile"), list = $("[data-sentences]", box);
    list.replaceChildren(...news.said.map((text) => { const item = document.createElement("li"); item.textContent = text; return item; }));
    $("[data-held]", box).hidden = !held;
    box.hidden = false;
  }

  /* --- clocks --- */
  function tick() {
    const now = Date.now();
    for (const due of all("[data-due]")) {
      const left = Date.parse(due.dataset.due) - now, minutes = Math.floor(Math.abs(left) / 60000), clock = $(".due-clock", due);
      if (minutes < 1440) clock.textContent = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
      const wasLate = due.classList.contains("due-late");
      due.classList.toggle("due-late", left <= 0);
      due.classList.toggle("due-soon", left > 0 && left < 900000);
      if (left <= 0) { $(".due-word", due).textContent = due.dataset.word; if (!wasLate) $("use", due).setAttribute("href", $("use", due).getAttribute("href").replace("#clock", "#triangle-alert")); }
    }
    for (const pause of all("[data-until]")) {
      const left = Math.ceil((Date.parse(pause.dataset.until) - now) / 1000);
      $("[data-left]", pause).textContent = left > 0 ? `(${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")})` : "";
      const button = $("[data-after-pause]");
      if (button && left <= 0) button.disabled = false;
    }
  }
  setInterval(tick, 1000);

  /* --- keys --- */
  const isTyping = (element) => element.matches && element.matches("input, textarea, select, [contenteditable]");
  const links = () => all("#rows .case-row > a");
  let leader = 0;
  function step(by) {
    const list = links(), here = list.indexOf(document.activeElement);
    const from = here >= 0 ? here : list.findIndex((link) => link.hasAttribute("aria-current"));
    const next = list[Math.min(Math.max(from + by, 0), list.length - 1)];
    if (next) { body.classList.contains("has-case") && isNarrow() ? next.click() : next.focus(); }
  }
  const goTo = { i: "all", m: "mine", u: "unassigned", a: "approvals" };
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    t: () => { const button = $("#confirm-triage"); if (button) { const fold = button.closest("#triage-change"); if (fold) fold.open = true; button.focus(); button.scrollIntoView({ block: "center" }); } },
    r: () => { const field = $("#draft"); if (field) { const fold = field.closest("details"); if (fold) fold.open = true; field.focus(); } else if ($("#begin-reply")) $("#begin-reply").click(); },
    n: () => { const field = $("#note"); if (field) field.focus(); },
    g: () => { leader = Date.now(); },
    "?": () => $("#keys").showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      const form = event.target.closest && event.target.closest("form[data-submit-key]");
      if (form) { event.preventDefault(); form.requestSubmit(form.querySelector("button:not([type=button])")); }
      return;
    }
    if (event.key === "Escape") {
      const menu = $("details[data-menu][open]");
      if (menu) { menu.open = false; $("summary", menu).focus(); }
      else if (isTyping(event.target)) { event.target.blur(); const pane = event.target.closest("#case"); if (pane) pane.focus({ preventScroll: true }); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || $("dialog[open]") || !("shortcuts" in body.dataset)) return;
    const wasLeader = Date.now() - leader < 1500;
    leader = 0;
    if (wasLeader && goTo[event.key]) { const link = $(`[data-view="${goTo[event.key]}"]`); location.href = link ? link.href : `/inbox/${goTo[event.key]}/`; event.preventDefault(); return; }
    if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
  });

  /* --- small things --- */
  document.addEventListener("click", (event) => {
    for (const menu of all("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
    const button = event.target.closest("[data-open], [data-dismiss], [data-copy]");
    if (!button) return;
    if (button.dataset.open) $(`#${button.dataset.open}`).showModal();
    if (button.dataset.dismiss) $(`#${button.dataset.dismiss}`).hidden = true;
    if (button.dataset.copy) copy(button);
  });
  async function copy(button) {
    const source = document.getElementById(button.dataset.copy);
    try { await navigator.clipboard.writeText(source.textContent); } catch {
      const range = document.createRange();
      range.selectNodeContents(source);
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      document.execCommand("copy");
    }
    $("span", button).textContent = button.dataset.done;
    say(button.dataset.done);
  }

  /* --- the tour --- */
  const tour = $("#tour");
  if (tour) {
    const sections = all("section", tour), back = $("[data-tour-back]", tour), next = $("[data-tour-next]", tour), end = $("[data-tour-end]", tour);
    let at = Math.min(Number(tour.dataset.step) || 0, sections.length - 1);
    const show = () => {
      all(".tour-here").forEach((one) => one.classList.remove("tour-here"));
      sections.forEach((section, rank) => { section.hidden = rank !== at; });
      const here = $(`[data-tour="${sections[at].dataset.at}"]`) || $(`[data-tour="${sections[at].dataset.else}"]`);
      if (here) { here.classList.add("tour-here"); here.scrollIntoView({ block: "nearest" }); }
      back.hidden = at === 0;
      next.hidden = at === sections.length - 1;
      if (next.hidden) end.textContent = end.dataset.done;
    };
    const remember = (step) => {
      const data = new FormData($("form", tour));
      data.set("step", step);
      fetch(tour.dataset.url, { method: "POST", body: data, headers: { "HX-Request": "true" }, credentials: "same-origin" });
    };
    next.addEventListener("click", () => { at += 1; show(); remember(at); say($("h3", sections[at]).textContent); });
    back.addEventListener("click", () => { at -= 1; show(); remember(at); });
    $("form", tour).addEventListener("submit", (event) => { event.preventDefault(); remember(99); all(".tour-here").forEach((one) => one.classList.remove("tour-here")); tour.remove(); const rest = $("#content"); if (rest) rest.focus({ preventScroll: true }); });
    show();
  }

  prepare(document);
  if (rows) pulse.timer = setTimeout(() => pulse.beat(), 1500);
  document.addEventListener("visibilitychange", () => { if (!document.hidden && rows) pulse.soon(); });
})();
