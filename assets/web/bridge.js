// What only the page can do for the Python in the worker. See app/media/bridge.py for the words they use.
(() => {
  const channel = new BroadcastChannel("small-steps");
  const words = document.getElementById("start-words");
  const bar = document.getElementById("start-progress");
  const start = document.getElementById("start");
  let ready = false;

  const say = (text, step) => { if (words) words.textContent = text; if (bar && step !== undefined) bar.value = step; };
  const stop = (text) => {
    if (ready || !start) return;
    say(text);
    start.classList.add("stopped");
    if (start.querySelector("button")) return;
    const again = Object.assign(document.createElement("button"), { type: "button", textContent: "Try again" });
    again.onclick = () => location.reload();
    start.append(again);
  };

  // -- starting -------------------------------------------------------------------------------------------------------
  if (!isSecureContext) {
    stop("This address is not secure (http), so the browser allows neither the camera nor safe storage. Please open the school's https address.");
  }
  say("Starting…", 1);
  addEventListener("flutter-first-frame", () => say("Opening your class…", 3), { once: true });
  addEventListener("error", (event) => { if (event.target === window) stop("Small Steps could not start. What is saved here is safe."); });
  const patience = setTimeout(() => stop("This takes longer than it should. What is saved here is safe."), 60_000);

  const tell = (kind, more) => channel.postMessage({ kind, ...more });
  const how_things_stand = () => {
    tell("online", { value: navigator.onLine });
    tell("visible", { value: document.visibilityState === "visible" });
    if (navigator.storage?.persisted) navigator.storage.persisted().then((value) => tell("persisted", { value }), () => {});
  };
  channel.onmessage = (event) => {
    if (event.data.kind !== "ready") return;
    if (!ready) {
      ready = true;
      clearTimeout(patience);
      start?.classList.add("gone");
      setTimeout(() => start?.remove(), 200);
    }
    how_things_stand();
  };

  // -- the network, the eye, and a lasting store ------------------------------------------------------------------------
  addEventListener("online", () => tell("online", { value: true }));
  addEventListener("offline", () => tell("online", { value: false }));
  document.addEventListener("visibilitychange", () => tell("visible", { value: document.visibilityState === "visible" }));
  addEventListener("pointerup", () => {
    navigator.storage?.persist?.().then((value) => tell("persisted", { value }), () => {});
  }, { once: true, capture: true });

  // -- screen readers (and tests) see the controls from the start ---------------------------------------------------------
  const seen = new MutationObserver(() => {
    const placeholder = document.querySelector("flt-semantics-placeholder");
    if (placeholder) { placeholder.click(); seen.disconnect(); }
  });
  seen.observe(document.documentElement, { childList: true, subtree: true });

  // -- pictures from the device: the input opens inside the person's own tap ----------------------------------------------
  const inputs = {};
  for (const [name, capture] of [["pick-photo", ""], ["pick-camera", "environment"]]) {
    const input = Object.assign(document.createElement("input"), { type: "file", accept: "image/*", hidden: true, id: name });
    if (capture) input.setAttribute("capture", capture);
    input.onchange = () => { for (const file of input.files) tell("file", { file }); input.value = ""; };
    document.body.append(input);
    inputs[name] = input;
  }
  document.addEventListener("click", (event) => {
    const marked = event.target.closest?.("[flt-semantics-identifier^='pick-']");
    if (marked) inputs[marked.getAttribute("flt-semantics-identifier")]?.click();
  }, true);

  // -- the service worker: a new version waits for a yes --------------------------------------------------------------------
  if ("serviceWorker" in navigator) {
    const box = document.getElementById("update");
    let asked = null;
    const offer = (worker) => {
      if (!navigator.serviceWorker.controller) return;
      asked = worker;
      box.hidden = false;
    };
    document.getElementById("update-later").onclick = () => { box.hidden = true; };
    document.getElementById("update-now").onclick = () => {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      asked?.postMessage("update now");
    };
    navigator.serviceWorker.register("/app/sw.js", { scope: "/app/", updateViaCache: "none" }).then((registration) => {
      if (registration.waiting) offer(registration.waiting);
      registration.addEventListener("updatefound", () => {
        const fresh = registration.installing;
        fresh.addEventListener("statechange", () => { if (fresh.state === "installed") offer(fresh); });
      });
      addEventListener("online", () => registration.update().catch(() => {}));
    }, () => {});
  }
})();
