// What only the page can do for the Python in the worker. See app/media/bridge.py for the words they use.
(() => {
  const channel = new BroadcastChannel("small-steps");
  const start = document.getElementById("start");
  const words = document.getElementById("start-words");
  const bar = document.getElementById("start-progress");
  const patience = 60_000; // ms
  let ready = false, stopped = false, steps = 0;

  const stop = (text) => {
    if (ready || stopped) return;
    stopped = true;
    words.textContent = text;
    start.classList.add("stopped");
    const again = Object.assign(document.createElement("button"), { type: "button", textContent: "Try again", id: "start-again" });
    again.onclick = () => location.reload();
    start.append(again);
  };
  const step = () => {
    steps += 1;
    if (stopped || ready) return;
    words.textContent = steps < 2 ? "Starting…" : "Opening your class…";
    bar.value = 1 + steps;
  };

  // -- starting -------------------------------------------------------------------------------------------------------
  if (!isSecureContext) {
    stop("This address starts with http, so this browser allows neither the camera nor safe storage. "
      + "Please open the school's https address. Nothing that was saved before is lost.");
    return;
  }
  const begin = (source) => {
    const script = Object.assign(document.createElement("script"), { src: source });
    script.onerror = () => stop("Small Steps could not be fetched. What was saved here is safe. Please check the Wi-Fi and try again.");
    document.body.append(script);
  };
  if ("serviceWorker" in navigator && !navigator.serviceWorker.controller) {
    words.textContent = "Getting ready… The first time on this device takes a little longer.";
  }
  addEventListener("flutter-first-frame", step, { once: true });
  addEventListener("small-steps-stopped", () => stop("Small Steps could not start. What was saved here is safe. Please try again."));
  const waiting = setTimeout(() => stop("This takes longer than it should. What was saved here is safe. You can wait, or try again."), patience);
  begin("flutter_bootstrap.js");

  const tell = (kind, more) => channel.postMessage({ kind, ...more });
  const how_things_stand = () => {
    tell("online", { value: navigator.onLine });
    tell("visible", { value: document.visibilityState === "visible" });
    navigator.storage?.persisted?.().then((value) => tell("persisted", { value }), () => {});
  };
  channel.onmessage = (event) => {
    if (event.data.kind === "python" && steps < 2) step();
    if (event.data.kind !== "ready") return;
    if (!ready) {
      ready = true;
      clearTimeout(waiting);
      start.classList.add("gone");
      setTimeout(() => start.remove(), 200);
      keep_offline();
    }
    how_things_stand();
  };

  // -- the network, the eye, and a lasting store ------------------------------------------------------------------------
  addEventListener("online", () => tell("online", { value: true }));
  addEventListener("offline", () => tell("online", { value: false }));
  // Hidden, the page draws no more: a curtain keeps the last picture from whoever looks through the open apps, or wakes the tablet.
  const curtain = Object.assign(document.createElement("div"), { id: "curtain", hidden: true });
  document.body.append(curtain);
  document.addEventListener("visibilitychange", () => {
    const seen = document.visibilityState === "visible";
    tell("visible", { value: seen });
    if (seen) setTimeout(() => { curtain.hidden = true; }, 400);
    else curtain.hidden = false;
  });
  let touched = 0; // ms: told every few seconds, not at each touch
  for (const kind of ["pointerdown", "keydown", "wheel"]) {
    addEventListener(kind, () => {
      if (Date.now() - touched < 3_000) return;
      touched = Date.now();
      tell("touched", { value: true });
    }, { capture: true, passive: true });
  }
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
    input.addEventListener("cancel", () => tell("picking", { value: false }));
    input.onchange = () => { tell("picking", { value: false }); for (const file of input.files) tell("file", { file, purpose: name }); input.value = ""; };
    document.body.append(input);
    inputs[name] = input;
  }
  document.addEventListener("click", (event) => {
    const marked = event.target.closest?.("[flt-semantics-identifier^='pick-']");
    const input = marked && inputs[marked.getAttribute("flt-semantics-identifier")];
    if (!input) return;
    tell("picking", { value: true });
    input.click();
  }, true);
  // Not every browser says that its file window was closed with nothing; a touch of the page does.
  addEventListener("pointerdown", () => tell("picking", { value: false }), { capture: true, passive: true });

  // -- the service worker: it fetches after the app has, and a new version waits for a yes -----------------------------------
  const box = document.getElementById("update");
  let fresh = null;
  const offer = (worker) => {
    if (!navigator.serviceWorker.controller) return;
    fresh = worker;
    box.hidden = false;
  };
  document.getElementById("update-later").onclick = () => { box.hidden = true; };
  document.getElementById("update-now").onclick = () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    fresh?.postMessage("update now");
  };
  let asked = false;
  function keep_offline() {
    if (asked || !("serviceWorker" in navigator)) return;
    asked = true;
    navigator.serviceWorker.register("/app/sw.js", { scope: "/app/", updateViaCache: "none" }).then((registration) => {
      if (registration.waiting) offer(registration.waiting);
      const follow = () => {
        const coming = registration.installing;
        coming?.addEventListener("statechange", () => { if (coming.state === "installed") offer(coming); });
      };
      follow();
      registration.addEventListener("updatefound", follow);
      const look = () => { if (document.visibilityState === "visible") registration.update().catch(() => {}); };
      addEventListener("online", look);
      document.addEventListener("visibilitychange", look);
      setInterval(look, 3_600_000);
    }, () => {});
  }
  // A version that never gets as far as ready must not lock out the one that mends it.
  setTimeout(keep_offline, patience);
})();
