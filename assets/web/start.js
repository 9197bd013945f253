// Settings that Flet's client reads, before anything else runs.
var flet = {
  pyodide: true, multiView: false, noCdn: true, webSocketEndpoint: "/none", entrypointBaseUrl: "/app/", assetBase: "/app/",
  routeUrlStrategy: "path", canvasKitBaseUrl: "/app/canvaskit/", pyodideUrl: "/app/pyodide/pyodide.mjs", webRenderer: "canvaskit",
  fontFallbackBaseUrl: "/app/assets/fonts/", appPackageUrl: "/app/app.tar.gz", pythonModuleName: "main", micropipIncludePre: false,
};
flet.flutterAppLoaded = new Promise((resolve) => { flet.flutterAppResolve = resolve; });

// Flutter dies on a language that is not one ("C", "en-US@posix"): it is given one that is.
{
  const good = (tag) => /^[a-z]{2,3}(-[a-z0-9]+)*$/i.test(tag || "");
  if (![navigator.language, ...(navigator.languages || [])].every(good)) {
    const tags = (navigator.languages || []).filter(good);
    if (!tags.length) tags.push("en-GB");
    Object.defineProperty(navigator, "language", { get: () => tags[0] });
    Object.defineProperty(navigator, "languages", { get: () => tags });
  }
}

// WebKit brings pages back from its back/forward cache with a frozen Flutter; the draft is kept, so start again.
addEventListener("pageshow", (event) => {
  if (event.persisted && (navigator.vendor || "").startsWith("Apple")) location.reload();
});
